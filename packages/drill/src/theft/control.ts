import { performance } from "node:perf_hooks";

import type { Sql } from "postgres";

import type { PlainCost } from "../measure/cost.ts";
import { dumpDatabase, type ServiceName } from "./dump.ts";
import { plainRows, type PlainRow, type PlainSource } from "./plainRows.ts";
import { Search, type Hit } from "./search.ts";

/** What the search found where nothing is sealed. */
export interface Control {
  /** Places that strings were put into: each must be found in its own row. */
  readonly places: number;
  readonly found: number;
  /** Fields whose string was not found where it was put. */
  readonly missed: readonly { readonly needle: number; readonly field: string }[];
  readonly rows: number;
  /** What the inserts took. */
  readonly plain: PlainCost;
  /** Strings that the files of the databases show, decompressed where PostgreSQL compressed them. */
  readonly foundInFiles: number;
  readonly needles: number;
}

/** The databases of the control, and the search of their files. */
export interface ControlPlaces {
  readonly databases: Readonly<Record<"who" | "what", Sql>>;
  readonly searchFiles: (search: Search) => Promise<void>;
  /** Processor seconds of the two databases so far. */
  readonly databaseCpuSeconds: () => number;
}

const ROWS_AT_ONCE = 500;
const BYTEA_ARRAY = 1001;

/** The tables that plain rows go to: the vaults' own columns, all of them bytes, under the key that anybody would give them. */
async function createTables(sql: Sql): Promise<void> {
  for (const table of ["entries", "attachments", "drafts", "lookup_cells"])
    await sql`create table ${sql(table)} (
      file bytea, id bytea, box bytea, primary key (file, id))`;
}

async function insert(sql: Sql, table: string, rows: readonly PlainRow[]): Promise<void> {
  const column = (values: readonly Uint8Array[]) => sql.array([...values], BYTEA_ARRAY);
  await sql`
    insert into ${sql(table)} (file, id, box)
    select * from unnest(
      ${column(rows.map(({ file }) => Buffer.from(file, "hex")))}::bytea[],
      ${column(rows.map(({ id }) => Buffer.from(id, "hex")))}::bytea[],
      ${column(rows.map(({ bytes }) => bytes))}::bytea[])`;
}

const hex = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString("hex") : "";

/** Fills tables with the same practice unsealed, and searches them as the sealed ones are searched. */
export async function runControl(
  source: PlainSource,
  needles: readonly string[],
  { databases, searchFiles, databaseCpuSeconds }: ControlPlaces,
): Promise<Control> {
  for (const sql of Object.values(databases)) await createTables(sql);
  const expected = new Map<string, { needle: number; field: string }>();
  const waiting = new Map<string, PlainRow[]>();
  const plain = { rows: 0, bytes: 0, seconds: 0, cpuSeconds: -databaseCpuSeconds() };
  const send = async (key: string): Promise<void> => {
    const part = waiting.get(key) ?? [];
    waiting.delete(key);
    const [first] = part;
    if (first === undefined) return;
    const began = performance.now();
    const cpu = process.cpuUsage();
    await insert(databases[first.service], first.table, part);
    plain.seconds += (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    plain.cpuSeconds += (user + system) / 1e6;
    plain.rows += part.length;
    plain.bytes += part.reduce((sum, { bytes }) => sum + bytes.length, 0);
  };
  const inRows = new Search(needles, {
    // A name of the staff is in the rows of a whole caseload; only where something was put is asked.
    isKept: (hit) => expected.has(placeOf(hit)),
  });
  const tooShort = new Set(inRows.tooShort);
  for await (const row of plainRows(source)) {
    const key = `${row.service}.${row.table}`;
    for (const place of row.planted.filter(({ needle }) => !tooShort.has(needle)))
      expected.set(`${place.needle} ${key} ${row.file}/${row.id}`, place);
    const part = waiting.get(key) ?? [];
    waiting.set(key, part);
    part.push(row);
    if (part.length === ROWS_AT_ONCE) await send(key);
  }
  for (const key of waiting.keys()) await send(key);
  plain.cpuSeconds += databaseCpuSeconds();
  for (const service of ["who", "what"] as const)
    await dumpDatabase(databases[service], inRows, {
      service: service satisfies ServiceName,
      nameRow,
    });
  const found = new Set(inRows.hits.map(placeOf));
  const missed = [...expected].filter(([place]) => !found.has(place)).map(([, place]) => place);
  const inFiles = new Search(needles);
  await searchFiles(inFiles);
  return {
    places: expected.size,
    found: expected.size - missed.length,
    missed,
    rows: plain.rows,
    plain,
    foundInFiles: new Set(inFiles.hits.map(({ needle }) => needle)).size,
    needles: needles.length - tooShort.size,
  };
}

const placeOf = ({ needle, source }: Pick<Hit, "needle" | "source">): string =>
  `${needle} ${source.split(".box")[0] ?? ""}`;

const nameRow = (_table: string, row: Readonly<Record<string, unknown>>): string =>
  `${hex(row["file"])}/${hex(row["id"])}`;
