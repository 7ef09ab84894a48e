import { grantFiles, memberGrant, revokeGrant, type KnownFile } from "@sinetti/client";
import {
  RIGHTS,
  epochAt,
  readStatement,
  sha256,
  weekOf,
  type Secret,
  type Signed,
} from "@sinetti/core";
import { generateHalves, sealWrap } from "@sinetti/core/secret";
import {
  gateEncryptionKey,
  sealShare,
  signAcceptance,
  signKeyFromSeed,
} from "@sinetti/core/service";
import { randomBytes } from "@sinetti/core";
import type { Sql } from "postgres";

import {
  countAttempts,
  judge,
  seeFile,
  seeFiles,
  type Attempt,
  type AttemptYields,
  type Outcome,
  type Seen,
} from "./attempt.ts";
import { countOpened, tryKey, unsealHalves, type DumpedFile } from "./dumpedFile.ts";
import { forgeAccess, forgeAppend } from "./forgedStatements.ts";
import { dumpAll } from "./formerMember.ts";
import { withRowsKept, type KeptRows } from "./keptRows.ts";
import { forgeMember, judgePractice } from "./practiceLies.ts";
import { idBytes, report, writeMore, writeRecords, type Stage } from "./stage.ts";
import { RECORD_TABLES, VAULT_LIES } from "./vaultLies.ts";

/** What every server password together gives. */
export interface AdministratorYields extends AttemptYields {
  /**
   * A record put back at the vault, and at the gate what readers had reported of it: what a fresh device makes of it, and what
   * one makes of it once a device that remembers more has opened it again.
   */
  readonly rolledBack: { readonly fresh: Outcome; readonly onceRemembered: Outcome };
  /** A member whose grant was taken back, helped with their old wraps and both halves: documented, and not claimed. */
  readonly helped: {
    readonly beforeNextWrite: { readonly entries: number; readonly opened: number };
    readonly afterNextWrite: { readonly entries: number; readonly opened: number };
  };
}

interface Target {
  readonly file: KnownFile;
  readonly honest: readonly Seen[];
}
interface Passwords {
  readonly what: Sql;
  readonly gate: Sql;
  readonly gateKey: Secret<"sign">;
  readonly encryption: Secret<"gate-encryption-key">;
}

const GATE_TABLES = ["files", "access_links", "shares", "holdings"] as const;

const keptOf = (sql: Sql, tables: readonly string[], file: KnownFile): KeptRows[] =>
  tables.map((table) => ({ table, where: sql`file = ${idBytes(file.file)}` }));

/** Keeps one record in both databases, and every acceptance that comes beside. */
function withBothKept<T>(
  { what, gate }: Passwords,
  { file }: Target,
  work: () => Promise<T>,
): Promise<T> {
  const acceptances = (sql: Sql): KeptRows => ({ table: "acceptances", where: sql`true` });
  const atVault = [...keptOf(what, RECORD_TABLES, file), acceptances(what)];
  const atGate = [...keptOf(gate, GATE_TABLES, file), acceptances(gate)];
  return withRowsKept(what, atVault, () => withRowsKept(gate, atGate, work));
}

/** A forged statement with the gate's true word on it, in every row of both that names the chain. */
async function addAccess(
  stage: Stage,
  { what, gate, gateKey }: Passwords,
  { file, kind }: { file: KnownFile; kind: "grant" | "renew" },
): Promise<void> {
  const signed: Signed = forgeAccess(
    { file, owner: stage.owner.client, stranger: stage.colleague.client },
    kind,
  );
  const { hash, statement } = readStatement(signed);
  const { practice } = file.access;
  const items = [
    { chain: "access" as const, id: file.file, seq: statement.seq, hash, share: null },
  ];
  const week = weekOf(Math.floor(Date.now() / 1000));
  const acceptance = Buffer.from(signAcceptance({ practice, week, items }, gateKey));
  const name = Buffer.from(sha256(acceptance));
  const own = { practice: idBytes(practice), file: idBytes(file.file) };
  await what`insert into acceptances (practice, hash, acceptance) values (${own.practice}, ${name}, ${acceptance})`;
  await what`insert into access_links (practice, file, seq, hash, statement, acceptance)
    values (${own.practice}, ${own.file}, ${statement.seq}, ${idBytes(hash)}, ${Buffer.from(signed)}, ${name})`;
  await what`update files set access_seq = ${statement.seq}, access_hash = ${idBytes(hash)} where file = ${own.file}`;
  await gate`insert into acceptances (practice, id, signed) values (${own.practice}, ${name}, ${acceptance})`;
  await gate`insert into access_links (practice, file, seq, statement, acceptance)
    values (${own.practice}, ${own.file}, ${statement.seq}, ${Buffer.from(signed)}, ${name})`;
  await gate`update files set access_seq = ${statement.seq} where file = ${own.file}`;
}

