import { utimesSync, writeFileSync } from "node:fs";

import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../tools/bareCluster.ts";
import { SessionsUnseenError, CopyWatch } from "../src/watch.ts";
import { reachOf } from "../src/access.ts";
import { findFaults, type MendedFinding } from "../src/findings.ts";
import { readPolicy } from "../src/policy/readPolicy.ts";
import { checkPosture, type PostureReport } from "../src/posture.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
/** Another version's programs, for a run by hand: `/usr/lib/postgresql/15/bin`. */
const BIN = process.env["SINETTI_TEST_POSTGRES"];

/** The order of the lines matters: an expression that is not about a role takes nothing from it. */
const HBA = `local all all scram-sha-256
host all /^nobody$ 203.0.113.0/28 reject
host all all 203.0.113.7/32 scram-sha-256
`;
const ROLES = `
create role keeper nologin;
create role app login password 'x';
create role other login password 'x';
create role blind login password 'x';
create role constructor nologin;
grant constructor to other;
create database bad owner keeper;
create database good owner keeper;
revoke all on database bad, good, postgres from public;
`;
/** In both: what is right, and looks like what is wrong. */
const SCHEMA = `
create schema work authorization keeper;
grant usage on schema work to app;
set role keeper;
create table work.note (id int primary key, body bytea, short bytea);
create function work.safe() returns int language sql security definer set search_path = pg_catalog, work, pg_temp as 'select 1';
create function work.empty() returns int language sql security definer set search_path = '' as 'select 1';
create function work.stamp() returns trigger language plpgsql as 'begin return new; end';
create trigger stamp before update on work.note for each row execute function work.stamp();
revoke all on function work.safe(), work.empty() from public;
reset role;
`;
const FAULTS = `
grant keeper to app with admin option;
grant create on schema work to other;
grant create on database bad to other;
grant create on tablespace pg_default to public;
grant select on pg_catalog.pg_authid to other;
grant select (stavalues1) on pg_catalog.pg_statistic to other;
grant execute on function pg_catalog.pg_read_file(text) to other;
grant execute on function pg_catalog.pg_stat_file(text) to other;
set role keeper;
grant select (body) on work.note to app;
create function work.temporary() returns int language sql security definer set search_path = pg_catalog, work as 'select 1';
create function work.onOpen() returns int language sql security definer set search_path = work, pg_temp as 'select 1';
reset role;
create function work.changed() returns event_trigger language plpgsql as 'begin end';
create event trigger changed on ddl_command_end execute function work.changed();
create function work.ownChanged() returns event_trigger language plpgsql as 'begin end';
alter function work.ownChanged() owner to other;
create event trigger "own changed" on sql_drop execute function work.ownChanged();
create event trigger off on sql_drop execute function work.changed();
alter event trigger off disable;
alter function work.stamp() owner to other;
create function pg_catalog.hidden() returns int language sql security definer as 'select 1';
select lo_create(4242);
alter role other set app.jwt_secret = 'a secret of the application';
alter role other set log_statement = 'all';
insert into work.note select i, sha512(i::text::bytea), convert_to('Aino Virta', 'UTF8') from generate_series(1, 5) i;
`;
/** Row security is on in both, and nobody else should read. */
const POLICY = `
sinettiPosture: 1
schemas: [work]
rowSecurity: required
roles:
  postgres: { kind: superuser, login: true }
  keeper: { kind: owner }
  app: { kind: application, login: true }
  other: { kind: person, login: true }
  blind: { kind: reader, login: true }
ciphertext:
  - column: work.note.body
  - column: work.note.short
`;

let cluster: BareCluster;
let bad: postgres.Sql;
let good: postgres.Sql;
let inBad: PostureReport;
let inGood: PostureReport;

const look = (sql: postgres.Sql): Promise<PostureReport> => {
  const policy = readPolicy(POLICY, NOW);
  if (!policy.ok) throw new Error(JSON.stringify(policy.rejections));
  return checkPosture(sql, policy.value, { now: NOW });
};
const run = async (sql: postgres.Sql, script: string): Promise<void> => {
  for (const statement of script.split(";\n"))
    if (statement.trim() !== "") await sql.unsafe(statement);
};
const brief = ({ id, object, severity }: MendedFinding): string => `${id} ${severity} ${object}`;
const of = (report: PostureReport, ...ids: string[]): string[] =>
  report.findings
    .filter(({ id }) => ids.includes(id))
    .map(brief)
    .sort();

