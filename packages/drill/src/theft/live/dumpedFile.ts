import {
  CoreError,
  bytesToId,
  readAccessBody,
  readAppend,
  readStatement,
  type BatchKey,
  type BatchId,
  type Compartment,
  type EntryHeader,
  type FileId,
  type MemberId,
  type PracticeId,
  type Secret,
  type Subject,
  type Wrap,
} from "@sinetti/core";
import {
  checkFileKey,
  deriveFileKey,
  gateHalfFromBytes,
  openBatchKey,
  openEntry,
  openPriorKey,
  openWrap,
  type KemKey,
} from "@sinetti/core/secret";
import { openShare } from "@sinetti/core/service";
import type { Sql } from "postgres";

import { idBytes } from "./stage.ts";

interface Epoch {
  readonly epoch: number;
  readonly commit: Uint8Array;
  readonly prior: Uint8Array | null;
}
interface DumpedEntry {
  readonly epoch: number;
  readonly seq: number;
  readonly header: EntryHeader;
  readonly box: Uint8Array;
}

/** One record as it lies in a vault's rows. */
export interface DumpedFile {
  readonly practice: PracticeId;
  readonly file: FileId;
  readonly compartment: Compartment;
  readonly epochs: readonly Epoch[];
  readonly entries: readonly DumpedEntry[];
  readonly wraps: readonly (Wrap & { readonly epoch: number })[];
  readonly batchKeys: readonly BatchKey[];
}

/** Keys of a record by epoch. */
export type FileKeys = ReadonlyMap<number, Secret<"file-key">>;

async function readEpochs(sql: Sql, file: Buffer): Promise<Epoch[]> {
  const rows = await sql<{ statement: Buffer }[]>`
    select statement from access_links where file = ${file} order by seq`;
  return rows.flatMap(({ statement }): Epoch[] => {
    const link = readStatement(statement);
    const { kind } = link.statement;
    if (kind === "create")
      return [{ epoch: 1, commit: readAccessBody(link, kind).commit, prior: null }];
    return kind === "rekey" ? [readAccessBody(link, kind)] : [];
  });
}

async function readEntries(sql: Sql, file: Buffer): Promise<DumpedEntry[]> {
  const links = await sql<{ seq: string; statement: Buffer }[]>`
    select seq, statement from record_links where file = ${file} order by seq`;
  const boxes = await sql<{ seq: string; position: number; box: Buffer }[]>`
    select seq, position, box from entries where file = ${file}`;
  const boxAt = new Map(boxes.map(({ seq, position, box }) => [`${seq} ${position}`, box]));
  return links.flatMap(({ seq, statement }) => {
    const body = readAppend(readStatement(statement));
    return body.entries.flatMap((header, position) => {
      const box = boxAt.get(`${seq} ${position}`);
      return box === undefined ? [] : [{ epoch: body.epoch, seq: Number(seq), header, box }];
    });
  });
}

interface WrapRow {
  readonly epoch: string;
  readonly subject_type: Subject["type"];
  readonly subject: Buffer;
  readonly key_version: string;
  readonly batch: Buffer | null;
  readonly sealed: Buffer;
}

const batchOf = (bytes: Buffer): BatchId => bytesToId<BatchId>(bytes);
const subjectOf = ({ subject_type: type, subject }: Pick<WrapRow, "subject_type" | "subject">) =>
  ({ type, id: bytesToId<MemberId>(subject) }) as Subject;

async function readWraps(sql: Sql, file: Buffer): Promise<DumpedFile["wraps"]> {
  const rows = await sql<WrapRow[]>`select epoch, subject_type, subject, key_version, batch, sealed
    from wraps where file = ${file}`;
  return rows.map((row) => ({
    epoch: Number(row.epoch),
    subject: subjectOf(row),
    keyVersion: Number(row.key_version),
    batch: row.batch === null ? null : batchOf(row.batch),
    sealed: row.sealed,
  }));
}

async function readBatchKeys(sql: Sql, wraps: DumpedFile["wraps"]): Promise<BatchKey[]> {
  const batches = wraps.flatMap(({ batch }) => (batch === null ? [] : [idBytes(batch)]));
  if (batches.length === 0) return [];
  const rows = await sql<(Omit<WrapRow, "batch" | "epoch"> & { batch: Buffer })[]>`
    select batch, subject_type, subject, key_version, sealed from batch_keys
    where batch in ${sql(batches)}`;
  return rows.map((row) => ({
    batch: batchOf(row.batch),
    subject: subjectOf(row),
    keyVersion: Number(row.key_version),
    sealed: row.sealed,
  }));
}

