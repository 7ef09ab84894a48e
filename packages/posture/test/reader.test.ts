import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { databaseUrlToOptions } from "../../../tools/databaseAddress.ts";
import { openTestDatabase, type TestDatabase } from "../../../tools/testDatabase.ts";
import type { MendedFinding } from "../src/findings.ts";
import { readerStatements } from "../src/reader.ts";
import { Looking } from "../src/collect/looking.ts";
import { checkPosture } from "../src/posture.ts";
import { readPolicy } from "../src/policy/readPolicy.ts";
import { inTransaction } from "../src/transaction.ts";
import { CopyWatch, type CopyEvent } from "../src/watch.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const PASSWORD = "f00dfeed";

let database: TestDatabase;
let admin: postgres.Sql;
let role: string;

const connect = (user?: string, application = "test"): postgres.Sql => {
  const options = databaseUrlToOptions(database.superUrl);
  const as = user === undefined ? {} : { user, password: PASSWORD };
  return postgres({
    ...options,
    ...as,
    max: 1,
    prepare: false,
    fetch_types: false,
    connection: { application_name: application },
    onnotice: () => undefined,
  });
};

beforeAll(async () => {
  database = await openTestDatabase();
  admin = connect();
  role = `reader_${databaseUrlToOptions(database.superUrl).database.slice(-6)}`;
  await admin.unsafe(`create role ${role} login password '${PASSWORD}'`);
  await admin.unsafe(
    `grant connect on database ${databaseUrlToOptions(database.superUrl).database} to ${role}`,
  );
});
afterAll(async () => {
  await admin.unsafe(
    `drop owned by ${role}; drop role ${role}; drop schema if exists posture cascade`,
  );
  await admin.end();
  await database.stop();
});

describe("a role that is no superuser", () => {
  test("is told what it may not see, and of those checks says nothing", async () => {
    const sql = connect(role);
    const { unseen, blind, findings } = await checkPosture(sql, null, { now: NOW });
    await sql.end();
    expect([...new Set(unseen.map(({ part }) => part))].sort()).toEqual([
      "files",
      "hba",
      "ident",
      "passwords",
      "sessions",
      "settings",
    ]);
    for (const id of ["N2", "R1", "X3", "N1"]) expect(blind).toContain(id);
    expect(findings.filter(({ id }) => ["N2", "R1", "R2"].includes(id))).toEqual([]);
  });

  test("sees all but times of files after the statements of the docs, and never a hash", async () => {
    await admin.unsafe(readerStatements(role).join(";\n"));
    const sql = connect(role);
    const { unseen, snapshot } = await checkPosture(sql, null, { now: NOW });
    expect(unseen).toEqual([]);
    expect(snapshot.passwords.get("sinetti_app")).toBe("scram-sha-256");
    await expect(sql`select rolpassword from pg_authid`).rejects.toMatchObject({ code: "42501" });
    await sql.end();
  });
});

describe("the function that counts for it", () => {
  const policy = (text: string) => {
    const read = readPolicy(`sinettiPosture: 1\nschemas: [public]\nciphertext:\n${text}`, NOW);
    return read.ok ? read.value : null;
  };
  const lookAs = async (text: string) => {
    const sql = connect(role);
    const { findings, unseen } = await checkPosture(sql, policy(text), { now: NOW });
    await sql.end();
    const ids = findings.filter(({ id }) => ["E1", "E3"].includes(id));
    return [ids.map(({ id, object }) => `${id} ${object}`), unseen.map(({ object }) => object)];
  };
  beforeAll(async () => {
    await admin.unsafe(`
      ${readerStatements(role).join(";")};
      create table public.vessel (body bytea, word text, phone text, tagged bytea);
      alter table public.vessel enable row level security; alter table public.vessel force row level security;
      insert into public.vessel select sha512(convert_to(i::text, 'UTF8')), encode(sha512(convert_to(i::text, 'UTF8')), 'hex'),
        '0401234567', '\\x01'::bytea from generate_series(1, 40) i;
      create view public.seeing as select body from public.vessel`);
  });
  afterAll(() => admin.unsafe("drop table public.vessel cascade"));

  test("counts behind row security, and gives no value", async () => {
    const columns = "  - column: public.vessel.body\n  - column: public.vessel.word\n";
    expect(await lookAs(columns)).toEqual([["E3 public.vessel.phone"], []]);
    await admin.unsafe(
      "update public.vessel set body = convert_to('Hän nukkui huonosti koko viikon ajan taas', 'UTF8')",
    );
    expect(await lookAs(columns)).toEqual([
      ["E1 public.vessel.body", "E3 public.vessel.phone"],
      [],
    ]);
    const sql = connect(role);
    await expect(sql`select body from public.vessel`).rejects.toMatchObject({ code: "42501" });
    await sql.end();
  });

  test("lends no count by a prefix of the reader's choice: that would read values bit by bit", async () => {
    const [found, unseen] = await lookAs("  - { column: public.vessel.tagged, prefix: '01' }\n");
    expect([found, unseen]).toEqual([["E3 public.vessel.phone"], ["public.vessel.tagged"]]);
  });

  test("counts in no view and no type of somebody's own, whose code would run with its rights", async () => {
    await admin.unsafe(
      "create type public.mood as enum ('low'); alter table public.vessel add m mood",
    );
    const sql = connect(role);
    for (const [relation, column] of [
      ["seeing", "body"],
      ["vessel", "m"],
      ["vessel", "absent"],
    ] as const)
      await expect(
        sql`select * from posture.count_values('public', ${relation}, ${column}, 10)`,
      ).rejects.toMatchObject({ code: "42501" });
    await sql.end();
    await admin.unsafe("alter table public.vessel drop m; drop type public.mood");
  });
});

