import type postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../tools/bareCluster.ts";
import { readPolicy } from "../src/policy/readPolicy.ts";
import {
  applyReview,
  collectAccess,
  lapseRoles,
  type DatabaseDecision,
} from "../src/review/applyReview.ts";
import type { DatabaseAccess } from "../src/review/databaseAccess.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const DAY = 86_400;
const IN_30_DAYS = NOW.getTime() / 1000 + 30 * DAY;

let cluster: BareCluster;
let sql: postgres.Sql;
const policy = (() => {
  const read = readPolicy(
    `sinettiPosture: 1
schemas: [public]
roles:
  postgres: { kind: superuser, login: true }
  app: { kind: application, login: true, relations: { public.note: [select, insert] } }
  report: { kind: person, login: true }
`,
    NOW,
  );
  if (!read.ok) throw new TypeError("the policy is not taken");
  return read.value;
})();
const applying = { database: "who", policy, now: NOW };

beforeAll(async () => {
  cluster = await startBareCluster({
    settings: { listen_addresses: "" },
    hba: "local all all scram-sha-256\n",
  });
  sql = cluster.connect();
  await sql.unsafe(`
    create table note (id int);
    create role app login password 'x'; create role report login password 'x';
    create role "old one" login password 'x'; create role readers nologin;
    grant select, insert on note to app; grant select on note to "old one"; grant update on note to public;
    grant readers to "old one"; grant pg_read_all_data to report;
  `);
});
afterAll(async () => {
  await sql.end();
  await cluster.stop();
});

const look = (now = NOW): Promise<DatabaseAccess[]> => collectAccess(sql, { ...applying, now });

async function find(role: string, right: string, object?: string): Promise<DatabaseAccess> {
  const found = (await look()).find(
    (each) =>
      each.role === role &&
      each.right === right &&
      (object === undefined || each.object === object),
  );
  if (found === undefined) throw new TypeError(`no ${right} of ${role}`);
  return found;
}

const decide = (access: DatabaseAccess, change: Partial<DatabaseDecision>): DatabaseDecision => ({
  access,
  verdict: "keep",
  until: 0,
  ...change,
});

describe("what a review decides on in a database", () => {
  test("is every login, membership and grant, and what was not declared is said", async () => {
    const access = await look();
    const risky = access.filter(({ risks }) => risks.includes("undeclared"));
    expect(risky.map(({ role, right, object }) => `${role} ${right} ${object}`).toSorted()).toEqual(
      [
        "PUBLIC UPDATE public.note",
        "old one LOGIN plain",
        "old one MEMBER readers",
        "old one SELECT public.note",
        "report MEMBER pg_read_all_data",
      ],
    );
    const plain = access.filter(({ risks }) => risks.length === 0);
    expect(plain.map(({ role, right }) => `${role} ${right}`)).toContain("app INSERT, SELECT");
  });
});

describe("a round applied to a database", () => {
  test("takes away what was revoked and reads the catalogue again", async () => {
    const decisions = [
      decide(await find("old one", "SELECT"), { verdict: "revoke" }),
      decide(await find("old one", "MEMBER"), { verdict: "revoke" }),
      decide(await find("PUBLIC", "UPDATE"), { verdict: "revoke" }),
      decide(await find("app", "INSERT, SELECT"), {}),
    ];
    const applied = await applyReview(sql, decisions, applying);
    expect(applied.map(({ outcome }) => outcome)).toEqual([
      "revoked",
      "revoked",
      "revoked",
      "kept",
    ]);
    const left = (await look()).filter(({ role }) => role === "old one" || role === "PUBLIC");
    expect(left.map(({ right }) => right)).toEqual(["LOGIN"]);
  });

  test("ends a login on the day that was set or that nobody decided on, and never the service's own or the last superuser's", async () => {
    const decisions = [
      decide(await find("report", "LOGIN"), { until: IN_30_DAYS }),
      decide(await find("old one", "LOGIN"), { verdict: "left", until: IN_30_DAYS }),
      decide(await find("app", "LOGIN"), { verdict: "left", until: IN_30_DAYS }),
      decide(await find("postgres", "LOGIN"), { verdict: "revoke" }),
    ];
    const applied = await applyReview(sql, decisions, applying);
    expect(applied.map(({ outcome }) => outcome)).toEqual([
      "kept",
      "lapsing",
      "last-holder",
      "last-holder",
    ]);
    expect((await find("old one", "LOGIN")).validUntil).toBe(IN_30_DAYS);
    expect((await find("app", "LOGIN")).validUntil).toBe(null);
  });

  test("leaves alone what has changed since the round began", async () => {
    const frozen = await find("report", "LOGIN");
    const decision = decide({ ...frozen, validUntil: null }, { verdict: "revoke" });
    const [applied] = await applyReview(sql, [decision], applying);
    expect(applied?.outcome).toBe("changed");
    expect(await find("report", "LOGIN")).toEqual(frozen);
  });

  test("says of a grant by somebody else that it is still there", async () => {
    await sql.unsafe(`create role owner2 nologin; create table held (id int); alter table held owner to owner2;
      grant select on held to app with grant option; set role app; grant select on held to report; reset role`);
    const access = await find("report", "SELECT", "public.held");
    const [applied] = await applyReview(sql, [decide(access, { verdict: "revoke" })], applying);
    expect(applied?.outcome).toBe("still-there");
  });
});

