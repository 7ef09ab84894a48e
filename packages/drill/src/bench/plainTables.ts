import { randomBytes } from "node:crypto";

import type { Sql } from "postgres";

const BYTEA_ARRAY = 1001;
const INT8_ARRAY = 1016;
const PRACTICE = randomBytes(16);

/** One append as a vault stores it: a link of the record chain, and its boxes. */
export interface PlainAppend {
  readonly file: Uint8Array;
  readonly seq: number;
  readonly statement: Uint8Array;
  readonly boxes: readonly Uint8Array[];
}

/** Tables with the columns and keys of a vault's and of the gate's log, without row security: what plain SQL would write. */
export async function createPlainTables(sql: Sql): Promise<void> {
  await sql`
    create table files (practice bytea, file bytea, compartment text, access_state bytea,
      record_seq bigint, record_hash bytea, record_entries bigint, record_seen bigint,
      record_access bigint, record_snapshot bigint, primary key (practice, file)) with (fillfactor = 70)`;
  await sql`
    create table access_links (practice bytea, file bytea, seq bigint, hash bytea, statement bytea,
      acceptance bytea, primary key (practice, file, seq))`;
  await sql`
    create table record_links (practice bytea, file bytea, seq bigint, hash bytea, statement bytea,
      bytes integer, primary key (practice, file, seq))`;
  await sql`
    create table entries (practice bytea, file bytea, entry bytea, seq bigint, position smallint,
      box bytea, primary key (practice, file, seq, position), unique (practice, file, entry))`;
  await sql`alter table entries alter column box set storage external`;
  await sql`alter table record_links alter column statement set storage external`;
  await sql`
    create table shares (practice bytea, file bytea, epoch bigint, sealed bytea,
      primary key (practice, file, epoch))`;
  await sql`
    create table log (practice bytea, idx bigint generated always as identity, hash bytea, time bigint,
      kind text, member bytea, device bytea, nonce bytea, count bigint, entry bytea,
      primary key (practice, idx))`;
  await sql`
    create table log_items (practice bytea, idx bigint, position smallint, file bytea, epoch bigint,
      outcome text, unit bytea, member bytea, time bigint, primary key (practice, idx, position))`;
}

const bytes = (sql: Sql, column: readonly Uint8Array[]) => sql.array([...column], BYTEA_ARRAY);
const numbers = (sql: Sql, column: readonly number[]) => sql.array([...column], INT8_ARRAY);

/** Makes the rows of files, with the statements that create them; one commit. */
export async function insertFiles(
  sql: Sql,
  files: readonly { file: Uint8Array; statement: Uint8Array }[],
): Promise<void> {
  const ids = files.map(({ file }) => file);
  await sql`
    with made as (
      insert into files (practice, file, compartment, access_state)
      select ${PRACTICE}, file, 'care', statement from unnest(
        ${bytes(sql, ids)}::bytea[],
        ${bytes(
          sql,
          files.map(({ statement }) => statement),
        )}::bytea[]) as new(file, statement)
    )
    insert into access_links (practice, file, seq, hash, statement, acceptance)
    select ${PRACTICE}, file, 0, ${randomBytes(32)}, statement, ${randomBytes(32)} from unnest(
      ${bytes(sql, ids)}::bytea[],
      ${bytes(
        sql,
        files.map(({ statement }) => statement),
      )}::bytea[]) as new(file, statement)`;
}

/** Writes appends and the heads of their files in one statement: one round trip, one commit. */
export async function insertAppends(sql: Sql, appends: readonly PlainAppend[]): Promise<void> {
  const files = appends.map(({ file }) => file);
  const seqs = appends.map(({ seq }) => seq);
  const hashes = appends.map(() => randomBytes(32));
  const entries = appends.flatMap(({ file, seq, boxes }) =>
    boxes.map((box, position) => ({ file, seq, position, box, entry: randomBytes(16) })),
  );
  await sql`
    with heads as (
      update files set record_seq = new.seq, record_hash = new.hash, record_entries = new.seq,
        record_seen = 0, record_access = 0
      from unnest(${bytes(sql, files)}::bytea[], ${numbers(sql, seqs)}::bigint[],
        ${bytes(sql, hashes)}::bytea[]) as new(file, seq, hash)
      where files.practice = ${PRACTICE} and files.file = new.file
    ), links as (
      insert into record_links (practice, file, seq, hash, statement, bytes)
      select ${PRACTICE}, *, 0 from unnest(${bytes(sql, files)}::bytea[],
        ${numbers(sql, seqs)}::bigint[], ${bytes(sql, hashes)}::bytea[],
        ${bytes(
          sql,
          appends.map(({ statement }) => statement),
        )}::bytea[])
    )
    insert into entries (practice, file, entry, seq, position, box)
    select ${PRACTICE}, * from unnest(
      ${bytes(
        sql,
        entries.map(({ file }) => file),
      )}::bytea[],
      ${bytes(
        sql,
        entries.map(({ entry }) => entry),
      )}::bytea[],
      ${numbers(
        sql,
        entries.map(({ seq }) => seq),
      )}::bigint[],
      ${numbers(
        sql,
        entries.map(({ position }) => position),
      )}::bigint[],
      ${bytes(
        sql,
        entries.map(({ box }) => box),
      )}::bytea[])`;
}

/** Reads a chart with one select. */
export async function readChart(
  sql: Sql,
  file: Uint8Array,
): Promise<{ statement: Uint8Array; box: Uint8Array }[]> {
  return sql<{ statement: Uint8Array; box: Uint8Array }[]>`
    select l.statement, e.box from record_links l
    join entries e on e.practice = l.practice and e.file = l.file and e.seq = l.seq
    where l.practice = ${PRACTICE} and l.file = ${file} order by l.seq, e.position`;
}

/** Makes shares of the size that the gate's have. */
export async function insertShares(sql: Sql, files: readonly Uint8Array[]): Promise<void> {
  await sql`
    insert into shares (practice, file, epoch, sealed)
    select ${PRACTICE}, file, 1, ${randomBytes(72)} from unnest(${bytes(sql, files)}::bytea[]) as new(file)`;
}

/** Reads shares, and logs it with a line and an item for each, in one statement: one round trip, one commit. */
export async function readShares(
  sql: Sql,
  files: readonly Uint8Array[],
  entry: Uint8Array,
): Promise<{ sealed: Uint8Array }[]> {
  const [member, nonce] = [randomBytes(16), randomBytes(16)];
  return sql<{ sealed: Uint8Array }[]>`
    with line as (
      insert into log (practice, hash, time, kind, member, device, nonce, count, entry)
      values (${PRACTICE}, ${randomBytes(32)}, 0, 'release', ${member}, ${member}, ${nonce}, 0, ${entry})
      returning idx
    ), items as (
      insert into log_items (practice, idx, position, file, epoch, outcome, unit, member, time)
      select ${PRACTICE}, line.idx, place, file, 1, 'released', file, ${member}, 0
      from line, unnest(${bytes(sql, files)}::bytea[]) with ordinality as asked(file, place)
    )
    select sealed from shares
    where practice = ${PRACTICE} and file = any(${bytes(sql, files)}::bytea[])`;
}
