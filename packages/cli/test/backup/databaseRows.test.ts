import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import {
  dumpRows,
  loadRows,
  openSnapshot,
  readFacts,
  type Connection,
} from "../../src/backup/databaseRows.ts";
import { encodePart, readParts, type RowHeader, type RowPart } from "../../src/backup/rowStream.ts";
import { databaseUrlToOptions } from "../../src/start/databaseUrl.ts";

let system: TestSystem;
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  for (const end of open) await end();
  await system.stop();
});

async function connect(service: "who" | "what" | "gate"): Promise<Connection> {
  const pool = postgres({
    ...databaseUrlToOptions(system.databases[service].superUrl),
    max: 1,
    onnotice: () => undefined,
  });
  open.push(() => pool.end({ timeout: 1 }));
  return pool.reserve();
}

const HEADER: RowHeader = {
  format: 1,
  backup: "ab".repeat(16),
  service: "what",
  schema: [],
  practices: [],
  publicKey: "cd".repeat(32),
  serviceKey: null,
  backupKey: "ef".repeat(32),
};
const id = (number: number): Buffer => Buffer.alloc(16, number);

async function dump(sql: Connection): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of dumpRows(sql, HEADER, () => undefined)) parts.push(part);
  return Buffer.concat(parts);
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 50_000) yield bytes.subarray(from, from + 50_000);
}

async function load(sql: Connection, bytes: Uint8Array): Promise<void> {
  const parts = readParts(pieces(bytes));
  await parts.next();
  await loadRows(sql, parts, () => undefined);
}

async function split(bytes: Uint8Array): Promise<RowPart[]> {
  const parts: RowPart[] = [];
  for await (const part of readParts(pieces(bytes)))
    parts.push(part.type === "rows" ? { ...part, bytes: Buffer.from(part.bytes) } : part);
  return parts;
}

async function fingerprint(sql: Connection): Promise<string[]> {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`;
  const prints: string[] = [];
  for (const { name } of tables) {
    const [row] = await sql<{ print: string }[]>`
      select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as print from ${sql(name)} t`;
    prints.push(`${name} ${row?.print}`);
  }
  return prints;
}

async function fill(sql: Connection, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const box = Buffer.alloc(100_000, number);
    await sql`insert into entries (practice, file, entry, seq, position, box) values (${id(1)}, ${id(2)}, ${id(number)}, ${number}, 0, ${box})`;
    await sql`insert into attachments (practice, file, attachment, chunk, box, hash) values (${id(1)}, ${id(2)}, ${id(number)}, 0, ${box}, ${Buffer.alloc(32)})`;
  }
}

describe("the rows of a database", () => {
  let bytes: Buffer;
  let before: string[];

  beforeAll(async () => {
    const sql = await connect("what");
    await fill(sql, 20);
    const gate = await connect("gate");
    await gate`insert into opening_approvals (practice, idx, subject, approver, scope, files, count, until, reason)
      values (${id(1)}, 1, ${id(2)}, null, 'files', ${gate.array([id(3), id(4)], 17)}, 2, 3, 'leave')`;
    before = await fingerprint(sql);
    bytes = await dump(sql);
  });
  beforeEach(() => system.lose("what"));

  it("come back to the last bit, empty tables, nulls and arrays too", async () => {
    const sql = await connect("what");
    await load(sql, bytes);
    expect(await fingerprint(sql)).toEqual(before);
    const gate = await connect("gate");
    const printed = await fingerprint(gate);
    const dumped = await dump(gate);
    await system.lose("gate");
    const empty = await connect("gate");
    expect(await fingerprint(empty)).not.toEqual(printed);
    await load(empty, dumped);
    expect(await fingerprint(empty)).toEqual(printed);
    const { schema } = await readFacts(empty, "gate");
    expect(schema[0]).toMatchObject({
      id: "0001-tables.sql",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("are those of one moment, whatever is written meanwhile", async () => {
    const writer = await connect("what");
    await fill(writer, 3);
    const sql = await connect("what");
    await openSnapshot(sql);
    await writer`delete from entries where seq = 0`;
    await writer`insert into kits (practice, member, blob) values (${id(1)}, ${id(1)}, ${id(1)})`;
    const tables = (await split(await dump(sql))).flatMap((part) =>
      part.type === "table" ? [[part.table, part.rows] as const] : [],
    );
    const counts = new Map(tables);
    expect([counts.get("entries"), counts.get("attachments"), counts.get("kits")]).toEqual([
      3, 3, 0,
    ]);
  });

  it("are not taken when a table is missing, doubled, unknown, of other columns or short of a row; and nothing is left", async () => {
    const parts = await split(bytes);
    const tables = parts.filter((part) => part.type === "table");
    const change = (of: string, to: (part: RowPart) => RowPart[]): RowPart[] => {
      let table = "";
      return parts.flatMap((part) => {
        if (part.type === "table") ({ table } = part);
        return table === of && part.type !== "end" ? to(part) : [part];
      });
    };
    const asTable = (part: RowPart, other: object): RowPart[] =>
      part.type === "table" ? [{ ...part, ...other }] : [part];
    const doubled = change("kits", (part) => [part]);
    const lies: RowPart[][] = [
      change("kits", () => []),
      [
        ...doubled.slice(0, -1),
        ...change("kits", (part) => [part]).filter(
          (part) => part.type === "table" && part.table === "kits",
        ),
        { type: "end", tables: tables.length },
      ],
      change("kits", (part) => asTable(part, { table: "pg_authid" })),
      change("kits", (part) => asTable(part, { columns: ["practice", "blob", "member"] })),
      change("entries", (part) => asTable(part, { rows: 21 })),
      change("entries", (part) => (part.type === "rows" ? [] : [part])),
      parts.map((part) => (part.type === "end" ? { ...part, tables: 1 } : part)),
    ];
    const sql = await connect("what");
    const empty = await fingerprint(sql);
    for (const lie of lies) {
      const broken = Buffer.concat(lie.map(encodePart));
      await expect(load(sql, broken)).rejects.toMatchObject({ code: expect.any(String) });
    }
    expect(await fingerprint(sql)).toEqual(empty);
  });
});
