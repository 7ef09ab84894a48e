import {
  VAULT_ROUTES,
  accessHead,
  epochAt,
  applyAccessStatement,
  hashWraps,
  practiceHead,
  readStatement,
  startAccess,
  startRecord,
  type AccessBody,
  type AccessKind,
  type AccessState,
  type Compartment,
  type Place,
  type RecordState,
  type Signed,
} from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";

import type { TestFile, TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { deviceOf, type Reply, type Sent, type TestVault } from "./testVault.ts";

type CreateOptions = Parameters<TestPractice["createFile"]>[2];

/** A file as its writer knows it: its chains folded up to what the vault took. */
export interface KeptFile extends TestFile {
  readonly access: AccessState;
  record: RecordState;
}

/** Requests of one practice to one vault. */
export class TestDesk {
  readonly vault: TestVault;
  readonly practice: TestPractice;

  constructor(vault: TestVault, practice: TestPractice) {
    this.vault = vault;
    this.practice = practice;
  }

  as(member: TestMember): Sent {
    return { practice: this.practice.id, signer: deviceOf(member) };
  }

  stage(by: TestMember, files: readonly TestFile[]): Promise<Reply<object>> {
    const items = files.map(({ link, wraps }) => ({ statement: link.hash, wraps }));
    return this.vault.send(VAULT_ROUTES.wrapsStage, { items, batchKeys: [] }, this.as(by));
  }

  take(by: TestMember, statements: Signed[]): Promise<Reply<object>> {
    const acceptances = [this.practice.acceptAccess(statements)];
    const shares = this.practice.sharesAtRest(statements);
    const request = { statements, acceptances, shares };
    return this.vault.send(VAULT_ROUTES.accessTake, request, this.as(by));
  }

  /** Creates a file and brings it all the way into the vault. */
  async keep(
    by: TestMember,
    compartment: Compartment,
    options: CreateOptions = {},
  ): Promise<KeptFile> {
    const file = this.practice.createFile(by, compartment, options);
    await this.stage(by, [file]);
    const reply = await this.take(by, [file.statement]);
    if (!reply.ok) throw new Error(reply.problem.code);
    return { ...file, ...this.fold(file) };
  }

  fold(file: TestFile): { access: AccessState; record: RecordState } {
    const access = startAccess(file.link, {
      practice: this.practice.state,
      week: this.practice.week,
    });
    return { access, record: startRecord(this.practice.id, file.file) };
  }

  /** The next statement of the file's access chain, folded into what the writer knows. */
  access<K extends AccessKind>(
    by: TestMember,
    file: KeptFile,
    { kind, body }: { kind: K; body: Omit<AccessBody<K>, "seen"> },
  ): Signed {
    const { id: practice, state } = this.practice;
    const signed = signAccessStatement(
      { practice, file: file.file, device: by.device, head: accessHead(file.access) },
      { kind, body: { seen: practiceHead(state), ...body } as AccessBody<K> },
      by.statement.secret,
    );
    const context = { practice: state, week: this.practice.week };
    applyAccessStatement(file.access, readStatement(signed), context);
    return signed;
  }

  /** Grants the file to one more member, with the wrap that the grant needs. */
  async grant(
    by: TestMember,
    file: KeptFile,
    grant: ReturnType<TestPractice["grant"]>,
  ): Promise<string> {
    const sealed = file.wraps[0]?.sealed ?? new Uint8Array();
    const { subject, keyVersion } = grant;
    const wraps = [{ subject, keyVersion, batch: null, sealed }];
    const body = { grant, epoch: epochAt(file.access).epoch, wraps: hashWraps(wraps) };
    const signed = this.access(by, file, { kind: "grant", body });
    const items = [{ statement: accessHead(file.access).hash, wraps }];
    await this.vault.done(VAULT_ROUTES.wrapsStage, { items, batchKeys: [] }, this.as(by));
    return outcomeOf(await this.take(by, [signed]));
  }

  /** An append after what the writer knows. */
  append(
    by: TestMember,
    file: KeptFile,
    bodies: Uint8Array[] = [new Uint8Array(40)],
  ): { statement: Signed; boxes: Uint8Array[] } {
    return this.practice.append(by, file, { access: file.access, record: file.record, bodies });
  }

  /** Sends appends; what the writer knows moves on when they are taken. */
  async send(
    by: TestMember,
    appends: { statement: Signed; boxes: Uint8Array[] }[],
  ): Promise<Reply<object>> {
    return this.vault.send(VAULT_ROUTES.recordAppend, { appends }, this.as(by));
  }

  /** Writes one entry and moves the writer's knowledge on. */
  async write(by: TestMember, file: KeptFile, bodies?: Uint8Array[]): Promise<Reply<object>> {
    const append = this.append(by, file, bodies);
    const reply = await this.send(by, [append]);
    if (reply.ok) {
      file.record = { ...file.record, head: placeOf(append.statement) };
    }
    return reply;
  }

  open(by: TestMember, files: readonly TestFile[], boxes = true) {
    const items = files.map(({ file }) => ({ file, access: 0, record: 0 }));
    return this.vault.send(VAULT_ROUTES.fileOpen, { items, boxes }, this.as(by));
  }
}

/** The place that a statement takes. */
export function placeOf(signed: Signed): Place {
  const { statement, hash } = readStatement(signed);
  return { seq: statement.seq, hash };
}

/** `ok`, or the code of the refusal, with the index of the item where there is one. */
export function outcomeOf<A>(reply: Reply<A>): string {
  if (reply.ok) return "ok";
  const { code, index } = reply.problem;
  return index === undefined ? code : `${code} ${index}`;
}
