import {
  decodeShape,
  idToBytes,
  logEntryShape,
  type DeviceId,
  type FileId,
  type LogEntry,
  type MemberId,
  type Outcome,
  type PracticeId,
  type Purpose,
} from "@sinetti/core";

import type { Tx } from "./database.ts";

/** One file of a line, or a line without files. */
export interface LogRow {
  readonly index: number;
  readonly at: number;
  readonly kind: LogEntry["kind"];
  readonly member: MemberId | null;
  readonly device: DeviceId | null;
  readonly nonce: Uint8Array;
  readonly purpose: Purpose | null;
  readonly file: FileId | null;
  readonly epoch: number;
  readonly outcome: Outcome | null;
}

/** Whose lines, and whether they tell which files are canaries. */
export type LogScope = (
  | { readonly by: "file"; readonly file: FileId }
  | { readonly by: "device"; readonly device: DeviceId }
  | { readonly by: "practice" }
) & { readonly withCanaries: boolean };

function selects(tx: Tx, scope: LogScope): ReturnType<Tx> {
  const hides = scope.withCanaries ? tx`` : tx`and kind <> 'canary'`;
  if (scope.by === "device") return tx`device = ${idToBytes(scope.device)} ${hides}`;
  if (scope.by === "practice") return tx`true ${hides}`;
  return tx`exists (select 1 from log_items i where i.practice = log.practice and i.idx = log.idx
    and i.file = ${idToBytes(scope.file)}) ${hides}`;
}

/** Lines as they were hashed, oldest first. */
export async function readEntries(
  tx: Tx,
  practice: PracticeId,
  { scope, from, limit }: { scope: LogScope; from: number; limit: number },
): Promise<LogEntry[]> {
  const rows = await tx<{ entry: Uint8Array }[]>`
    select entry from log
    where practice = ${idToBytes(practice)} and idx >= ${from} and ${selects(tx, scope)}
    order by idx limit ${limit}`;
  return rows.map(({ entry }) => decodeShape(logEntryShape, entry));
}

/** A line as rows, one a file; of a scope that is one file, that file alone. */
export function toRows(entry: LogEntry, scope: LogScope): LogRow[] {
  const { index, time: at, kind, member, device, nonce, purpose } = entry;
  const line = { index, at, kind, member, device, nonce, purpose };
  if (entry.items.length === 0) return [{ ...line, file: null, epoch: 0, outcome: null }];
  const items =
    scope.by === "file" ? entry.items.filter(({ file }) => file === scope.file) : entry.items;
  return items.map(({ outcome, ...item }) => {
    const isHidden = outcome === "canary" && !scope.withCanaries;
    // What it was beside a canary, or after one.
    return { ...line, ...item, outcome: isHidden ? "frozen" : outcome };
  });
}

/** Tokens that a member was given since `since` to list files. */
export async function countIndexTokens(
  tx: Tx,
  practice: PracticeId,
  { member, since }: { member: MemberId; since: number },
): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select coalesce(sum(count), 0)::int as count from log l
    where practice = ${idToBytes(practice)} and member = ${idToBytes(member)} and kind = 'lookup'
      and time > ${since}
      and exists (select 1 from log_items i where i.practice = l.practice and i.idx = l.idx)`;
  return row?.count ?? 0;
}

/** Tokens that were asked since `since`: by a member to find somebody, or for one file to list it. */
export async function countLookups(
  tx: Tx,
  practice: PracticeId,
  { member, file, since }: { member: MemberId; file: FileId | null; since: number },
): Promise<number> {
  const id = idToBytes(practice);
  const [row] =
    file === null
      ? await tx<{ count: number }[]>`
          select coalesce(sum(count), 0)::int as count from log l
          where practice = ${id} and member = ${idToBytes(member)} and kind = 'lookup' and time > ${since}
            and not exists (select 1 from log_items i where i.practice = l.practice and i.idx = l.idx)`
      : await tx<{ count: number }[]>`
          select coalesce(sum(l.count), 0)::int as count
          from log_items i join log l on l.practice = i.practice and l.idx = i.idx
          where i.practice = ${id} and i.file = ${idToBytes(file)} and l.kind = 'lookup' and l.time > ${since}`;
  return row?.count ?? 0;
}
