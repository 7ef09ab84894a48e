import type { Sql } from "postgres";

import { ColumnCheck, type ColumnFinding, type ColumnMeasure } from "./columnCheck.ts";
import type { Search } from "./search.ts";

/** The three databases. */
export const SERVICES = ["who", "what", "gate"] as const;
/** One of them. */
export type ServiceName = (typeof SERVICES)[number];

const ROWS_AT_ONCE = 500;

/** What was seen of a database that was dumped. */
export interface Dumped {
  readonly rows: number;
  readonly findings: ColumnFinding[];
  readonly measures: ColumnMeasure[];
}

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

async function columnsOf(sql: Sql): Promise<Map<string, Column[]>> {
  const columns = await sql<Column[]>`
    select c.relname as table, a.attname as name, t.typname as type
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    join pg_type own on own.oid = a.atttypid join pg_type t on t.oid = coalesce(nullif(own.typbasetype, 0), own.oid)
    where c.relkind in ('r', 'p', 'm') and c.relnamespace = 'public'::regnamespace
      and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`;
  return Map.groupBy(columns, ({ table }) => table);
}

/** Reads every row of every table as a superuser, whom no row security holds; searches it, and looks at each column. */
export async function dumpDatabase(
  sql: Sql,
  search: Search,
  {
    service,
    nameRow,
  }: {
    service: ServiceName;
    nameRow?: (table: string, row: Readonly<Record<string, unknown>>) => string;
  },
): Promise<Dumped> {
  const dumped: Dumped = { rows: 0, findings: [], measures: [] };
  let rows = 0;
  for (const [table, columns] of await columnsOf(sql)) {
    const checks = columns.map((column) => new ColumnCheck(service, table, column));
    const read = sql`select * from ${sql(table)}`.cursor(ROWS_AT_ONCE);
    for await (const part of read)
      for (const row of part) {
        rows++;
        const source = `${service}.${table}${nameRow === undefined ? "" : ` ${nameRow(table, row)}`}`;
        for (const [index, { name }] of columns.entries()) {
          checks[index]?.add(row[name]);
          searchValue(search, `${source}.${name}`, row[name]);
        }
      }
    dumped.findings.push(...checks.flatMap((check) => check.findings()));
    dumped.measures.push(
      ...checks.filter(({ hasBytes }) => hasBytes).map(({ measure }) => measure),
    );
  }
  return { ...dumped, rows };
}

function searchValue(search: Search, source: string, value: unknown): void {
  if (value instanceof Uint8Array) search.bytes(source, value);
  else if (typeof value === "string") search.bytes(source, Buffer.from(value, "utf8"));
  else if (Array.isArray(value)) for (const each of value) searchValue(search, source, each);
}