describe("a connection that ends in the midst of a transaction", () => {
  const LAST = "select pg_terminate_backend(pg_backend_pid())";
  test.each([
    ["a statement", async (looking: Looking) => looking.rows(LAST)],
    ["what may fail by itself", async (looking: Looking) => looking.try("settings", "", LAST)],
  ])("fails that one, at %s, and not the process", async (_, look) => {
    const sql = connect();
    const looked = inTransaction(sql, "read only", async (tx) => look(new Looking(tx)));
    await expect(looked).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await sql.end({ timeout: 0 });
  });
});

describe("a mend", () => {
  test("quotes whatever a name carries, and ends what it says", async () => {
    const [schema, table, odd] = ['"a""b"', `"c'; drop table x; --"`, `"${role}""; x'\\"`];
    await admin.unsafe(`
      create schema ${schema}; create role ${odd} login; create table ${schema}.${table} ("d""e" text);
      grant truncate on ${schema}.${table} to ${odd} with grant option;
      grant select on ${schema}.${table} to public; grant update ("d""e") on ${schema}.${table} to ${odd};
      alter default privileges in schema ${schema} grant select on tables to ${odd};
      alter role ${odd} set search_path = x;
      create function ${schema}."f""g"(text) returns int language sql security definer as 'select 1'`);
    const odds = async (): Promise<readonly MendedFinding[]> => {
      const { findings } = await checkPosture(admin, null, { now: NOW });
      return findings.filter(({ object }) => /a"b|"; x/.test(object));
    };
    const found = await odds();
    expect(new Set(found.map(({ id }) => id))).toEqual(
      new Set(["F1", "F6", "G1", "G4", "G5", "G7", "R3", "R10", "R12"]),
    );
    for (const { steps } of found)
      if (steps.kind === "sql")
        for (const statement of steps.statements) await admin.unsafe(statement);
    expect(await odds()).toEqual([]);
    await admin.unsafe(`drop schema ${schema} cascade; drop owned by ${odd}; drop role ${odd}`);
  });
});

describe("plaintext", () => {
  const POLICY =
    "sinettiPosture: 1\nschemas: [public]\nciphertext:\n  - column: public.box.body\n  - column: public.box.word\n";
  const read = readPolicy(POLICY, NOW);
  const policy = read.ok ? read.value : null;

  const plainIn = async (values: string): Promise<string[]> => {
    await admin.unsafe(
      `create table public.box (body bytea, word text); insert into public.box ${values}`,
    );
    const { findings } = await checkPosture(admin, policy, { now: NOW });
    await admin.unsafe("drop table public.box");
    return findings.filter(({ id }) => id === "E1").map(({ object }) => object);
  };
  const random = "sha512(convert_to(i::text, 'UTF8'))";

  test("is not seen in thousands of random values, short ones and encoded ones included", async () => {
    const sixteen = `substring(${random} from 1 for 16)`;
    expect(
      await plainIn(`select ${random}, encode(${random}, 'hex') from generate_series(1, 3000) i`),
    ).toEqual([]);
    expect(
      await plainIn(
        `select ${sixteen}, replace(encode(substring(${random} from 1 for 40), 'base64'), E'\\n', '') from generate_series(1, 3000) i`,
      ),
    ).toEqual([]);
  });

  test("is seen when one value of a hundred is text, in any language, padded, or one byte over and over", async () => {
    for (const plain of [
      "convert_to('The patient slept badly this week again', 'UTF8')",
      "convert_to('Hän nukkui yönsä hyvin eikä pelännyt öisin enää', 'UTF8')",
      "convert_to('{\"note\":\"short\"}', 'UTF8') || decode(repeat('00', 200), 'hex')",
      "decode(repeat('41', 64), 'hex')",
    ])
      expect(
        await plainIn(
          `select case when i = 50 then ${plain} else ${random} end, null from generate_series(1, 100) i`,
        ),
      ).toEqual(["public.box.body"]);
    for (const plain of ["'Maija'", "'nukkui huonosti'", "'masennusjaahdistusjaunettomuus'"])
      expect(
        await plainIn(
          `select null, case when i = 50 then ${plain} else encode(${random}, 'hex') end from generate_series(1, 100) i`,
        ),
      ).toEqual(["public.box.word"]);
  });
});

describe("the watch", () => {
  test("tells once of a dump that begins and once when it ends, and of a COPY in progress", async () => {
    const watch = new CopyWatch(admin);
    await watch.look();
    const dump = connect(undefined, "pg_dump");
    await dump`select 1`;
    const begun = (await watch.look()).filter(({ object }) => object.includes("pg_dump"));
    expect(begun.map(({ event, kind }) => [event, kind])).toEqual([["begun", "dump"]]);
    expect(await watch.look()).toEqual([]);
    await admin.unsafe(begun[0]?.mend ?? "");
    let ended: CopyEvent[] = [];
    while (ended.length === 0) ended = await watch.look();
    expect(ended.map(({ event, pid }) => [event, pid])).toEqual([["ended", begun[0]?.pid]]);
    await dump.end({ timeout: 1 });

    const copier = connect();
    const copied = copier.unsafe("copy (select pg_sleep(30)) to '/dev/null'").then(
      () => "done",
      () => "ended",
    );
    let copying: CopyEvent[] = [];
    while (copying.length === 0) copying = await watch.look();
    expect(copying.map(({ event, kind }) => [event, kind])).toEqual([["begun", "copy"]]);
    await admin.unsafe(copying[0]?.mend ?? "");
    expect(await copied).toBe("ended");
    await copier.end({ timeout: 1 });
  });
});
