import type { KnownFile, World } from "@sinetti/client";
import { GATE_ROUTES, epochAt, randomBytes } from "@sinetti/core";
import { generateKemKey } from "@sinetti/core/secret";
import { gateEncryptionKey, sealShare, signKeyFromSeed } from "@sinetti/core/service";

import {
  countAttempts,
  judge,
  seeFile,
  seeFiles,
  type Attempt,
  type AttemptYields,
} from "./attempt.ts";
import { countOpened, dumpFile, tryKey, unsealHalves, type DumpedFile } from "./dumpedFile.ts";
import { answerOtherwise } from "./freshDevice.ts";
import { forgetBudget, tellLog, type ForgottenBudget, type LogYields } from "./gateLog.ts";
import { liftFreeze, releaseToStranger, type Victim } from "./gateStrangers.ts";
import { withRowsKept } from "./keptRows.ts";
import { PRACTICE_LIES, judgePractice } from "./practiceLies.ts";
import { idBytes, report, writeMore, writeRecords, type Stage } from "./stage.ts";

/** What root on the gate gets, live, with every dump of the vaults beside it. */
export interface HostileGateYields extends AttemptYields {
  /** Halves that its own key unsealed, of how many at rest. */
  readonly halves: number;
  readonly halvesAtRest: number;
  /** Records tried with the halves and dumps, and entries that opened. */
  readonly records: number;
  readonly opened: number;
  /** Halves that the gate released to somebody whom its own rows alone name a holder. */
  readonly releasedToStranger: number;
  /** Releases to a frozen member after the freeze was taken out of its rows, and records that the vaults then gave them. */
  readonly releasedToFrozen: number;
  readonly openedByFrozen: number;
  readonly log: LogYields;
  readonly budget: ForgottenBudget;
  /** With the owner's own key by the same path. */
  readonly control: { readonly opened: number; readonly of: number };
}

const MOST_RECORDS = 100;

/** Unseals every half, and tries each record of the dumps with each key that root has or can make. */
async function unsealAll(
  { system, owner, colleague }: Stage,
  files: readonly KnownFile[],
): Promise<Pick<HostileGateYields, "halves" | "halvesAtRest" | "records" | "opened" | "control">> {
  const { gate, who, what } = system.databases;
  const encryption = gateEncryptionKey(system.gateKeys().encryption);
  const rows = await gate<{ file: Buffer }[]>`select distinct file from shares order by file`;
  const [count] = await gate<{ halves: number }[]>`select count(*)::float8 as halves from shares`;
  // Root's own key, and that of a member who helps; what a member holds is no theft.
  const thieves = [
    { key: generateKemKey(), member: null },
    { key: colleague.client.context.device.memberKey(1), member: colleague.client.member },
  ];
  const own = owner.client.context.device.memberKey(1);
  const isOwn = new Set<string>(files.map(({ file }) => file));
  const found = { halves: 0, records: 0, opened: 0, control: { opened: 0, of: 0 } };
  for (const { file } of rows) {
    const id = file.toString("hex");
    const practice = owner.client.practice.practice;
    const halves = await unsealHalves(gate, encryption, {
      practice,
      file: id as KnownFile["file"],
    });
    found.halves += halves.size;
    if (found.records >= MOST_RECORDS && !isOwn.has(id)) continue;
    const dumped: DumpedFile | null = (await dumpFile(what, id)) ?? (await dumpFile(who, id));
    if (dumped === null) continue;
    found.records++;
    for (const { key, member } of thieves) {
      const isTheirs = dumped.wraps.some(({ subject }) => subject.id === member);
      if (!isTheirs) found.opened += countOpened(dumped, tryKey(dumped, key, halves));
    }
    if (!isOwn.has(id)) continue;
    found.control.opened += countOpened(dumped, tryKey(dumped, own, halves));
    found.control.of += dumped.entries.length;
  }
  return { ...found, halvesAtRest: count?.halves ?? 0 };
}

