import {
  encodeShape,
  hashLogEntry,
  idToBytes,
  logEntryShape,
  type CaseId,
  type DeviceId,
  type FileId,
  type Hash,
  type LogEntry,
  type MemberId,
  type Outcome,
  type PracticeId,
  type Purpose,
} from "@sinetti/core";

import { column, type Tx } from "./database.ts";
import type { LogHead } from "./practiceStore.ts";

/** Why an opening passed although something spoke against it. */
export type Exempt = "created" | "approval" | "crisis" | "grace";

/** One file of a line. */
export interface LogItem {
  readonly file: FileId;
  readonly epoch: number;
  readonly outcome: Outcome;
  readonly unit: CaseId | null;
  /** Budget class; null: not an opening. */
  readonly class: "care" | "identity" | "not" | null;
  readonly counted: boolean;
  readonly exempt: Exempt | null;
}

/** What a line says; place, time and hash are given to it. */
export interface LogLine {
  readonly kind: LogEntry["kind"];
  readonly member: MemberId | null;
  readonly device: DeviceId | null;
  readonly nonce: Uint8Array;
  readonly purpose?: Purpose | null;
  readonly items?: readonly LogItem[];
  readonly count?: number;
  /** Hash of the request that the line stands for. */
  readonly detail?: Hash;
}

/** A line as written. */
export interface WrittenLine {
  readonly index: number;
  readonly hash: Hash;
}

function toEntry(practice: PracticeId, line: LogLine, head: LogHead, time: number): LogEntry {
  const items = (line.items ?? []).map(({ file, epoch, outcome }) => ({ file, epoch, outcome }));
  const { kind, member, device, nonce, purpose = null, count = 0, detail = null } = line;
  const place = { v: 1 as const, practice, index: head.nextIndex, prev: head.hash, time };
  return { ...place, kind, member, device, nonce, purpose, items, count, detail };
}

/** Appends one line to the hash chain, in one statement; the log's row is locked. A used nonce is the constraint's to refuse. */
export async function appendLog(
  tx: Tx,
  practice: PracticeId,
  { line, head, time }: { line: LogLine; head: LogHead; time: number },
): Promise<WrittenLine> {
  const entry = toEntry(practice, line, head, time);
  const hash = hashLogEntry(entry);
  const id = idToBytes(practice);
  const member = line.member === null ? null : idToBytes(line.member);
  const device = line.device === null ? null : idToBytes(line.device);
  const items = line.items ?? [];
  const bytes = (of: (item: LogItem) => Uint8Array | null) => column(tx, "bytea", items.map(of));
  await tx`
    with line as (
      insert into log (practice, idx, hash, time, kind, member, device, nonce, count, entry)
      values (${id}, ${entry.index}, ${idToBytes(hash)}, ${time}, ${entry.kind}, ${member}, ${device},
        ${entry.nonce}, ${entry.count}, ${encodeShape(logEntryShape, entry)})
    ), items as (
      insert into log_items (practice, idx, position, file, epoch, outcome, unit, class, counted, exempt, member, time)
      select ${id}, ${entry.index}, position, file, epoch, outcome, unit, class, counted, exempt, ${member}, ${time}
      from unnest(
        ${bytes(({ file }) => idToBytes(file))}, ${column(
          tx,
          "int8",
          items.map(({ epoch }) => epoch),
        )},
        ${column(
          tx,
          "text",
          items.map(({ outcome }) => outcome),
        )},
        ${bytes(({ unit }) => (unit === null ? null : idToBytes(unit)))},
        ${column(
          tx,
          "text",
          items.map((item) => item.class),
        )},
        ${column(
          tx,
          "bool",
          items.map(({ counted }) => counted),
        )},
        ${column(
          tx,
          "text",
          items.map(({ exempt }) => exempt),
        )}
      ) with ordinality as item (file, epoch, outcome, unit, class, counted, exempt, position)
    )
    update log_heads set next_idx = ${entry.index + 1}, hash = ${idToBytes(hash)}, time = ${time}
    where practice = ${id}`;
  return { index: entry.index, hash };
}
