import {
  grantsAt,
  type AccessState,
  type Compartment,
  type FileId,
  type Place,
  type PracticeId,
  type Subject,
} from "@sinetti/core";

import { ids, numbers, texts, idList, fromColumn, toColumn } from "./columns.ts";
import { toPlace } from "./files.ts";
import type { Tx } from "./transaction.ts";

/** Writes who holds what after a fold; states of new files have nothing to replace. */
export async function writeHoldings(
  tx: Tx,
  practice: PracticeId,
  { states, changed }: { states: readonly AccessState[]; changed: readonly FileId[] },
): Promise<void> {
  const owner = toColumn(practice);
  const held = states.flatMap((state) =>
    grantsAt(state).map(({ grant }) => ({ file: state.file, grant })),
  );
  const dropped =
    changed.length === 0
      ? []
      : [
          tx`delete from holdings where practice = ${owner}
             and file = any(${idList(tx, changed)}::bytea[])`,
        ];
  const written = tx`
    insert into holdings (practice, file, subject_type, subject, rights, expires)
    select ${owner}, * from unnest(
      ${ids(tx, held, ({ file }) => file)}::bytea[],
      ${texts(tx, held, ({ grant }) => grant.subject.type)}::text[],
      ${ids(tx, held, ({ grant }) => grant.subject.id)}::bytea[],
      ${numbers(tx, held, ({ grant }) => grant.rights)}::bigint[],
      ${numbers(tx, held, ({ grant }) => grant.expires)}::bigint[])`;
  await Promise.all([...dropped, written]);
}

export interface HeldFile {
  readonly file: FileId;
  readonly compartment: Compartment;
  readonly phase: "open" | "closed" | "erased";
  readonly rights: number;
  readonly expires: number;
  readonly record: Place | null;
  readonly subject: Subject;
}

interface Row {
  file: Uint8Array;
  compartment: Compartment;
  phase: HeldFile["phase"];
  rights: number;
  expires: number;
  record_seq: number | null;
  record_hash: Uint8Array | null;
  subject_type: Subject["type"];
  subject: Uint8Array;
}

/** What the subjects hold on the files after `after`, by file; `count` files at most. */
export async function readHoldings(
  tx: Tx,
  practice: PracticeId,
  { subjects, after, count }: { subjects: readonly Subject[]; after: FileId | null; count: number },
): Promise<HeldFile[]> {
  const owner = toColumn(practice);
  const rows = await tx<Row[]>`
    with held as (
      select h.* from holdings h
      join unnest(
        ${texts(tx, subjects, ({ type }) => type)}::text[],
        ${ids(tx, subjects, ({ id }) => id)}::bytea[]) as s(subject_type, subject)
        on h.subject_type = s.subject_type and h.subject = s.subject
      where h.practice = ${owner} ${after === null ? tx`` : tx`and h.file > ${toColumn(after)}`}
    ), page as (select distinct file from held order by file limit ${count})
    select f.file, f.compartment, f.phase, held.rights::int4, held.expires::float8,
      f.record_seq::float8, f.record_hash, held.subject_type, held.subject
    from page join held using (file)
    join files f on f.practice = ${owner} and f.file = page.file
    order by f.file`;
  return rows.map((row) => ({
    file: fromColumn<FileId>(row.file),
    compartment: row.compartment,
    phase: row.phase,
    rights: row.rights,
    expires: row.expires,
    record: toPlace(row.record_seq, row.record_hash),
    subject: { type: row.subject_type, id: fromColumn(row.subject) },
  }));
}
