import {
  accessHead,
  accessStateShape,
  bytesToHash,
  bytesToId,
  decodeShape,
  encodeShape,
  epochAt,
  FILE_AUTHORITY,
  idToBytes,
  type AccessState,
  type DeviceId,
  type FileId,
  type Place,
  type PracticeId,
} from "@sinetti/core";

import type { AccessStates } from "../accessStates.ts";
import { column, type Tx } from "./database.ts";

/** One file as the gate knows it. */
export interface StoredFile {
  readonly state: AccessState;
  readonly createdAt: number;
  readonly lastReleasedAt: number | null;
  readonly canary: boolean;
  /** The highest record head that any reader reported. */
  readonly record: Place | null;
}

interface FileRow {
  file: Uint8Array;
  access_state: Uint8Array;
  created_at: string;
  last_released_at: string | null;
  canary: boolean;
  record_seq: string | null;
  record_hash: Uint8Array | null;
}

function toFile(row: FileRow, state: AccessState): StoredFile {
  const { record_seq: seq, record_hash: hash, last_released_at: last } = row;
  return {
    state,
    createdAt: Number(row.created_at),
    lastReleasedAt: last === null ? null : Number(last),
    canary: row.canary,
    record: seq === null || hash === null ? null : { seq: Number(seq), hash: bytesToHash(hash) },
  };
}

/**
 * The files among `files` that exist, by id; `isLocking`: nobody else changes them until the transaction ends. With `states` what was
 * read before is not read again: for who folds nothing more into them.
 */
export async function readFiles(
  tx: Tx,
  practice: PracticeId,
  {
    files,
    isLocking = false,
    states,
  }: { files: readonly FileId[]; isLocking?: boolean; states?: AccessStates },
): Promise<Map<FileId, StoredFile>> {
  const rows = await tx<FileRow[]>`
    select file, access_state, created_at, last_released_at, canary, record_seq, record_hash from files
    where practice = ${idToBytes(practice)} and file = any(${column(tx, "bytea", files.map(idToBytes))})
    order by file ${isLocking ? tx`for update` : tx``}`;
  return new Map(
    rows.map((row) => {
      const file = bytesToId<FileId>(row.file);
      const state =
        states?.read(file, row.access_state) ?? decodeShape(accessStateShape, row.access_state);
      return [file, toFile(row, state)];
    }),
  );
}

/** One file. */
export async function findFile(
  tx: Tx,
  practice: PracticeId,
  file: FileId,
): Promise<StoredFile | undefined> {
  const found = await readFiles(tx, practice, { files: [file] });
  return found.get(file);
}

/** The bytes of a file's case. */
export const caseOf = ({ case: caseId }: AccessState): Uint8Array | null =>
  caseId === null ? null : idToBytes(caseId);

/** Writes files that are new; one that exists is the constraint's to refuse. */
export async function insertFiles(
  tx: Tx,
  practice: PracticeId,
  { states, createdAt }: { states: readonly AccessState[]; createdAt: number },
): Promise<void> {
  const bytes = (of: (state: AccessState) => Uint8Array | null) =>
    column(tx, "bytea", states.map(of));
  await tx`
    insert into files (practice, created_at, file, class, case_id, access_state, access_seq, epoch, creator_device)
    select ${idToBytes(practice)}, ${createdAt}, * from unnest(
      ${bytes(({ file }) => idToBytes(file))},
      ${column(
        tx,
        "text",
        states.map(({ compartment }) => FILE_AUTHORITY[compartment].counted),
      )},
      ${bytes(caseOf)}, ${bytes((state) => encodeShape(accessStateShape, state))},
      ${column(
        tx,
        "int8",
        states.map((state) => accessHead(state).seq),
      )},
      ${column(
        tx,
        "int8",
        states.map((state) => epochAt(state).epoch),
      )},
      ${bytes(({ creator }: { creator: DeviceId }) => idToBytes(creator))}
    )`;
}

/** Moves folded chains on; the rows are locked. */
export async function updateFiles(
  tx: Tx,
  practice: PracticeId,
  states: readonly AccessState[],
): Promise<void> {
  await tx`
    update files set access_state = new.state, access_seq = new.seq, epoch = new.epoch
    from unnest(
      ${column(
        tx,
        "bytea",
        states.map(({ file }) => idToBytes(file)),
      )},
      ${column(
        tx,
        "bytea",
        states.map((state) => encodeShape(accessStateShape, state)),
      )},
      ${column(
        tx,
        "int8",
        states.map((state) => accessHead(state).seq),
      )},
      ${column(
        tx,
        "int8",
        states.map((state) => epochAt(state).epoch),
      )}
    ) as new (file, state, seq, epoch)
    where files.practice = ${idToBytes(practice)} and files.file = new.file`;
}
