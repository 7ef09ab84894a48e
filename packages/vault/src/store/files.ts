import {
  accessHead,
  accessStateShape,
  encodeShape,
  phaseAt,
  startRecord,
  type AccessState,
  type Compartment,
  type FileId,
  type Hash,
  type Place,
  type PracticeId,
  type RecordState,
} from "@sinetti/core";

import { ids, bytes, numbers, texts, idList, fromColumn, toColumn } from "./columns.ts";
import type { Tx } from "./transaction.ts";

/** A file as its row says: both chains folded up to their heads. */
export interface FileRow {
  readonly file: FileId;
  readonly compartment: Compartment;
  readonly access: { readonly head: Hash; readonly seq: number; readonly bytes: Uint8Array };
  readonly record: RecordState;
}

interface Row {
  file: Uint8Array;
  compartment: Compartment;
  access_state: Uint8Array;
  access_seq: number;
  access_hash: Uint8Array;
  record_seq: number | null;
  record_hash: Uint8Array | null;
  record_entries: number;
  record_seen: number;
  record_access: number;
  record_snapshot: number | null;
}

function toFileRow(practice: PracticeId, row: Row): FileRow {
  const file = fromColumn<FileId>(row.file);
  return {
    file,
    compartment: row.compartment,
    access: { head: fromColumn(row.access_hash), seq: row.access_seq, bytes: row.access_state },
    record: {
      v: 1,
      practice,
      file,
      head: toPlace(row.record_seq, row.record_hash),
      entries: row.record_entries,
      seenSeq: row.record_seen,
      accessSeq: row.record_access,
      snapshotSeq: row.record_snapshot,
    },
  };
}

export function toPlace(seq: number | null, hash: Uint8Array | null): Place | null {
  return seq === null || hash === null ? null : { seq, hash: fromColumn(hash) };
}

/** The row of a file that nothing was written to yet. */
export function newFileRow(state: AccessState): FileRow {
  const { file, compartment, practice } = state;
  const { hash: head, seq } = accessHead(state);
  const access = { head, seq, bytes: encodeShape(accessStateShape, state) };
  return { file, compartment, access, record: startRecord(practice, file) };
}

/** The rows of files that are there, by id; locked in the order of their ids, so that no two callers wait for each other. */
export async function readFiles(
  tx: Tx,
  practice: PracticeId,
  { files, lock }: { files: readonly FileId[]; lock: boolean },
): Promise<Map<FileId, FileRow>> {
  const rows = await tx<Row[]>`
    select file, compartment, access_state, access_seq::float8, access_hash,
      record_seq::float8, record_hash, record_entries::float8, record_seen::float8,
      record_access::float8, record_snapshot::float8
    from files
    where practice = ${toColumn(practice)} and file = any(${idList(tx, files)}::bytea[])
    order by file ${lock ? tx`for update` : tx``}`;
  return new Map(
    rows.map((row) => {
      const read = toFileRow(practice, row);
      return [read.file, read];
    }),
  );
}

/** Makes the rows of new files. */
export async function insertFiles(
  tx: Tx,
  practice: PracticeId,
  states: readonly AccessState[],
): Promise<void> {
  if (states.length === 0) return;
  const heads = states.map(accessHead);
  await tx`
    insert into files (practice, file, compartment, phase, access_state, access_seq, access_hash)
    select ${toColumn(practice)}, * from unnest(
      ${ids(tx, states, ({ file }) => file)}::bytea[],
      ${texts(tx, states, ({ compartment }) => compartment)}::text[],
      ${texts(tx, states, (state) => phaseAt(state))}::text[],
      ${bytes(tx, states, (state) => encodeShape(accessStateShape, state))}::bytea[],
      ${numbers(tx, heads, ({ seq }) => seq)}::bigint[],
      ${ids(tx, heads, ({ hash }) => hash)}::bytea[])`;
}

/** Writes the folded access chains of files that are there. */
export async function updateAccess(
  tx: Tx,
  practice: PracticeId,
  states: readonly AccessState[],
): Promise<void> {
  if (states.length === 0) return;
  const heads = states.map(accessHead);
  await tx`
    update files set phase = new.phase, access_state = new.state, access_seq = new.seq,
      access_hash = new.hash
    from unnest(
      ${ids(tx, states, ({ file }) => file)}::bytea[],
      ${texts(tx, states, (state) => phaseAt(state))}::text[],
      ${bytes(tx, states, (state) => encodeShape(accessStateShape, state))}::bytea[],
      ${numbers(tx, heads, ({ seq }) => seq)}::bigint[],
      ${ids(tx, heads, ({ hash }) => hash)}::bytea[]) as new(file, phase, state, seq, hash)
    where files.practice = ${toColumn(practice)} and files.file = new.file`;
}

/** The heads of the record chains that have one, of the files after `after`, by file. */
export async function readRecordHeads(
  tx: Tx,
  practice: PracticeId,
  { after, count }: { after: FileId | null; count: number },
): Promise<{ file: FileId; record: Place }[]> {
  const rows = await tx<{ file: Uint8Array; seq: number; hash: Uint8Array }[]>`
    select file, record_seq::float8 as seq, record_hash as hash from files
    where practice = ${toColumn(practice)} and record_hash is not null
      ${after === null ? tx`` : tx`and file > ${toColumn(after)}`}
    order by file limit ${count}`;
  return rows.map(({ file, seq, hash }) => ({
    file: fromColumn<FileId>(file),
    record: { seq, hash: fromColumn(hash) },
  }));
}
