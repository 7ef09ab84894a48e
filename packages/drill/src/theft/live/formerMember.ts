import {
  giveOrder,
  grantFiles,
  listGranted,
  memberGrant,
  openFiles,
  readBudget,
  readDrafts,
  reconcile,
  type KnownFile,
} from "@sinetti/client";
import { RIGHTS } from "@sinetti/core";

import { countOpened, dumpFile, tryKey, type DumpedFile, type FileKeys } from "./dumpedFile.ts";
import { emptyRequests, keepRequests, sendAgain, type MadeRequest } from "./signedRequests.ts";
import { report, writeMore, writeRecords, type Stage } from "./stage.ts";

/** What a former member gets with the old device, its keys, and a dump of both vaults. */
export interface FormerYields {
  /** Requests to the gate and both vaults that were signed and sent after they had left. */
  readonly requests: number;
  readonly refused: number;
  /** Of these, requests that were answered while they belonged to the practice. */
  readonly onceAnswered: number;
  /** Entries that were written after they had left. */
  readonly after: { readonly entries: number; readonly opened: number };
  /** Entries from before: with the keys of the records that they opened, if their program kept them; and by the locked device alone. */
  readonly before: {
    readonly entries: number;
    readonly openedByKeptKeys: number;
    readonly openedByDevice: number;
  };
  /** Of the entries after, what the writer's own keys open by the same path. */
  readonly control: { readonly opened: number; readonly of: number };
}

const RECORDS = 3;
const NO_HALVES: ReadonlyMap<number, Uint8Array> = new Map();

/** Dumps of records, in their order. */
export async function dumpAll(stage: Stage, files: readonly KnownFile[]): Promise<DumpedFile[]> {
  const dumped: DumpedFile[] = [];
  for (const { file, vault } of files) {
    const found = await dumpFile(stage.system.databases[vault], file);
    if (found === null) throw new TypeError("the vault holds what was written");
    dumped.push(found);
  }
  return dumped;
}

/** Whatever a member does on a day, kept request by request; gives the keys that their program could have kept. */
async function workAndKeep(
  { leaver, system }: Stage,
  files: readonly KnownFile[],
  made: MadeRequest[],
): Promise<Map<string, FileKeys>> {
  const fetch = keepRequests(leaver.world.fetch, system.endpoints, made);
  const client = await leaver.fresh.start({ fetch });
  await client.resume();
  await client.context.practice.sync(client.context.services);
  const opened = await openFiles(client.context, files, { purpose: "session" });
  for (const { file } of opened) if (file !== null) await readDrafts(client.context, file);
  await listGranted(client.context, "what");
  await readBudget(client.context);
  await reconcile(client.context);
  return new Map(opened.map(({ ref, file }) => [ref.file, file?.keys ?? new Map()]));
}

async function sendAll(
  { leaver, system }: Stage,
  made: readonly MadeRequest[],
): Promise<Pick<FormerYields, "requests" | "refused" | "onceAnswered">> {
  const requests = [...made, ...emptyRequests()];
  const place = { fetch: leaver.world.fetch, endpoints: system.endpoints };
  let refused = 0;
  for (const request of requests)
    if ((await sendAgain(leaver.client, place, request)) !== null) refused++;
  return { requests: requests.length, refused, onceAnswered: made.length };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** T10: somebody who has left, with everything that they ever had. */
export async function robAsFormerMember(stage: Stage): Promise<FormerYields> {
  const { owner, leaver, admin } = stage;
  const files = await writeRecords(owner, RECORDS);
  const wish = {
    member: leaver.client.member,
    rights: RIGHTS.read | RIGHTS.write,
    reason: "care" as const,
  };
  await owner.client.context.practice.sync(owner.client.context.services);
  await grantFiles(owner.client.context, files, memberGrant(owner.client.context, wish));
  const made: MadeRequest[] = [];
  const kept = await workAndKeep(stage, files, made);
  const before = await dumpAll(stage, files);
  await giveOrder(admin.client.context, "member.end", { member: leaver.client.member });
  const sent = await sendAll(stage, made);
  await owner.client.resume();
  await report(owner, files);
  await writeMore(owner.client, files);
  const after = await dumpAll(stage, files);
  const own = leaver.client.context.device.memberKey(1);
  const firstNew = files.map(
    (_, index) => 1 + Math.max(...(before[index]?.entries ?? []).map(({ seq }) => seq)),
  );
  const count = (
    dumped: readonly DumpedFile[],
    keysOf: (file: DumpedFile) => FileKeys,
    isNew = false,
  ) =>
    sum(dumped.map((each, index) => countOpened(each, keysOf(each), isNew ? firstNew[index] : 0)));
  // What they hold may be tried on everything: kept keys, and whatever their own key opens in either dump.
  const held = (each: DumpedFile): FileKeys =>
    new Map([...(kept.get(each.file) ?? []), ...tryKey(each, own, NO_HALVES)]);
  const owners = new Map(files.map(({ file, keys }) => [file as string, keys]));
  const newEntries = sum(
    after.map(
      ({ entries }, index) => entries.filter(({ seq }) => seq >= (firstNew[index] ?? 0)).length,
    ),
  );
  return {
    ...sent,
    after: { entries: newEntries, opened: count(after, held, true) },
    before: {
      entries: sum(before.map(({ entries }) => entries.length)),
      openedByKeptKeys: count(before, held),
      openedByDevice: count(before, (each) => tryKey(each, own, NO_HALVES)),
    },
    control: {
      opened: count(after, ({ file }) => owners.get(file) ?? new Map(), true),
      of: newEntries,
    },
  };
}
