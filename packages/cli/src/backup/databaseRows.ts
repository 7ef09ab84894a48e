import { once } from "node:events";

import type postgres from "postgres";

import type { ServiceName } from "../start/compartment.ts";
import { BackupError } from "./backupError.ts";
import {
  encodePart,
  encodeRows,
  type RowHeader,
  type RowPart,
  type RowTable,
} from "./rowStream.ts";

/** One connection as the superuser: row security is forced on every table, also for its owner. */
export type Connection = postgres.ReservedSql;

const MIGRATIONS: Record<ServiceName, string> = {
  who: "select id, hash from sinetti.migrations order by id",
  what: "select id, hash from sinetti.migrations order by id",
  gate: "select name as id, hash from sinetti_migrations.applied order by name",
};

/** Fixes what this connection sees from here on: one moment, whatever is written meanwhile. */
export async function openSnapshot(sql: Connection): Promise<void> {
  await sql`begin isolation level repeatable read read only`;
  await sql`select 1 from practices limit 1`;
}

/** What a service's database says of itself. */
export async function readFacts(
  sql: Connection,
  service: ServiceName,
): Promise<Pick<RowHeader, "schema" | "practices">> {
  const schema = await sql.unsafe<{ id: string; hash: string }[]>(MIGRATIONS[service]);
  const practices = await sql<{ practice: string; seq: number; hash: string }[]>`
    select encode(practice, 'hex') as practice, head_seq::float8 as seq, encode(head_hash, 'hex') as hash
    from practices order by practice`;
  return { schema: [...schema], practices: [...practices] };
}

/** The tables with their columns, by name. */
async function readTables(sql: Connection): Promise<{ table: string; columns: string[] }[]> {
  return sql<{ table: string; columns: string[] }[]>`
    select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    group by c.relname order by c.relname`;
}

/** Bytes that the tables take, for whoever wants to see how far a dump has come. */
export async function databaseBytes(sql: Connection): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select coalesce(sum(pg_table_size(oid)), 0)::float8 as bytes from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  return row?.bytes ?? 0;
}

/** Everything of a service as the parts of its file. */
export async function* dumpRows(
  sql: Connection,
  header: RowHeader,
  counted: (table: RowTable) => void,
): AsyncGenerator<Uint8Array> {
  yield encodePart({ type: "header", ...header });
  const tables = await readTables(sql);
  for (const { table, columns } of tables) {
    const [count] = await sql<
      { rows: number }[]
    >`select count(*)::float8 as rows from ${sql(table)}`;
    const described = { table, columns, rows: count?.rows ?? 0 };
    yield encodePart({ type: "table", ...described });
    const copied = sql`copy ${sql(table)} (${sql(columns)}) to stdout (format binary)`;
    yield* encodeRows((await copied.readable()) as AsyncIterable<Uint8Array>);
    counted(described);
  }
  yield encodePart({ type: "end", tables: tables.length });
}

async function checkTable(sql: Connection, { table, columns }: RowTable): Promise<void> {
  const found = (await readTables(sql)).find((each) => each.table === table);
  const isSame = found !== undefined && found.columns.join() === columns.join();
  if (!isSame) throw new BackupError("damaged", { detail: `table ${table}` });
}

async function countRows(sql: Connection, { table, rows }: RowTable): Promise<void> {
  const [count] = await sql<{ rows: number }[]>`select count(*)::float8 as rows from ${sql(table)}`;
  if (count?.rows !== rows) throw new BackupError("damaged", { detail: `rows of ${table}` });
}

/** One table that is being filled. */
class TableCopy {
  readonly #sql: Connection;
  readonly table: RowTable;
  readonly #writable: NodeJS.WritableStream;
  #failed: Error | undefined;

  private constructor(sql: Connection, table: RowTable, writable: NodeJS.WritableStream) {
    this.#sql = sql;
    this.table = table;
    this.#writable = writable;
    writable.on("error", (error: Error) => (this.#failed = error));
  }

  static async begin(sql: Connection, table: RowTable): Promise<TableCopy> {
    await checkTable(sql, table);
    const names = sql([...table.columns]);
    const copied = sql`copy ${sql(table.table)} (${names}) from stdin (format binary)`;
    return new TableCopy(sql, table, await copied.writable());
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#failed) throw this.#failed;
    if (!this.#writable.write(bytes)) await once(this.#writable, "drain");
  }

  async finish(): Promise<void> {
    const finished = once(this.#writable, "finish");
    this.#writable.end();
    await finished;
    await countRows(this.#sql, this.table);
  }
}

/** Fills empty tables from the parts that follow a header, all or nothing. Error: `damaged`. */
export async function loadRows(
  sql: Connection,
  parts: AsyncIterable<RowPart>,
  moved: (bytes: number) => void,
): Promise<number> {
  let copy: TableCopy | null = null;
  const filled = new Set<string>();
  await sql`begin`;
  for await (const part of parts) {
    if (part.type === "rows") {
      if (copy === null) throw new BackupError("damaged");
      await copy.write(part.bytes);
      moved(part.bytes.length);
      continue;
    }
    await copy?.finish();
    if (copy !== null) filled.add(copy.table.table);
    copy = part.type === "table" ? await TableCopy.begin(sql, part) : null;
    if (part.type === "table" && filled.has(part.table)) throw new BackupError("damaged");
    if (part.type === "end" && part.tables !== filled.size) throw new BackupError("damaged");
  }
  const missing = (await readTables(sql)).filter(({ table }) => !filled.has(table));
  if (missing.length > 0) throw new BackupError("damaged", { detail: "a table is missing" });
  await sql`commit`;
  await sql`analyze`;
  return filled.size;
}