/** Lies in the gate's rows about one record. */
async function tellRows(stage: Stage, { file, honest }: Victim): Promise<Attempt[]> {
  const sql = stage.system.databases.gate;
  const at = sql`file = ${idBytes(file.file)}`;
  const { practice } = file.access;
  const { epoch } = epochAt(file.access);
  const key = gateEncryptionKey(stage.system.gateKeys().encryption);
  const lies = [
    {
      name: "another half in the place of the true one",
      tell: () => {
        const sealed = sealShare(key, { practice, file: file.file, epoch }, randomBytes(32));
        return sql`update shares set sealed = ${Buffer.from(sealed)} where ${at}`;
      },
    },
    {
      name: "a head further than the record has come",
      tell: () =>
        sql`update files set record_seq = 90, record_hash = ${randomBytes(32)} where ${at}`,
    },
    {
      name: "another history of the record than readers have seen",
      tell: () => sql`update files set record_hash = ${randomBytes(32)} where ${at}`,
    },
  ];
  const attempts: Attempt[] = [];
  const kept = ["files", "shares"].map((table) => ({ table, where: at }));
  for (const { name, tell } of lies)
    await withRowsKept(sql, kept, async () => {
      await tell();
      const named = (await stage.check()).broken.some((each) => each.file === file.file);
      const look = async () => seeFiles(await stage.owner.fresh.start(), [file]);
      attempts.push({ name: `gate: ${name}`, outcome: await judge(look, honest), named });
    });
  return attempts;
}

/** Lies in the gate's answers. */
async function tellOnWire(stage: Stage, { file, honest }: Victim): Promise<Attempt[]> {
  const place = { endpoint: stage.system.endpoints.gate, route: GATE_ROUTES.release };
  const through = (fetch: World["fetch"]) => async () =>
    seeFiles(await stage.owner.fresh.start({ fetch }), [file]);
  let first: { sealed: Uint8Array; receipt: Uint8Array } | null = null;
  const { fetch } = stage.owner.world;
  const keep = answerOtherwise(fetch, place, (answer) => {
    first = answer;
    return answer;
  });
  await through(keep)();
  const lies = {
    "another sealed answer": answerOtherwise(fetch, place, (answer) => ({
      ...answer,
      sealed: flipLast(answer.sealed),
    })),
    "a receipt that another key has signed": answerOtherwise(fetch, place, (answer) => ({
      ...answer,
      receipt: flipLast(answer.receipt),
    })),
    "the answer to an earlier request": answerOtherwise(fetch, place, (answer) => first ?? answer),
  };
  const attempts: Attempt[] = [];
  for (const [name, lying] of Object.entries(lies))
    attempts.push({
      name: `gate, on the wire: ${name}`,
      outcome: await judge(through(lying), honest),
      named: null,
    });
  return attempts;
}

function flipLast(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
}

async function tellOfPractice(stage: Stage): Promise<Attempt[]> {
  const sql = stage.system.databases.gate;
  const { client } = stage.owner;
  await client.context.practice.sync(client.context.services);
  // Root has the gate's true key, so its acceptance holds.
  const gateKey = signKeyFromSeed(Uint8Array.from(stage.system.gateKeys().service)).secret;
  const attempts: Attempt[] = [];
  for (const { name, tell } of PRACTICE_LIES)
    await withRowsKept(sql, [{ table: "practice_links", where: sql`true` }], async () => {
      await tell({ sql, owner: client, gateKey });
      const named = (await stage.check()).broken.some(({ table }) => table === "practice_links");
      attempts.push({
        name: `gate: ${name}`,
        outcome: await judgePractice(stage.owner, "gate"),
        named,
      });
    });
  return attempts;
}

/** T8: root on the gate, live, against real clients. */
export async function robGateLive(stage: Stage): Promise<HostileGateYields> {
  const { owner, colleague } = stage;
  const files = await writeRecords(owner, 2);
  await writeMore(owner.client, files);
  await report(owner, files);
  const [first] = files;
  if (first === undefined) throw new RangeError("records are written");
  const victim: Victim = { file: first, honest: [seeFile(owner.client, first)] };
  const theirs = await writeRecords(colleague, 2);
  await report(colleague, theirs);
  const unsealed = await unsealAll(stage, files);
  const stranger = await releaseToStranger(stage, victim);
  const list = [
    ...(await tellOnWire(stage, victim)),
    ...(await tellRows(stage, victim)),
    ...(await tellOfPractice(stage)),
    stranger.attempt,
  ];
  // A release of the colleague's own, and lines behind it, so that something has to be hashed anew.
  await report(colleague, theirs);
  await report(owner, files);
  const log = await tellLog(stage);
  const budget = await forgetBudget(stage);
  const lifted = await liftFreeze(stage);
  return {
    ...countAttempts([...list, lifted.attempt]),
    ...unsealed,
    releasedToStranger: stranger.released,
    releasedToFrozen: lifted.released,
    openedByFrozen: lifted.opened,
    log,
    budget,
  };
}