beforeAll(async () => {
  cluster = await startBareCluster({
    settings: { listen_addresses: "" },
    hba: HBA,
    ...(BIN === undefined ? {} : { bin: BIN }),
  });
  const admin = cluster.connect();
  await run(admin, ROLES);
  await admin.end();
  [bad, good] = [cluster.connect("bad"), cluster.connect("good")];
  await run(good, SCHEMA);
  inGood = await look(good);
  await run(bad, SCHEMA);
  await run(bad, FAULTS);
  inBad = await look(bad);
});
afterAll(async () => {
  await Promise.all([bad.end({ timeout: 1 }), good.end({ timeout: 1 })]);
  await cluster.stop();
});

describe("what was given away beside the tables", () => {
  test("is found: places to make things in", () => {
    expect(of(inBad, "G9")).toEqual([
      "G9 medium database bad by other",
      "G9 medium schema work by other",
      "G9 medium tablespace pg_default by PUBLIC",
    ]);
    expect(of(inGood, "G9")).toEqual([]);
  });

  test("is found: catalogues and functions of PostgreSQL itself", () => {
    const found = of(inBad, "G10").map((line) => line.replace(/\(filename.*\)/, "(…)"));
    expect(found).toEqual([
      "G10 high EXECUTE on pg_read_file(text) to other",
      "G10 high SELECT on pg_authid to other",
      "G10 high SELECT on pg_statistic.stavalues1 to other",
      "G10 low EXECUTE on pg_stat_file(…) to other",
    ]);
    expect(of(inGood, "G10")).toEqual([]);
  });

  test("is found: large objects, secrets among the settings, rows in the log", () => {
    expect(of(inBad, "G11", "E5", "X7")).toEqual([
      "E5 high app.jwt_secret of other in all databases",
      "G11 medium large objects of postgres",
      "X7 medium log_statement of other in all databases",
    ]);
    expect(of(inGood, "G11", "E5", "X7")).toEqual([]);
  });

  test("is found: code that runs as others", () => {
    expect(of(inBad, "F1", "F8", "F9")).toEqual([
      "F1 high pg_catalog.hidden()",
      "F1 medium work.onopen()",
      "F1 medium work.safe()",
      "F1 medium work.temporary()",
      "F8 high event trigger own changed",
      "F8 low event trigger changed",
      "F8 medium event trigger off",
      "F9 medium trigger stamp on work.note",
    ]);
    expect(of(inGood, "F1", "F8", "F9")).toEqual([]);
  });

  test("ends by the mends as they are printed", async () => {
    const ids = new Set(["G9", "G10", "E5", "X7", "F1", "F8", "F9", "R8"]);
    let failed: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      failed = [];
      for (const { id, object, steps } of (await look(bad)).findings) {
        if (!ids.has(id) || steps.kind !== "sql") continue;
        for (const statement of steps.statements)
          await bad.unsafe(statement).catch((error: Error) => {
            failed.push(`${id} ${object}: ${error.message}`);
          });
        await bad.unsafe("reset role");
      }
    }
    expect(failed).toEqual([]);
    expect(of(await look(bad), ...ids)).toEqual([]);
  });
});

