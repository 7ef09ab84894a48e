import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { databaseUrlToOptions } from "../../../tools/databaseAddress.ts";
import { openTestDatabase, type TestDatabase } from "../../../tools/testDatabase.ts";
import { effectiveAccess, type AccessEdge } from "../src/access.ts";
import { checkPosture } from "../src/posture.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const ROLES = ["reads", "inherits", "sets", "everything", "none", "columns"];
const PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];

let database: TestDatabase;
let sql: postgres.Sql;
let tag: string;

beforeAll(async () => {
  database = await openTestDatabase();
  const options = databaseUrlToOptions(database.superUrl);
  tag = options.database.slice(-6);
  sql = postgres({
    ...options,
    max: 1,
    prepare: false,
    fetch_types: false,
    onnotice: () => undefined,
  });
  const r = (name: string): string => `${name}_${tag}`;
  await sql.unsafe(`
    create schema care;
    ${ROLES.map((name) => `create role ${r(name)} login;`).join("")}
    create role ${r("team")} nologin; create role ${r("lead")} nologin;
    grant usage on schema care to ${[...ROLES.map(r), r("team"), r("lead")].join(", ")};
    create table care.note (id int, body text); create table care.open (id int); create table care.shut (id int);
    create view care.notes as select id from care.note;
    alter table care.shut owner to ${r("lead")};
    grant select on care.note to ${r("reads")};
    grant select, insert on care.note to ${r("team")};
    grant select on care.open to public;
    grant select (id), update (body) on care.note to ${r("columns")};
    grant ${r("team")} to ${r("lead")};
    grant ${r("lead")} to ${r("inherits")} with inherit true, set true;
    grant ${r("lead")} to ${r("sets")} with inherit false, set true;
    grant pg_read_all_data to ${r("everything")};
  `);
});
afterAll(async () => {
  await sql.unsafe(`drop schema care cascade`);
  for (const name of [...ROLES, "team", "lead"])
    await sql.unsafe(`drop owned by ${name}_${tag}; drop role ${name}_${tag}`);
  await sql.end();
  await database.stop();
});

const isWhole = (edge: AccessEdge, role: string, relation: string, privilege: string): boolean =>
  edge.role === role &&
  edge.relation === relation &&
  edge.by === "inherit" &&
  edge.column === null &&
  edge.privileges.includes(privilege);

describe("effective access", () => {
  test("is what PostgreSQL itself says of every role, relation and privilege", async () => {
    const { access, snapshot } = await checkPosture(sql, null, { now: NOW });
    let compared = 0;
    for (const role of ROLES.map((name) => `${name}_${tag}`))
      for (const relation of ["care.note", "care.open", "care.shut", "care.notes"])
        for (const privilege of PRIVILEGES) {
          const [row] = await sql<{ has: boolean }[]>`
            select has_table_privilege(${role}::name, ${relation}::text, ${privilege}::text) as has`;
          const ours = access.some((edge) => isWhole(edge, role, relation, privilege));
          expect([role, relation, privilege, ours]).toEqual([role, relation, privilege, row?.has]);
          compared += 1;
        }
    expect(compared).toBe(ROLES.length * 4 * PRIVILEGES.length);
    expect(effectiveAccess(snapshot)).toEqual(access);
  });

  test("says by which way, and what takes a SET ROLE first", async () => {
    const { access } = await checkPosture(sql, null, { now: NOW });
    const waysOf = (name: string, relation: string): string[] =>
      access
        .filter((edge) => edge.role === `${name}_${tag}` && edge.relation === relation)
        .map(
          ({ path, by, column }) =>
            `${by} ${column ?? "*"} ${path.join(" → ").replaceAll(`_${tag}`, "")}`,
        );
    expect(waysOf("inherits", "care.note")).toEqual([
      "inherit * inherits → member of lead → member of team → granted by postgres",
    ]);
    expect(waysOf("sets", "care.note")).toEqual([
      "set * sets → member of lead → member of team → granted by postgres",
    ]);
    expect(waysOf("sets", "care.shut")).toEqual(["set * sets → member of lead → owner"]);
    expect(waysOf("everything", "care.shut")).toEqual([
      "inherit * everything → member of pg_read_all_data → reads everything",
    ]);
    expect(waysOf("columns", "care.note")).toEqual([
      "inherit id columns → granted by postgres",
      "inherit body columns → granted by postgres",
    ]);
    expect(waysOf("none", "care.open")).toEqual(["inherit * none → granted to PUBLIC by postgres"]);
    expect(waysOf("none", "care.note")).toEqual([]);
  });
});
