import {
  bytesToId,
  practiceHead,
  randomBytes,
  weekOf,
  ZERO_ID,
  type DeviceId,
  type FileId,
  type MemberId,
  type OrderBody,
  type OrderKind,
  type Place,
  type Purpose,
  type ReleaseAnswer,
  type Role,
} from "@sinetti/core";
import { generateKemKey, openReleaseAnswer } from "@sinetti/core/secret";

import {
  TestPractice,
  testMember,
  type TestFile,
  type TestMember,
} from "../../../tools/testPractice.ts";
import type { Signer, TestGate } from "./testGate.ts";

/** A practice that was created at a test gate, with its members' devices. */
export class GatePractice extends TestPractice {
  readonly at: TestGate;

  private constructor(at: TestGate, founderRoles: Role[]) {
    super({ founderRoles, week: weekOf(at.clock.now()), gate: at.keys.service });
    this.at = at;
  }

  static async create(
    at: TestGate,
    founderRoles: Role[] = ["therapist", "admin", "privacy"],
  ): Promise<GatePractice> {
    const practice = new GatePractice(at, founderRoles);
    await at.call(practice.signer(practice.founder), "practiceCreate", {
      genesis: practice.genesis,
      code: at.readCode(),
    });
    return practice;
  }

  signer(member: TestMember): Signer {
    return {
      practice: this.id,
      author: { by: "device", id: member.device },
      key: member.request,
    };
  }

  /** Sequences an order at the gate, and then here. */
  async give<K extends OrderKind>(
    by: TestMember,
    kind: K,
    { body, approvedBy = [] }: { body: OrderBody<K>; approvedBy?: TestMember[] },
  ): Promise<void> {
    const order = this.order(by, kind, body as Parameters<typeof this.order<K>>[2]);
    await this.sequence(by, order, approvedBy);
  }

  /** Sequences a signed order at the gate, and then here. */
  async sequence(by: TestMember, order: Uint8Array, approvedBy: TestMember[] = []): Promise<void> {
    this.week = Math.max(this.week, weekOf(this.at.clock.now()));
    const approvals = approvedBy.map((member) => this.approval(member, order));
    const statement = this.statement(by, order, approvals);
    await this.at.call(this.signer(by), "practiceSubmit", { statements: [statement] });
    this.apply(statement);
  }

  /** A new member with one device. */
  async hire(roles: Role[], approvedBy: TestMember[] = []): Promise<TestMember> {
    const member = testMember(roles);
    await this.give(this.founder, "member.add", { body: introductionOf(member), approvedBy });
    return member;
  }

  /** Creates files at the gate. */
  async store(by: TestMember, files: TestFile[]): Promise<void> {
    await this.at.call(this.signer(by), "accessSubmit", {
      items: files.map(({ statement, share }) => ({ statement, share })),
    });
  }

  /** Asks for gate halves and opens the answer. */
  async release(
    by: TestMember,
    files: readonly FileId[],
    { purpose = "session", record = null }: { purpose?: Purpose; record?: Place | null } = {},
  ): Promise<ReleaseAnswer> {
    const ephemeral = generateKemKey();
    const { sealed, requestHash } = await this.at.call(this.signer(by), "release", {
      purpose,
      items: files.map((file) => ({ file, epoch: 1, record })),
      ephemeral: ephemeral.publicKey,
      seen: practiceHead(this.state),
    });
    return openReleaseAnswer(ephemeral, requestHash, sealed);
  }

  /** What the gate said of each file. */
  async outcomes(
    by: TestMember,
    files: readonly FileId[],
    options: { purpose?: Purpose } = {},
  ): Promise<string[]> {
    const { items } = await this.release(by, files, options);
    return items.map(({ outcome }) => outcome);
  }
}

/** A member as an order introduces them. */
export function introductionOf(member: TestMember): OrderBody<"member.add"> {
  return {
    member: member.member,
    roles: member.roles,
    key: member.kem.publicKey,
    kit: member.kit.publicKey,
    device: deviceOf(member),
  };
}

/** The public halves of a member's device. */
export function deviceOf(member: TestMember): OrderBody<"device.add">["device"] {
  return {
    device: member.device,
    statementKey: member.statement.publicKey,
    requestKey: member.request.publicKey,
  };
}

/** A fresh id. */
export function randomId<I extends DeviceId | FileId | MemberId>(): I {
  return bytesToId<I>(randomBytes(16));
}

/** The id of zeros, which no file has. */
export const NO_FILE = ZERO_ID as FileId;
