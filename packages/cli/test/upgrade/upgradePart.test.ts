import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { generateIdentity, identityToRecipient } from "age-encryption";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openTestDatabase, type TestDatabase } from "../../../../tools/testDatabase.ts";
import { decryptFile } from "../../src/backup/ageFile.ts";
import { readParts } from "../../src/backup/rowStream.ts";
import { databaseUrlToOptions } from "../../src/start/databaseUrl.ts";
import { knownMigrations, type Migration } from "../../src/upgrade/migrations.ts";
import { undoUpgrade } from "../../src/upgrade/undoUpgrade.ts";
import { UPGRADE_STEPS, upgradePart } from "../../src/upgrade/upgradePart.ts";
import { makePlace } from "../start/startedSystem.ts";
import { migrationOf, NEXT_MIGRATION } from "./fixtures/nextMigration.ts";

const KITS = 300;
const [SMALLEST, GREATEST] = ["asc", "desc"].map(
  (order) => `(select blob from kits order by blob ${order} limit 1)`,
);
const script = fileURLToPath(new URL("fixtures/killedUpgrade.ts", import.meta.url));
const place = makePlace();
let database: TestDatabase;
let admin: postgres.Sql;
let identity: string;
let recipient: string;

/** Gives the database the form of this version, as a service's first start does, and rows. */
beforeAll(async () => {
  identity = await generateIdentity();
  recipient = await identityToRecipient(identity);
  database = await openTestDatabase();
  admin = postgres({
    ...databaseUrlToOptions(database.superUrl),
    max: 1,
    onnotice: () => undefined,
  });
  const owner = postgres({ ...databaseUrlToOptions(database.ownerUrl), max: 1 });
  await owner`create schema sinetti`;
  await owner`create table sinetti.migrations (id text primary key, hash text not null)`;
  for (const { id, text, hash } of knownMigrations("who")) {
    await owner.unsafe(text);
    await owner`insert into sinetti.migrations values (${id}, ${hash})`;
  }
  await owner.end();
  await admin`
    insert into kits (practice, member, blob)
    select substr(sha256(('practice ' || n % 2)::bytea), 1, 16), substr(sha256(n::text::bytea), 1, 16), sha256(('kit ' || n)::bytea)
    from generate_series(1, ${KITS}) n`;
});
afterAll(async () => {
  await admin.end();
  await database.stop();
  place.remove();
});

/** Everything that an upgrade could lose or leave open. */
async function stateOf(): Promise<unknown> {
  const applied = await admin`select id from sinetti.migrations order by id`;
  const kits = await admin`
    select count(*)::int as count, md5(string_agg(encode(member || blob, 'hex'), ',' order by practice, member)) as sum from kits`;
  const open = await admin`
    select relname::text as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)`;
  return { applied: applied.map(({ id }) => String(id)), kits: kits[0], open: [...open] };
}

