import {
  ZERO_HASH,
  decodeShape,
  encodeShape,
  generateNonce,
  hashLogEntry,
  logEntryShape,
  type Hash,
  type LogEntry,
} from "@sinetti/core";
import type { Sql } from "postgres";

import { idBytes } from "./stage.ts";

/** Root on the gate at its log; `line` is a release of a device that will look. */
export interface LogScene {
  readonly sql: Sql;
  readonly line: number;
}
/** One thing that root does to the log. */
export interface LogLie {
  readonly name: string;
  readonly tell: (scene: LogScene) => Promise<unknown>;
}

async function readEntry(sql: Sql, idx: number): Promise<LogEntry> {
  const [row] = await sql<{ entry: Buffer }[]>`select entry from log where idx = ${idx}`;
  if (row === undefined) throw new RangeError("there is no such line");
  return decodeShape(logEntryShape, row.entry);
}

async function setHead(sql: Sql, next: number, hash: Hash): Promise<void> {
  await sql`update log_heads set next_idx = ${next}, hash = ${idBytes(hash)}`;
}

/** Ends the log before a line, its head with it: what is left hangs together. */
async function cutBefore({ sql, line }: LogScene): Promise<void> {
  await sql`delete from log_items where idx >= ${line}`;
  await sql`delete from log where idx >= ${line}`;
  await setHead(sql, line, line === 0 ? ZERO_HASH : hashLogEntry(await readEntry(sql, line - 1)));
}

/** Takes a line out and hashes every later one anew: what is left hangs together. */
async function takeOut({ sql, line }: LogScene): Promise<void> {
  const [end] = await sql<{ next: string }[]>`select next_idx as next from log_heads`;
  let prev = line === 0 ? ZERO_HASH : hashLogEntry(await readEntry(sql, line - 1));
  await sql`delete from log_items where idx = ${line}`;
  const next = Number(end?.next ?? 0);
  for (let idx = line + 1; idx < next; idx++) {
    const entry = { ...(await readEntry(sql, idx)), index: idx - 1, prev };
    prev = hashLogEntry(entry);
    await sql`delete from log where idx = ${idx - 1}`;
    await sql`update log set idx = ${idx - 1}, hash = ${idBytes(prev)},
      entry = ${Buffer.from(encodeShape(logEntryShape, entry))} where idx = ${idx}`;
    await sql`update log_items set idx = ${idx - 1} where idx = ${idx}`;
  }
  if (next === line + 1) await sql`delete from log where idx = ${line}`;
  await setHead(sql, next - 1, prev);
}

/** Writes a line in a device's name that it never asked for; the head goes with it. */
async function addLine({ sql, line }: LogScene): Promise<void> {
  const [end] = await sql<{ next: string; hash: Buffer; time: string }[]>`
    select next_idx as next, hash, time from log_heads`;
  if (end === undefined) throw new RangeError("the log has a head");
  const model = await readEntry(sql, line);
  const index = Number(end.next);
  const entry: LogEntry = {
    ...model,
    index,
    prev: end.hash.toString("hex") as Hash,
    time: Number(end.time),
    nonce: generateNonce(),
  };
  const hash = hashLogEntry(entry);
  await sql`insert into log select practice, ${index}, ${idBytes(hash)}, ${entry.time}, kind, member, device,
    ${Buffer.from(entry.nonce)}, count, ${Buffer.from(encodeShape(logEntryShape, entry))} from log where idx = ${line}`;
  await sql`insert into log_items select practice, ${index}, position, file, epoch, outcome, unit, class,
    counted, exempt, member, ${entry.time} from log_items where idx = ${line}`;
  await setHead(sql, index + 1, hash);
}

/** What root on the gate does to the log. */
export const LOG_LIES: readonly LogLie[] = [
  {
    name: "a line deleted",
    tell: async ({ sql, line }) => {
      await sql`delete from log_items where idx = ${line}`;
      await sql`delete from log where idx = ${line}`;
    },
  },
  {
    name: "a line changed",
    tell: ({ sql, line }) => sql`update log set time = time - 60 where idx = ${line}`,
  },
  {
    name: "openings hidden beside the log, so that the budget forgets them",
    tell: ({ sql, line }) => sql`delete from log_items where idx = ${line}`,
  },
  { name: "the end cut off, the head put back with it", tell: cutBefore },
  { name: "a line taken out, all later ones hashed anew", tell: takeOut },
  {
    name: "the whole log cleared, the head with it",
    tell: ({ sql }) => cutBefore({ sql, line: 0 }),
  },
  { name: "a release that its device never asked for", tell: addLine },
];