describe("the last superuser who may log in", () => {
  const IN_A_DAY = NOW.getTime() / 1000 + DAY;
  const undeclared = { ...applying, policy: null };
  beforeAll(() => sql.unsafe("create role chief superuser login password 'x'"));
  afterEach(() =>
    sql.unsafe(`alter role postgres login valid until 'infinity';
      alter role chief login valid until 'infinity'`),
  );
  afterAll(() => sql.unsafe("drop role chief"));

  const ends = async (): Promise<(number | null)[]> => [
    (await find("postgres", "LOGIN")).validUntil,
    (await find("chief", "LOGIN")).validUntil,
  ];
  const both = async (
    verdicts: readonly [DatabaseDecision["verdict"], DatabaseDecision["verdict"]],
  ): Promise<string[]> => {
    const until = IN_30_DAYS;
    const decisions = [
      decide(await find("chief", "LOGIN"), { verdict: verdicts[0], until }),
      decide(await find("postgres", "LOGIN"), { verdict: verdicts[1], until }),
    ];
    const applied = await applyReview(sql, decisions, undeclared);
    return applied.map(({ outcome }) => outcome);
  };

  test("stays where one round revokes all of them", async () => {
    expect(await both(["revoke", "revoke"])).toEqual(["revoked", "last-holder"]);
    expect((await find("postgres", "LOGIN")).object).toContain("superuser");
  });

  test("gets no day where one round leaves all of them undecided, or keeps them", async () => {
    expect(await both(["left", "left"])).toEqual(["lapsing", "last-holder"]);
    expect(await ends()).toEqual([null, IN_30_DAYS]);
    expect(await both(["keep", "keep"])).toEqual(["kept", "kept"]);
    expect(await ends()).toEqual([null, IN_30_DAYS]);
  });

  test("loses the day that it has, whichever decision comes first", async () => {
    await sql.unsafe(`alter role chief valid until '${new Date(IN_A_DAY * 1000).toISOString()}'`);
    expect(await both(["keep", "revoke"])).toEqual(["kept", "revoked"]);
    expect((await find("chief", "LOGIN")).validUntil).toBe(null);
    await sql.unsafe(`alter role postgres login;
      alter role chief valid until '${new Date(IN_A_DAY * 1000).toISOString()}'`);
    expect(await both(["left", "revoke"])).toEqual(["last-holder", "revoked"]);
    expect((await find("chief", "LOGIN")).validUntil).toBe(null);
  });

  test("stays where all of them are past their day, and is not saved by one who is", async () => {
    const day = new Date(IN_A_DAY * 1000).toISOString();
    await sql.unsafe(
      `alter role chief valid until '${day}'; alter role postgres valid until '${day}'`,
    );
    const later = { ...undeclared, now: new Date((IN_A_DAY + DAY) * 1000) };
    const lapsed = await lapseRoles(sql, later);
    expect(lapsed.map(({ access, outcome }) => `${access.role} ${outcome}`)).toEqual([
      "chief last-holder",
      "postgres last-holder",
    ]);
    const decision = decide(await find("postgres", "LOGIN"), { verdict: "revoke" });
    const [applied] = await applyReview(sql, [decision], later);
    expect(applied?.outcome).toBe("last-holder");
  });
});

describe("a login that nobody renewed", () => {
  test("is taken on its day, its sessions end, and the catalogue says so; before that it stays", async () => {
    const session = cluster.connect("postgres", { user: "old one", password: "x" });
    await session`select 1`;
    expect(await lapseRoles(sql, applying)).toEqual([]);
    const later = new Date((IN_30_DAYS + DAY) * 1000);
    const lapsed = await lapseRoles(sql, { ...applying, now: later });
    expect(lapsed.map(({ access, outcome }) => `${access.role} ${outcome}`).toSorted()).toEqual([
      "old one lapsed",
      "report lapsed",
    ]);
    expect(
      (await look(later)).some(({ role, right }) => role === "old one" && right === "LOGIN"),
    ).toBe(false);
    const [still] =
      await sql`select count(*)::int as n from pg_stat_activity where usename = 'old one'`;
    expect(still?.["n"]).toBe(0);
    await session.end();
    const again = cluster.connect("postgres", { user: "old one", password: "x" });
    await expect(again`select 1`).rejects.toMatchObject({ code: "28000" });
    await again.end();
  });
});