/** An entry that the vault holds and of which the gate says that a reader has reported it. */
async function addEntry(stage: Stage, { what, gate }: Passwords, file: KnownFile): Promise<void> {
  const { statement, box, entry } = forgeAppend({ file, owner: stage.owner.client });
  const {
    hash,
    statement: { seq },
  } = readStatement(statement);
  const practice = idBytes(file.access.practice);
  const id = idBytes(file.file);
  await what`insert into record_links (practice, file, seq, hash, statement, bytes)
    values (${practice}, ${id}, ${seq}, ${idBytes(hash)}, ${Buffer.from(statement)}, ${statement.length + box.length})`;
  await what`insert into entries (practice, file, entry, seq, position, box)
    values (${practice}, ${id}, ${idBytes(entry)}, ${seq}, 0, ${Buffer.from(box)})`;
  await what`update files set record_seq = ${seq}, record_hash = ${idBytes(hash)} where file = ${id}`;
  await gate`update files set record_seq = ${seq}, record_hash = ${idBytes(hash)} where file = ${id}`;
}

/** Both halves of the thief's own choice, so that the key of the record would be theirs. */
async function swapBothHalves(
  { owner }: Stage,
  { what, gate, encryption }: Passwords,
  file: KnownFile,
): Promise<void> {
  const { practice, compartment } = file.access;
  const { epoch } = epochAt(file.access);
  const newest = owner.client.practice.members[owner.client.member]?.keys.at(-1);
  if (newest === undefined) throw new TypeError("the owner has a key");
  const subject = { type: "member" as const, id: owner.client.member };
  const wrap = sealWrap(
    generateHalves().member,
    { subject, keyVersion: newest.version, key: newest.key },
    { practice, file: file.file, epoch, compartment },
  );
  const sealed = Buffer.from(
    sealShare(encryption, { practice, file: file.file, epoch }, randomBytes(32)),
  );
  const at = idBytes(file.file);
  await what`update wraps set batch = null, sealed = ${Buffer.from(wrap.sealed)}
    where file = ${at} and subject = ${idBytes(owner.client.member)}`;
  await what`update shares set sealed = ${sealed} where file = ${at} and epoch = ${epoch}`;
  await gate`update shares set sealed = ${sealed} where file = ${at} and epoch = ${epoch}`;
}

async function tellOfRecord(
  stage: Stage,
  passwords: Passwords,
  target: Target,
): Promise<Attempt[]> {
  const { file, honest } = target;
  const lies: Readonly<Record<string, () => Promise<void>>> = {
    "a grant to a stranger with the gate's true word on it": () =>
      addAccess(stage, passwords, { file, kind: "grant" }),
    "a longer grant with the gate's true word on it": () =>
      addAccess(stage, passwords, { file, kind: "renew" }),
    "an entry that the gate says a reader has seen": () => addEntry(stage, passwords, file),
    "both halves of a key of their own": () => swapBothHalves(stage, passwords, file),
  };
  const attempts: Attempt[] = [];
  for (const [name, tell] of Object.entries(lies))
    await withBothKept(passwords, target, async () => {
      await tell();
      const named = (await stage.check()).broken.some((each) => each.file === file.file);
      const look = async () => seeFiles(await stage.owner.fresh.start(), [file]);
      attempts.push({ name: `both: ${name}`, outcome: await judge(look, honest), named });
    });
  return attempts;
}

/** A member whom nobody has signed for, in all three chains, with the gate's true word. */
async function tellOfPractice(stage: Stage, { gateKey }: Passwords): Promise<Attempt> {
  const { client } = stage.owner;
  await client.context.practice.sync(client.context.services);
  const { statement, acceptance } = forgeMember({ owner: client, gateKey });
  const {
    hash,
    statement: { seq },
  } = readStatement(statement);
  const { who, what, gate } = stage.system.databases;
  const row = {
    practice: idBytes(client.practice.practice),
    seq,
    hash: idBytes(hash),
    statement: Buffer.from(statement),
    acceptance: Buffer.from(acceptance),
  };
  const kept = (sql: Sql): KeptRows[] => [{ table: "practice_links", where: sql`true` }];
  return withRowsKept(who, kept(who), () =>
    withRowsKept(what, kept(what), () =>
      withRowsKept(gate, kept(gate), async () => {
        for (const sql of [who, what]) await sql`insert into practice_links ${sql(row)}`;
        const at = { ...row, accepted_at: Math.floor(Date.now() / 1000) };
        await gate`insert into practice_links ${gate(at)}`;
        const named = (await stage.check()).broken.some(({ table }) => table === "practice_links");
        const outcome = await judgePractice(stage.owner, "gate");
        return { name: "all: a member whom nobody has signed for", outcome, named };
      }),
    ),
  );
}

