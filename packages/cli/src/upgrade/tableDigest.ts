import type postgres from "postgres";

/** What a table holds, said so that the same can be asked again after it was migrated. */
export interface TableDigest {
  readonly table: string;
  readonly rows: number;
  /** Columns of the primary key, in order. */
  readonly key: readonly string[];
  /** By column: its type, and a sum over the hashes of its values, each bound to the key of its row. */
  readonly columns: ReadonlyMap<string, { readonly type: string; readonly sum: string }>;
}

interface TableShape {
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** The tables by name. */
export async function listTables(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname::text as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`;
  return rows.map(({ name }) => name);
}

async function readShape(sql: postgres.Sql, table: string): Promise<TableShape> {
  const columns = await sql<{ name: string; type: string; place: number | null }[]>`
    select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
      array_position(i.indkey::int2[], a.attnum) as place
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
    where c.relnamespace = 'public'::regnamespace and c.relname = ${table} order by a.attnum`;
  const key = columns
    .filter(({ place }) => place !== null)
    .toSorted((a, b) => Number(a.place) - Number(b.place))
    .map(({ name }) => name);
  return { table, key, columns: columns.map(({ name, type }) => ({ name, type })) };
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** One read of the table. */
async function sumColumns(
  sql: postgres.Sql,
  { table, key, columns }: TableShape,
): Promise<TableDigest> {
  const bound = key.map(quote).join(", ");
  const sums = columns.map(
    ({ name }, index) =>
      `coalesce(sum(hashtextextended(row(${[bound, quote(name)].filter((part) => part !== "").join(", ")})::text, 0)), 0)::text as c${index}`,
  );
  const [row = {}] = await sql.unsafe<Record<string, unknown>[]>(
    `select count(*)::float8 as rows, ${sums.join(", ")} from public.${quote(table)}`,
  );
  const found = columns.map(
    ({ name, type }, index) => [name, { type, sum: String(row[`c${index}`]) }] as const,
  );
  return { table, rows: Number(row["rows"]), key, columns: new Map(found) };
}

/** What every table holds now; whoever asks is not bound by row security. */
export async function digestTables(sql: postgres.Sql): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of await listTables(sql))
    digests.push(await sumColumns(sql, await readShape(sql, table)));
  return digests;
}

/**
 * What is missing or other than before: tables, rows, and values of the columns that are still there in the same type, found by
 * the same key. What was added is not looked at.
 */
export async function findLosses(
  sql: postgres.Sql,
  before: readonly TableDigest[],
): Promise<string[]> {
  const tables = new Set(await listTables(sql));
  const losses: string[] = [];
  for (const was of before) {
    if (!tables.has(was.table)) {
      losses.push(`table ${was.table}`);
      continue;
    }
    const shape = await readShape(sql, was.table);
    const now = new Map(shape.columns.map(({ name, type }) => [name, type]));
    const kept = [...was.columns].filter(([name, { type }]) => now.get(name) === type);
    const gone = [...was.columns.keys()].filter((name) => !kept.some(([each]) => each === name));
    losses.push(...gone.map((name) => `column ${was.table}.${name}`));
    const columns = kept.map(([name, { type }]) => ({ name, type }));
    const isBound = was.key.every((name) => now.has(name));
    if (!isBound) continue;
    const is = await sumColumns(sql, { table: was.table, key: was.key, columns });
    if (is.rows !== was.rows) losses.push(`rows of ${was.table}`);
    for (const [name, { sum }] of kept)
      if (is.columns.get(name)?.sum !== sum) losses.push(`values of ${was.table}.${name}`);
  }
  return losses;
}
