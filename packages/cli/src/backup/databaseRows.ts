import type { Readable, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";

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

async function* copyOut(sql: Connection, { table, columns }: RowTable): AsyncGenerator<Uint8Array> {
  const names = sql([...columns]);
  const copied = sql`copy ${sql(table)} (${names}) to stdout (format binary)`;
  const stream: Readable = await copied.readable();
  yield* stream as AsyncIterable<Uint8Array>;
  // The driver pauses its socket when the reader is slow, and forgets it so when the last rows filled the stream.
  stream["_read"](0);
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
    yield* encodeRows(copyOut(sql, described));
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
  readonly #writable: Writable;
  #failed: Error | undefined;

  private constructor(sql: Connection, table: RowTable, writable: Writable) {
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
    await new Promise<void>((resolve, reject) => {
      this.#writable.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends the copy on the connection, which takes nothing else before. */
  giveUp(): void {
    this.#writable.destroy(new Error("given up"));
  }

  async finish(): Promise<void> {
    this.#writable.end();
    await setImmediate();
    // The driver tells nobody that a copy failed at its very end; what is asked next in the same transaction fails then.
    await countRows(this.#sql, this.table);
  }
}

/** The tables that are being filled, one after the other. */
class Filling {
  readonly #sql: Connection;
  readonly #filled = new Set<string>();
  #copy: TableCopy | null = null;

  constructor(sql: Connection) {
    this.#sql = sql;
  }

  async take(part: RowPart): Promise<void> {
    if (part.type === "rows") {
      if (this.#copy === null) throw new BackupError("damaged");
      return this.#copy.write(part.bytes);
    }
    await this.#finish();
    if (part.type === "table") {
      if (this.#filled.has(part.table)) throw new BackupError("damaged");
      this.#copy = await TableCopy.begin(this.#sql, part);
    } else if (part.type === "end" && part.tables !== this.#filled.size)
      throw new BackupError("damaged");
  }

  async #finish(): Promise<void> {
    await this.#copy?.finish();
    if (this.#copy !== null) this.#filled.add(this.#copy.table.table);
    this.#copy = null;
  }

  async checkWhole(): Promise<void> {
    const tables = await readTables(this.#sql);
    if (tables.some(({ table }) => !this.#filled.has(table)))
      throw new BackupError("damaged", { detail: "a table is missing" });
  }

  giveUp(): void {
    this.#copy?.giveUp();
  }
}

/** Fills empty tables from the parts that follow a header, inside the transaction that is open. Error: `damaged`. */
export async function fillTables(
  sql: Connection,
  parts: AsyncIterable<RowPart>,
  moved: (bytes: number) => void,
): Promise<void> {
  const filling = new Filling(sql);
  try {
    for await (const part of parts) {
      await filling.take(part);
      if (part.type === "rows") moved(part.bytes.length);
    }
    await filling.checkWhole();
  } catch (error) {
    filling.giveUp();
    throw error instanceof BackupError ? error : new BackupError("damaged", { cause: error });
  }
}

/** Fills empty tables from the parts that follow a header, all or nothing. Error: `damaged`. */
export async function loadRows(
  sql: Connection,
  parts: AsyncIterable<RowPart>,
  moved: (bytes: number) => void,
): Promise<void> {
  await sql`begin`;
  try {
    await fillTables(sql, parts, moved);
    await sql`commit`;
  } catch (error) {
    // Fails only with the connection, and then nothing was committed either.
    await sql`rollback`.catch(() => undefined);
    throw error instanceof BackupError ? error : new BackupError("damaged", { cause: error });
  }
  await sql`analyze`;
}