/** Vault and gate as they were before the last appends: what no device remembers is not missed. */
async function rollBack(
  stage: Stage,
  passwords: Passwords,
  target: Target,
): Promise<{ rolledBack: AdministratorYields["rolledBack"]; attempt: Attempt }> {
  const { file, honest } = target;
  const { owner, colleague } = stage;
  const older = VAULT_LIES.find(
    ({ name }) => name === "the whole record as it was in the beginning",
  );
  const [beginning] = file.links;
  if (older === undefined || beginning === undefined)
    throw new RangeError("a record has a beginning");
  const look = async () => seeFiles(await owner.fresh.start(), [file]);
  return withBothKept(passwords, target, async () => {
    const people = { owner: owner.client, stranger: colleague.client };
    await older.tell({ sql: passwords.what, file, other: file, ...people });
    await passwords.gate`update files set record_seq = 0, record_hash = ${idBytes(beginning.link.hash)}
      where file = ${idBytes(file.file)}`;
    const named = (await stage.check()).broken.some((each) => each.file === file.file);
    const fresh = await judge(look, honest);
    // A device that remembers more opens the record: the gate hears of it again.
    owner.client.lock();
    await judge(() => seeFiles(owner.client, [file]), honest);
    const onceRemembered = await judge(look, honest);
    const attempt = { name: "both: the record as it was in the beginning", outcome: fresh, named };
    return { rolledBack: { fresh, onceRemembered }, attempt };
  });
}

/** Helps a member whose grant was taken back: their old wraps, their own key, and the gate's halves. */
async function helpRevoked(
  stage: Stage,
  { gate, encryption }: Passwords,
): Promise<AdministratorYields["helped"]> {
  const { owner, colleague } = stage;
  const files = await writeRecords(owner, 2);
  const wish = { member: colleague.client.member, rights: RIGHTS.read, reason: "care" as const };
  await grantFiles(owner.client.context, files, memberGrant(owner.client.context, wish));
  const wraps = await dumpAll(stage, files);
  for (const file of files)
    await revokeGrant(owner.client.context, file, { type: "member", id: colleague.client.member });
  const own = colleague.client.context.device.memberKey(1);
  const count = async (dumped: readonly DumpedFile[], from: readonly number[]) => {
    let opened = 0;
    let entries = 0;
    for (const [index, each] of dumped.entries()) {
      const old = wraps[index];
      if (old === undefined) continue;
      const first = from[index] ?? 0;
      const stolen = {
        ...each,
        wraps: [...each.wraps, ...old.wraps],
        batchKeys: [...each.batchKeys, ...old.batchKeys],
      };
      const halves = await unsealHalves(gate, encryption, each);
      opened += countOpened(stolen, tryKey(stolen, own, halves), first);
      entries += each.entries.filter(({ seq }) => seq >= first).length;
    }
    return { entries, opened };
  };
  const before = await dumpAll(stage, files);
  const beforeNextWrite = await count(before, []);
  const firstNew = before.map(({ entries }) => 1 + Math.max(...entries.map(({ seq }) => seq)));
  await writeMore(owner.client, files);
  const afterNextWrite = await count(await dumpAll(stage, files), firstNew);
  return { beforeNextWrite, afterNextWrite };
}

/** T9: every server password at once, on one record. */
export async function robAsAdministrator(stage: Stage): Promise<AdministratorYields> {
  const { owner, system } = stage;
  const keys = system.gateKeys();
  const passwords: Passwords = {
    what: system.databases.what,
    gate: system.databases.gate,
    gateKey: signKeyFromSeed(Uint8Array.from(keys.service)).secret,
    encryption: gateEncryptionKey(keys.encryption),
  };
  const [file] = await writeRecords(owner, 1);
  if (file === undefined) throw new RangeError("one record is written");
  await writeMore(owner.client, [file]);
  await writeMore(owner.client, [file]);
  await report(owner, [file]);
  const target: Target = { file, honest: [seeFile(owner.client, file)] };
  const list = [
    ...(await tellOfRecord(stage, passwords, target)),
    await tellOfPractice(stage, passwords),
  ];
  const { rolledBack, attempt } = await rollBack(stage, passwords, target);
  const helped = await helpRevoked(stage, passwords);
  return { ...countAttempts([...list, attempt]), rolledBack, helped };
}