describe("what is seen of roles and lines", () => {
  test("an application that can make itself the owner is found, also where it inherits nothing", () => {
    expect(of(inBad, "R8")).toEqual(["R8 high app as keeper"]);
    const { snapshot } = inBad;
    const memberships = snapshot.memberships.map((edge) => ({
      ...edge,
      inherit: false,
      set: false,
    }));
    const ways = (takesAdmin: boolean): string[] =>
      reachOf("app", { ...snapshot, memberships }, { takesAdmin }).map(({ role }) => role);
    expect([ways(false), ways(true)]).toEqual([["app"], ["app", "keeper"]]);
  });

  test("a column that somebody was given makes a table one that needs row security", () => {
    expect(of(inBad, "L1")).toEqual(["L1 high work.note"]);
    expect(of(inGood, "L1")).toEqual([]);
  });

  test("a short value that reads as text is no ciphertext", () => {
    expect(of(inBad, "E1")).toEqual(["E1 critical work.note.short"]);
  });

  test("a role called like what every object has is a role like another", () => {
    expect(of(inGood, "R13", "R7")).toEqual(["R13 medium other in constructor"]);
  });

  test("a line that turns others away by an expression hides no line that lets a superuser in", () => {
    expect(of(inGood, "N6")).toEqual(["N6 high postgres"]);
  });

  test("a line that trusts a certificate with the role's own name is no line without a password, and one that hands passwords on is bad", () => {
    const [line] = inGood.snapshot.hba;
    if (line === undefined) throw new TypeError("there is no line");
    const remote = { ...line, type: "hostssl", address: "203.0.113.8", netmask: null };
    const found = (method: string, ...options: string[]): string[] =>
      findFaults({ ...inGood.snapshot, hba: [{ ...remote, method, options }] }, null, { now: NOW })
        .filter(({ id }) => ["N2", "N14"].includes(id))
        .map(({ id, severity }) => `${id} ${severity}`);
    expect(found("trust", "clientcert=verify-full")).toEqual([]);
    expect(found("trust", "clientcert=verify-ca")).toEqual(["N2 critical"]);
    expect(found("ldap", "ldapserver=directory.example.org", "ldaptls=1")).toEqual([]);
    expect(found("ldap", "ldapscheme=ldaps")).toEqual([]);
    expect(found("ldap", "ldapserver=directory.example.org")).toEqual(["N14 medium"]);
  });

  test("a map of many accounts to one role, or of one to any, is found", () => {
    const found = (system: string, role: string): number =>
      findFaults(
        { ...inGood.snapshot, ident: [{ file: null, line: 1, map: "m", system, role }] },
        null,
        { now: NOW },
      ).filter(({ id }) => id === "N9").length;
    const many = [
      ["/^.*$", "app"],
      ["/admin$", "app"],
      ["/^admin", "app"],
      ["ann", "all"],
      ["ann", "/^.*$"],
    ];
    expect(many.map(([system = "", role = ""]) => found(system, role))).toEqual([1, 1, 1, 1, 1]);
    const few = [
      ["/^(.*)@EXAMPLE$", "\\1"],
      ["/^(ann|bob)$", "app"],
      ["ann", "app"],
    ];
    expect(few.map(([system = "", role = ""]) => found(system, role))).toEqual([0, 0, 0]);
  });

  test("suites that prove nothing, and passwords that are kept by few rounds, are found", () => {
    const { snapshot } = inGood;
    const found = (changed: Readonly<Record<string, string>>): string[] => {
      const settings = new Map(snapshot.settings);
      for (const [name, setting] of Object.entries(changed))
        settings.set(name, { name, setting, source: "configuration file", pendingRestart: false });
      return findFaults({ ...snapshot, settings }, null, { now: NOW })
        .filter(({ id }) => id === "A1")
        .map(({ severity, object }) => `${severity} ${object}`);
    };
    const usual = "HIGH:MEDIUM:+3DES:!aNULL";
    expect(found({ ssl: "on", ssl_ciphers: usual, scram_iterations: "4096" })).toEqual([]);
    expect(found({ ssl: "on", ssl_ciphers: "ALL:aNULL" })).toEqual(["high ssl_ciphers ALL:aNULL"]);
    expect(found({ ssl: "on", ssl_ciphers: "HIGH:RC4" })).toEqual(["high ssl_ciphers HIGH:RC4"]);
    expect(found({ scram_iterations: "1" })).toEqual(["medium scram_iterations 1"]);
  });

  test("a watch that would never see anybody says so", async () => {
    const blind = cluster.connect("postgres", { user: "blind", password: "x" });
    const admin = cluster.connect();
    await admin.unsafe("grant connect on database postgres to blind");
    try {
      await expect(new CopyWatch(blind).look()).rejects.toThrow(SessionsUnseenError);
      expect(await new CopyWatch(admin).look()).toEqual([]);
    } finally {
      await Promise.all([blind.end({ timeout: 1 }), admin.end({ timeout: 1 })]);
    }
  });

  test("a file of lines that is newer than what is in force is a grave fault", async () => {
    expect(of(inGood, "N8")).toEqual([]);
    writeFileSync(cluster.hbaFile, HBA);
    // PostgreSQL tells the time of a file in whole seconds: one of the very second in which it was read is none that is newer.
    const later = new Date(Date.now() + 2000);
    utimesSync(cluster.hbaFile, later, later);
    expect(of(await look(good), "N8")).toEqual(["N8 high pg_hba.conf"]);
  });
});
