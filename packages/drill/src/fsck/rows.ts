import type postgres from "postgres";

/** Which rows: file ids from `from` up to and without `to` (null: to the end), of one practice or of all. */
export interface Range {
  readonly from: Buffer;
  readonly to: Buffer | null;
  readonly practice: Buffer | null;
}
export const EVERYTHING: Range = { from: Buffer.alloc(0), to: null, practice: null };

/** A table as it is read: in the order of its key, a page at a time. */
export interface TableSpec {
  readonly table: string;
  /** Columns beside the key. */
  readonly columns: string;
  /** Name and SQL type of each column of the key. */
  readonly key: readonly (readonly [name: string, type: "bytea" | "bigint" | "text"])[];
  readonly pageSize: number;
}

/** The key as it is selected; the driver gives bigint as text otherwise. */
function selected([name, type]: TableSpec["key"][number]): string {
  return type === "bigint" ? `${name}::float8 as ${name}` : name;
}

function conditions(spec: TableSpec, range: Range): { text: string[]; values: Buffer[] } {
  const text: string[] = [];
  const values: Buffer[] = [];
  const add = (condition: string, value: Buffer): void => {
    values.push(value);
    text.push(`${condition} $${values.length}::bytea`);
  };
  if (range.practice !== null) add("practice =", range.practice);
  if (spec.key.some(([name]) => name === "file")) {
    if (range.from.length > 0) add("file >=", range.from);
    if (range.to !== null) add("file <", range.to);
  }
  return { text, values };
}

async function readPage<R extends object>(
  tx: postgres.ReservedSql,
  spec: TableSpec,
  { range, after }: { range: Range; after: R | null },
): Promise<R[]> {
  const { text, values } = conditions(spec, range);
  const parameters: (Buffer | number | string)[] = [...values];
  const names = spec.key.map(([name]) => `${spec.table}.${name}`).join(", ");
  if (after !== null) {
    const places = spec.key.map(([name, type]) => {
      parameters.push((after as Record<string, Buffer | number | string>)[name] as string);
      return `$${parameters.length}::${type}`;
    });
    text.push(`(${names}) > (${places.join(", ")})`);
  }
  const where = text.length === 0 ? "" : `where ${text.join(" and ")}`;
  const columns = [...spec.key.map(selected), spec.columns].filter((each) => each !== "");
  return (await tx.unsafe(
    `select ${columns.join(", ")} from ${spec.table} ${where} order by ${names} limit ${spec.pageSize}`,
    parameters,
  )) as unknown as R[];
}

/** The rows of a table in the order of its key; the next page is asked for while this one is worked on. */
export async function* readRows<R extends object>(
  tx: postgres.ReservedSql,
  spec: TableSpec,
  range: Range,
): AsyncGenerator<R> {
  let page = await readPage<R>(tx, spec, { range, after: null });
  while (page.length > 0) {
    const last = page.at(-1) as R;
    const isLast = page.length < spec.pageSize;
    const next = isLast ? Promise.resolve([]) : readPage<R>(tx, spec, { range, after: last });
    // Whoever stops reading early leaves it behind; its failure is then nobody's.
    next.catch(() => undefined);
    yield* page;
    page = await next;
  }
}

/** Rows of a file. */
export interface FileRow {
  readonly practice: Buffer;
  readonly file: Buffer;
}

/** The name that rows of several tables are brought together by; it sorts as the databases sort. */
export function groupOf({ practice, file }: FileRow): string {
  return `${practice.toString("hex")}:${file.toString("hex")}`;
}

/** Rows of one table, taken file by file. */
export class FileRows<R extends FileRow> {
  readonly #rows: AsyncGenerator<R>;
  #head: R | null | undefined;

  constructor(rows: AsyncGenerator<R>) {
    this.#rows = rows;
  }

  async #peek(): Promise<R | null> {
    if (this.#head === undefined) {
      const next = await this.#rows.next();
      this.#head = next.done === true ? null : next.value;
    }
    return this.#head;
  }

  /** The file of the next row; null: no more. */
  async group(): Promise<string | null> {
    const head = await this.#peek();
    return head === null ? null : groupOf(head);
  }

  /** The next rows as long as they are of this file. */
  async *of(group: string): AsyncGenerator<R> {
    for (let head = await this.#peek(); head !== null && groupOf(head) === group;) {
      this.#head = undefined;
      yield head;
      head = await this.#peek();
    }
  }

  /** All rows of this file at once. */
  async take(group: string): Promise<R[]> {
    const rows: R[] = [];
    for await (const row of this.of(group)) rows.push(row);
    return rows;
  }
}
