import {
  GATE_ROUTES,
  ZERO_HASH,
  bytesToId,
  CoreError,
  decodeShape,
  hashLogDetail,
  hashLogEntry,
  logEntryShape,
  type FileId,
  type Hash,
  type LogEntry,
  type MemberId,
  type PracticeId,
  type Shaped,
} from "@sinetti/core";

import { reportInto, type Report } from "./broken.ts";
import { EVERYTHING, readRows } from "./rows.ts";
import type { Store } from "./store.ts";
import type { Tally } from "./tally.ts";

interface LineRow {
  readonly practice: Buffer;
  readonly idx: number;
  readonly hash: Buffer;
  readonly time: number;
  readonly kind: string;
  readonly member: Buffer | null;
  readonly device: Buffer | null;
  readonly nonce: Buffer;
  readonly count: number;
  readonly entry: Buffer;
  /** The rows beside the line, `file epoch outcome` each, in their order. */
  readonly items: string[] | null;
}
type Approval = Shaped<(typeof GATE_ROUTES)["openingApprove"]["request"]>;
interface ApprovalRow {
  readonly idx: number;
  readonly subject: Buffer;
  readonly scope: Approval["scope"];
  readonly files: Buffer[];
  readonly count: number;
  readonly until: number;
  readonly reason: Approval["reason"];
}

const LINES = {
  table: "log",
  columns: `hash, time::float8, kind, member, device, nonce, count::float8, entry,
    (select array_agg(encode(i.file, 'hex') || ' ' || i.epoch || ' ' || i.outcome order by i.position)
     from log_items i where i.practice = log.practice and i.idx = log.idx) as items`,
  key: [
    ["practice", "bytea"],
    ["idx", "bigint"],
  ],
  pageSize: 1000,
} as const;

const hex = (bytes: Buffer | null): string | null => bytes?.toString("hex") ?? null;

function isSameRow(row: LineRow, entry: LogEntry): boolean {
  return (
    row.idx === entry.index &&
    row.time === entry.time &&
    row.kind === entry.kind &&
    row.count === entry.count &&
    hex(row.member) === entry.member &&
    hex(row.device) === entry.device &&
    row.nonce.equals(Buffer.from(entry.nonce))
  );
}

/** What a canary's line stands for; what an approval stands for lies in a table of its own. */
function canaryDetail(entry: LogEntry): Hash | null {
  const file = entry.items[0]?.file;
  if (file === undefined) return null;
  return hashLogDetail(GATE_ROUTES.canarySet.request, { file, on: entry.count === 1 });
}

async function readApprovalDetails(store: Store, practice: Buffer): Promise<Map<number, Hash>> {
  const rows = await store.tx<ApprovalRow[]>`
    select idx::float8, subject, scope, files, count::float8, until::float8, reason
    from opening_approvals where practice = ${practice}`;
  return new Map(
    rows.map(({ idx, subject, files, ...rest }) => [
      idx,
      hashLogDetail(GATE_ROUTES.openingApprove.request, {
        ...rest,
        subject: bytesToId<MemberId>(subject),
        files: files.map((file) => bytesToId<FileId>(file)),
      }),
    ]),
  );
}

/** The line before; null: it is broken itself, and says nothing of the next. */
interface Head {
  next: number;
  line: { readonly hash: Hash; readonly time: number } | null;
}

/** The line inside a row; null: the row is not what was hashed. */
function readLine(row: LineRow): LogEntry | null {
  try {
    const entry = decodeShape(logEntryShape, row.entry);
    return hashLogEntry(entry) === hex(row.hash) && isSameRow(row, entry) ? entry : null;
  } catch (error) {
    if (error instanceof CoreError) return null;
    throw error;
  }
}

/** What the request that a line stands for hashes to, by the rows beside the log. */
function detailOf(entry: LogEntry, approvals: ReadonlyMap<number, Hash>): Hash | null {
  if (entry.kind === "approval") return approvals.get(entry.index) ?? null;
  return entry.kind === "canary" ? canaryDetail(entry) : entry.detail;
}

/** Compares one line with the one before it and with the rows beside it; gives what the next one hangs on. */
function checkLine(
  row: LineRow,
  head: Head,
  { approvals, report }: { approvals: ReadonlyMap<number, Hash>; report: Report },
): Head {
  const where = `line ${row.idx}`;
  const next = row.idx + 1;
  if (row.idx !== head.next) report("log-gap", "log", `line ${head.next}`);
  const entry = readLine(row);
  if (entry === null) {
    report("log-line", "log", where);
    return { next, line: null };
  }
  const before = row.idx === head.next ? head.line : null;
  if (before !== null && (entry.prev !== before.hash || entry.time < before.time))
    report("log-order", "log", where);
  const items = entry.items.map(({ file, epoch, outcome }) => `${file} ${epoch} ${outcome}`);
  if (items.join() !== (row.items ?? []).join()) report("log-items", "log_items", where);
  if (detailOf(entry, approvals) !== entry.detail) report("log-detail", "opening_approvals", where);
  return { next, line: { hash: row.hash.toString("hex") as Hash, time: entry.time } };
}

/** Verifies the gate's log: every line's hash, its place, the rows that were made from it, and the head that the gate goes on from. */
export async function checkLog(gate: Store, practice: PracticeId, tally: Tally): Promise<void> {
  const report = reportInto(tally.broken, { service: "gate", practice });
  const owner = Buffer.from(practice, "hex");
  const approvals = await readApprovalDetails(gate, owner);
  let head: Head = { next: 0, line: { hash: ZERO_HASH, time: 0 } };
  for await (const row of readRows<LineRow>(gate.tx, LINES, { ...EVERYTHING, practice: owner }))
    head = checkLine(row, head, { approvals, report });
  const [stored] = await gate.tx<{ next_idx: number; hash: Buffer; time: number }[]>`
    select next_idx::float8, hash, time::float8 from log_heads where practice = ${owner}`;
  const isHead =
    stored !== undefined &&
    stored.next_idx === head.next &&
    (head.line === null || (hex(stored.hash) === head.line.hash && stored.time >= head.line.time));
  if (!isHead) report("log-head", "log_heads", `line ${head.next - 1}`);
}