/** Everything that a vault's database holds of a record; null: it has none of it. */
export async function dumpFile(sql: Sql, id: string): Promise<DumpedFile | null> {
  const file = idBytes(id);
  const [row] = await sql<{ practice: Buffer; compartment: Compartment }[]>`
    select practice, compartment from files where file = ${file}`;
  if (row === undefined) return null;
  const wraps = await readWraps(sql, file);
  return {
    practice: bytesToId<PracticeId>(row.practice),
    file: bytesToId<FileId>(file),
    compartment: row.compartment,
    epochs: await readEpochs(sql, file),
    entries: await readEntries(sql, file),
    wraps,
    batchKeys: await readBatchKeys(sql, wraps),
  };
}

/** The gate's halves of a record, unsealed by whoever has the gate's key; by epoch. */
export async function unsealHalves(
  sql: Sql,
  key: Secret<"gate-encryption-key">,
  { practice, file }: Pick<DumpedFile, "practice" | "file">,
): Promise<Map<number, Uint8Array>> {
  const rows = await sql<{ epoch: string; sealed: Buffer }[]>`
    select epoch, sealed from shares where file = ${idBytes(file)}`;
  return new Map(
    rows.map(({ epoch: text, sealed }) => {
      const epoch = Number(text);
      return [epoch, openShare(key, { practice, file, epoch }, sealed)];
    }),
  );
}

/** The keys that two halves of an epoch give: those of it and of every one before. Empty unless the chain commits to them. */
export function joinHalves(
  dumped: DumpedFile,
  epoch: number,
  halves: { member: Secret<"member-half">; gate: Uint8Array },
): FileKeys {
  const { practice, file, compartment, epochs } = dumped;
  const base = { practice, file, compartment };
  const gate = gateHalfFromBytes(halves.gate);
  let key = deriveFileKey({ member: halves.member, gate }, { ...base, epoch });
  const keys = new Map<number, Secret<"file-key">>();
  try {
    for (const step of epochs.filter((each) => each.epoch <= epoch).toReversed()) {
      checkFileKey(key, step.commit);
      keys.set(step.epoch, key);
      if (step.prior !== null) key = openPriorKey(key, step.prior, { ...base, epoch: step.epoch });
    }
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
  }
  return keys;
}

/** The member halves that a private key opens among the wraps of a record; it is tried on every one, whoever it is for. */
export function openHalves(
  { wraps, batchKeys, ...dumped }: DumpedFile,
  key: KemKey,
): { epoch: number; member: Secret<"member-half"> }[] {
  const { practice, file, compartment } = dumped;
  return wraps.flatMap(({ epoch, ...wrap }) => {
    try {
      const batch = batchKeys.find(
        (each) =>
          each.batch === wrap.batch &&
          each.subject.id === wrap.subject.id &&
          each.subject.type === wrap.subject.type,
      );
      const opener = batch === undefined ? key : openBatchKey(batch, key, practice);
      return [{ epoch, member: openWrap(wrap, opener, { practice, file, compartment, epoch }) }];
    } catch (error) {
      if (error instanceof CoreError) return [];
      throw error;
    }
  });
}

/** Tries the gate's halves with every half that a private key opens. */
export function tryKey(
  dumped: DumpedFile,
  key: KemKey,
  halves: ReadonlyMap<number, Uint8Array>,
): FileKeys {
  const found = new Map<number, Secret<"file-key">>();
  for (const { epoch, member } of openHalves(dumped, key)) {
    const gate = halves.get(epoch);
    if (gate === undefined) continue;
    for (const [each, file] of joinHalves(dumped, epoch, { member, gate })) found.set(each, file);
  }
  return found;
}

/** How many of a record's entries open with these keys; each key is tried on each. */
export function countOpened(
  { practice, file, compartment, entries }: DumpedFile,
  keys: FileKeys,
  from = 0,
): number {
  const opens = ({ epoch, header, box }: DumpedEntry): boolean =>
    [...keys.values()].some((key) => {
      try {
        openEntry(key, { practice, file, compartment, epoch }, { header, box });
        return true;
      } catch (error) {
        if (error instanceof CoreError) return false;
        throw error;
      }
    });
  return entries.filter((entry) => entry.seq >= from && opens(entry)).length;
}