async function killedAfter(step: string, folder: string): Promise<NodeJS.Signals | null> {
  const words = [script, database.ownerUrl, step, folder, recipient];
  const child = spawn(process.execPath, words, { stdio: "inherit" });
  const [, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal;
}

/** Upgrades to the next version, and by more migrations; gives what came of it, or the code of the refusal with what it names. */
async function upgradeBy(more: readonly Migration[]): Promise<unknown> {
  const pool = postgres({ ...databaseUrlToOptions(database.ownerUrl), max: 1 });
  const sql = await pool.reserve();
  let backups = 0;
  try {
    const { applied } = await upgradePart(sql, {
      service: "who",
      migrations: [...knownMigrations("who"), NEXT_MIGRATION, ...more],
      backUp: () => Promise.resolve(`backup ${++backups}`),
    });
    return { applied, backups };
  } catch (error) {
    const { code, details } = error as { code: string; details: readonly string[] };
    return { code, details };
  } finally {
    sql.release();
    await pool.end();
  }
}

describe("an upgrade that is killed", () => {
  it.each(UPGRADE_STEPS.slice(0, -1))(
    "when it was %s leaves everything as it was",
    async (step) => {
      const before = await stateOf();
      const folder = join(place.path, step);
      mkdirSync(folder);
      expect(await killedAfter(step, folder)).toBe("SIGKILL");
      expect(await stateOf()).toEqual(before);
    },
  );

  it("when it was committed is done, and its backup from before opens and is whole", async () => {
    const before = (await stateOf()) as { applied: string[]; kits: unknown };
    const folder = join(place.path, "committed");
    mkdirSync(folder);
    expect(await killedAfter("committed", folder)).toBe("SIGKILL");
    const after = await stateOf();
    expect(after).toEqual({
      applied: [...before.applied, NEXT_MIGRATION.id],
      kits: before.kits,
      open: [],
    });
    const [filled] = await admin`select count(*)::int as count from kits where bytes = 32`;
    expect(filled).toEqual({ count: KITS });
    const file = readdirSync(folder).find((name) => name.endsWith(".age")) ?? "";
    const rows = new Map<string, number>();
    let schema: readonly { readonly id: string }[] = [];
    for await (const part of readParts(decryptFile(join(folder, file), [identity]))) {
      if (part.type === "header") ({ schema } = part);
      if (part.type === "table") rows.set(part.table, part.rows);
    }
    expect(schema.map(({ id }) => id)).toEqual(before.applied);
    expect(rows.get("kits")).toBe(KITS);
  });
});

describe("undoing an upgrade", () => {
  /** Puts back what the backup of the upgrade above holds; gives the migrations that stand then, or the refusal. */
  async function undo(): Promise<unknown> {
    const folder = join(place.path, "committed");
    const file = readdirSync(folder).find((name) => name.endsWith(".age")) ?? "";
    const parts = readParts(decryptFile(join(folder, file), [identity]));
    const first = await parts.next();
    if (first.done === true || first.value.type !== "header") throw new TypeError("no header");
    const pool = postgres({ ...databaseUrlToOptions(database.ownerUrl), max: 1 });
    const sql = await pool.reserve();
    const migrations = [...knownMigrations("who"), NEXT_MIGRATION];
    try {
      const header = first.value;
      return (await undoUpgrade(sql, { service: "who", migrations, header, parts })).applied;
    } catch (error) {
      const { code, details } = error as { code: string; details: readonly string[] };
      return { code, details };
    } finally {
      sql.release();
      await pool.end();
    }
  }
  const known = knownMigrations("who").map(({ id }) => id);

  it.each([
    [
      "a value was changed",
      `update kits set blob = 'x' where blob = ${SMALLEST}`,
      "values of kits.blob",
    ],
    [
      "a row was added",
      "insert into kits (practice, member, blob) select practice, substr(sha256(member), 1, 16), blob from kits limit 1",
      "rows of kits",
    ],
    [
      "a row was put where there was no place for it before",
      "insert into later select practice from kits limit 1",
      "table later",
    ],
  ])("is refused, and changes nothing, where %s since", async (_name, change, said) => {
    const kits = await admin`select practice, member, blob from kits`;
    await admin.unsafe(change);
    const before = await stateOf();
    expect(await undo()).toMatchObject({
      code: "written-since",
      details: expect.arrayContaining([said]) as string[],
    });
    expect(await stateOf()).toEqual(before);
    await admin`truncate kits, later`;
    await admin`insert into kits ${admin([...kits], "practice", "member", "blob")}`;
    await admin`update kits set bytes = octet_length(blob)`;
  });

  it("gives the database back as it was, in its older form", async () => {
    expect(await undo()).toEqual(known);
    const state = (await stateOf()) as { applied: string[]; open: unknown[] };
    expect([state.applied, state.open]).toEqual([known, []]);
  });
});

describe("an upgrade", () => {
  it("takes every step that a database lacks, and again after it was undone", async () => {
    expect(await upgradeBy([])).toEqual({
      applied: [NEXT_MIGRATION.id],
      backups: 1,
    });
  });

  it("has nothing to do, and writes no backup, where nothing is new", async () => {
    expect(await upgradeBy([])).toEqual({ applied: [], backups: 0 });
  });

  const [first, last] = [SMALLEST, GREATEST];

  it.each([
    [
      "changes a value",
      `update kits set blob = sha256(blob) where blob = ${first}`,
      ["values of kits.blob"],
    ],
    [
      "exchanges the values of two rows",
      `update kits set blob = case when blob = ${first} then ${last} else ${first} end
       where blob in (${first}, ${last})`,
      ["values of kits.blob"],
    ],
    [
      "loses a row",
      `delete from kits where blob = ${first}`,
      expect.arrayContaining(["rows of kits"]),
    ],
    ["takes a column away", "alter table kits drop column bytes", ["column kits.bytes"]],
    ["takes a table away", "drop table later", ["table later"]],
  ])("that %s is refused, and the database stays as it was", async (_name, text, details) => {
    const before = await stateOf();
    const unbound = `alter table kits no force row level security;\n${text}`;
    expect(await upgradeBy([migrationOf("9002-lossy.sql", unbound)])).toEqual({
      code: "lossy-migration",
      details,
    });
    expect(await stateOf()).toEqual(before);
  });

  it("is refused while the service runs", async () => {
    const app = postgres({ ...databaseUrlToOptions(database.appUrl), max: 1 });
    await app`select 1`;
    const refused = await upgradeBy([migrationOf("9002-more.sql", "select 1")]);
    await app.end();
    expect(refused).toMatchObject({ code: "still-running" });
  });

  it("may take away what its migration says that it gives up", async () => {
    const text = "-- gives up: table later\ndrop table later;";
    expect(await upgradeBy([migrationOf("9002-less.sql", text)])).toEqual({
      applied: ["9002-less.sql"],
      backups: 1,
    });
  });

  it("is refused by a version that is older than the data", async () => {
    expect(await upgradeBy([migrationOf("9003-other.sql", "select 1")])).toEqual({
      code: "newer-data",
      details: ["9002-less.sql"],
    });
  });
});
