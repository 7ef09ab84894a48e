import type postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../tools/bareCluster.ts";
import { BREAK_GLASS_SECONDS } from "../src/breakGlass/breakGlass.ts";
import { BreakGlassWatch } from "../src/breakGlass/breakGlassWatch.ts";
import {
  closeBreakGlass,
  closeOverBreakGlass,
  listBreakGlass,
} from "../src/breakGlass/closeBreakGlass.ts";
import {
  openBreakGlass,
  type BreakGlassWish,
  type OpenedBreakGlass,
} from "../src/breakGlass/openBreakGlass.ts";
import type { MendedFinding } from "../src/findings.ts";
import { checkPosture } from "../src/posture.ts";
import { policySchema } from "../src/policy/policy.ts";
import { applyReview, collectAccess, lapseRoles } from "../src/review/applyReview.ts";

const HOUR = 3600;
const PASSWORD = "one-time";
/** Of a session that was ended: as the server says it, as the driver finds it, or as it tries again. */
const GONE = /^(57P01|28P01)$|^CONNECTION_/;
/** Another version's programs, for a run by hand: `/usr/lib/postgresql/15/bin`. */
const BIN = process.env["SINETTI_TEST_POSTGRES"];
let cluster: BareCluster;
let sql: postgres.Sql;

beforeAll(async () => {
  cluster = await startBareCluster({
    settings: { listen_addresses: "" },
    hba: "local clinic all scram-sha-256\nlocal all postgres scram-sha-256\n",
    ...(BIN === undefined ? {} : { bin: BIN }),
  });
  const first = cluster.connect();
  await first.unsafe("create role keeper login password 'x'");
  await first.unsafe("create database clinic owner keeper");
  await first.end();
  sql = cluster.connect("clinic");
  await sql.unsafe(
    "set role keeper; create table note (id int); insert into note values (7); reset role; revoke all on database clinic from public",
  );
});
afterAll(async () => {
  await sql.end();
  await cluster.stop();
});
afterEach(async () => {
  for (const { role } of await listBreakGlass(sql, new Date())) {
    await sql.unsafe(`drop owned by "${role}"`);
    await closeBreakGlass(sql, role);
  }
});

const open = (change: Partial<BreakGlassWish> = {}): Promise<OpenedBreakGlass> =>
  openBreakGlass(sql, {
    access: "read",
    by: "Aino Laine",
    reason: "a report is wrong",
    seconds: HOUR,
    verifier: PASSWORD,
    ...change,
  });
const enter = (role: string): postgres.Sql =>
  cluster.connect("clinic", { user: role, password: PASSWORD });
const after = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
const rolesThere = async (): Promise<string[]> =>
  (
    await sql<
      { name: string }[]
    >`select rolname as name from pg_roles where rolname like 'sinetti%'`
  ).map(({ name }) => name);
async function findings(now = new Date(), policy = ""): Promise<MendedFinding[]> {
  const declared = policy === "" ? null : policySchema.parse(JSON.parse(policy));
  const report = await checkPosture(sql, declared, { now });
  return report.findings.filter(({ id }) => id === "R14");
}

describe("opening a database for a time", () => {
  test("gives a login that reads, and ends at its hour by PostgreSQL itself", async () => {
    const { role, note } = await open({ seconds: BREAK_GLASS_SECONDS });
    const session = enter(role);
    expect([...(await session`select id from note`)]).toEqual([{ id: 7 }]);
    await expect(session`insert into note values (8)`).rejects.toMatchObject({ code: "42501" });
    await session.end();
    const [found] =
      await sql`select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication as powers,
      rolconnlimit as connections, rolvaliduntil as until from pg_roles where rolname = ${role}`;
    expect(found?.["powers"]).toBe(false);
    expect(found?.["connections"]).toBe(3);
    expect(found?.["until"]).toEqual(new Date(note.until));
    expect(Date.parse(note.until) - Date.parse(note.from)).toBe(BREAK_GLASS_SECONDS * 1000);
    await sql.unsafe(`alter role "${role}" valid until '${new Date().toISOString()}'`);
    const late = enter(role);
    await expect(late`select 1`).rejects.toMatchObject({ code: "28P01" });
    await late.end();
  });

  test("gives the owner's rights where these are asked for, and nothing beyond", async () => {
    const { role } = await open({ access: "owner" });
    const session = enter(role);
    await session`insert into note values (8)`;
    await session`delete from note where id = 8`;
    await expect(session`create role another`).rejects.toMatchObject({ code: "42501" });
    await session.end();
    const [one] = await listBreakGlass(sql, new Date());
    expect(one?.edges.map((edge) => edge.role).toSorted()).toEqual([
      "keeper",
      "sinetti_break_glass",
    ]);
  });

  test("is refused for longer than four hours, for nobody, for nothing, and as a superuser", async () => {
    const refused = async (change: Partial<BreakGlassWish>, code: string): Promise<void> => {
      await expect(open(change)).rejects.toMatchObject({ name: "BreakGlassError", code });
    };
    await refused({ seconds: BREAK_GLASS_SECONDS + 1 }, "too-long");
    await refused({ seconds: 59 }, "too-long");
    await refused({ seconds: Number.NaN }, "too-long");
    await refused({ by: " " }, "not-said");
    await refused({ reason: "two\nlines" }, "not-said");
    await refused({ access: "owner", owner: "postgres" }, "too-powerful");
    await refused({ access: "owner", owner: "pg_execute_server_program" }, "too-powerful");
    await refused({ access: "owner", owner: 'nobody"; drop table note; --' }, "no-such-role");
    await sql.unsafe("create role climber; grant postgres to climber");
    await refused({ access: "owner", owner: "climber" }, "too-powerful");
    await sql.unsafe("drop role climber");
    const keeper = cluster.connect("clinic", { user: "keeper", password: "x" });
    const wish = { access: "read", by: "A", reason: "b", seconds: HOUR, verifier: "x" } as const;
    await expect(openBreakGlass(keeper, wish)).rejects.toMatchObject({ code: "not-superuser" });
    await keeper.end();
    expect(await listBreakGlass(sql, new Date())).toEqual([]);
  });

  test("keeps what is said of it as it was said, whatever it looks like", async () => {
    const by = `O'Brien "\\'; drop role keeper; --`;
    const reason = `'); alter role keeper superuser; select ('{"until":"2999-01-01T00:00:00Z"} \\u0000 ä🔑`;
    await open({ by, reason });
    const [one] = await listBreakGlass(sql, new Date());
    expect([one?.note?.by, one?.note?.reason, one?.state]).toEqual([by, reason, "open"]);
    const [keeper] = await sql`select rolsuper as super from pg_roles where rolname = 'keeper'`;
    expect(keeper?.["super"]).toBe(false);
  });
});

describe("closing it", () => {
  test("ends its sessions, takes everything back and drops the role", async () => {
    const { role } = await open({ access: "owner" });
    const session = enter(role);
    await session`select 1`;
    expect(await closeBreakGlass(sql, role)).toEqual({ role, outcome: "closed" });
    await expect(session`select 1`).rejects.toMatchObject({ code: expect.stringMatching(GONE) });
    await session.end();
    expect(await rolesThere()).toEqual(["sinetti_break_glass"]);
  });

  test("leaves a role that owns something without a way in, and says so until the mend has run", async () => {
    const { role } = await open({ access: "owner" });
    const session = enter(role);
    await sql.unsafe(`grant create on schema public to "${role}"`);
    await session`create table leftover (id int)`;
    await session.end();
    expect((await closeBreakGlass(sql, role)).outcome).toBe("owns-something");
    const late = enter(role);
    await expect(late`select 1`).rejects.toMatchObject({ code: "28000" });
    await late.end();
    const [finding] = await findings();
    expect([finding?.severity, finding?.object]).toEqual(["medium", role]);
    expect(await closeOverBreakGlass(sql, after(5 * HOUR))).toEqual([]);
    await sql.unsafe(finding?.mend ?? "");
    expect(await findings()).toEqual([]);
    const [owner] =
      await sql`select tableowner as name from pg_tables where tablename = 'leftover'`;
    expect(owner?.["name"]).toBe("keeper");
  });

  test("touches no role but such", async () => {
    for (const role of [
      "keeper",
      "postgres",
      "sinetti_break_glass",
      "nobody",
      '"; drop table note',
    ])
      await expect(closeBreakGlass(sql, role)).rejects.toMatchObject({ code: "not-break-glass" });
    const [keeper] = await sql`select rolcanlogin as login from pg_roles where rolname = 'keeper'`;
    expect(keeper?.["login"]).toBe(true);
  });

  test("of those whose hours are over leaves the others", async () => {
    const short = await open({ seconds: HOUR });
    const long = await open({ seconds: 3 * HOUR });
    const session = enter(short.role);
    await session`select 1`;
    expect(await closeOverBreakGlass(sql, new Date())).toEqual([]);
    expect(await closeOverBreakGlass(sql, after(2 * HOUR))).toEqual([
      { role: short.role, outcome: "closed" },
    ]);
    await expect(session`select 1`).rejects.toMatchObject({ code: expect.stringMatching(GONE) });
    await session.end();
    expect((await listBreakGlass(sql, new Date())).map(({ role }) => role)).toEqual([long.role]);
  });
});

describe("posture", () => {
  test("finds it high within its hours and critical after them, with the mend that ends it", async () => {
    const { role } = await open();
    const [within] = await findings();
    expect([within?.severity, within?.object]).toEqual(["high", role]);
    expect(within?.why).toContain("Aino Laine opened it for read until");
    const [over] = await findings(after(2 * HOUR));
    expect([over?.severity, over?.fingerprint]).toEqual(["critical", within?.fingerprint]);
    for (const statement of over?.steps.kind === "sql" ? over.steps.statements : [])
      await sql.unsafe(statement);
    expect(await findings()).toEqual([]);
    expect(await rolesThere()).toEqual(["sinetti_break_glass"]);
  });

  test("is not fooled by a comment that was made by hand, taken away, or by a password that lasts", async () => {
    const { role, note } = await open();
    const comment = async (text: string | null): Promise<void> => {
      await sql.unsafe(
        `comment on role "${role}" is ${text === null ? "null" : `'sinetti break-glass ${text}'`}`,
      );
    };
    const severity = async (): Promise<unknown> => (await findings())[0]?.severity;
    await comment(null);
    expect(await severity()).toBe("critical");
    await comment('{"by":"A","reason":"b","access":"read","from":"then","until":"never"}');
    expect(await severity()).toBe("critical");
    await comment(JSON.stringify({ ...note, until: after(5 * HOUR).toISOString() }));
    expect(await severity()).toBe("critical");
    const tomorrow = {
      from: after(24 * HOUR).toISOString(),
      until: after(26 * HOUR).toISOString(),
    };
    await comment(JSON.stringify({ ...note, ...tomorrow }));
    expect(await severity()).toBe("critical");
    await comment(JSON.stringify(note));
    expect(await severity()).toBe("high");
    await sql.unsafe(`alter role "${role}" valid until 'infinity'`);
    expect(await severity()).toBe("critical");
    await sql.unsafe(`alter role "${role}" rename to harmless`);
    expect((await findings())[0]?.object).toBe("harmless");
    expect(await closeOverBreakGlass(sql, new Date())).toEqual([]);
  });

  test("lets nobody except it", async () => {
    const { role } = await open();
    const [finding] = await findings();
    const policy = {
      sinettiPosture: 1,
      exceptions: [
        { fingerprint: finding?.fingerprint, reason: "it is ours", until: "2999-01-01" },
      ],
    };
    const [again] = await findings(new Date(), JSON.stringify(policy));
    expect([again?.object, again?.excepted]).toEqual([role, null]);
  });
});

describe("whoever watches", () => {
  test("is told once when it is opened, when its hours are over, and when it has ended", async () => {
    const watch = new BreakGlassWatch(sql);
    const look = async (now = new Date()): Promise<string[]> =>
      (await watch.look(now)).map(({ event, access }) => `${event} ${access.role}`);
    expect(await look()).toEqual([]);
    const { role } = await open();
    expect([await look(), await look()]).toEqual([[`opened ${role}`], []]);
    const late = after(2 * HOUR);
    expect([await look(late), await look(late)]).toEqual([[`over ${role}`], []]);
    await closeBreakGlass(sql, role);
    expect([await look(late), await look(late)]).toEqual([[`ended ${role}`], []]);
  });
});

describe("a round of review", () => {
  test("shows it as what it is, and can only end it", async () => {
    const applying = { database: "who", policy: null, now: new Date() };
    const { role } = await open({ access: "owner" });
    const access = (await collectAccess(sql, applying)).filter((one) => one.role === role);
    expect(access.map(({ right, risks }) => [right, risks.includes("break-glass")])).toEqual([
      ["LOGIN", true],
      ["MEMBER", true],
      ["MEMBER", true],
    ]);
    const [login] = access;
    if (login === undefined) throw new TypeError("no login");
    const until = Math.floor(after(30 * 24 * HOUR).getTime() / 1000);
    for (const verdict of ["keep", "left"] as const) {
      const [applied] = await applyReview(sql, [{ access: login, verdict, until }], applying);
      expect(applied?.outcome).toBe("break-glass");
    }
    const [still] = await listBreakGlass(sql, new Date());
    expect(still?.state).toBe("open");
    const [applied] = await applyReview(
      sql,
      [{ access: login, verdict: "revoke", until: 0 }],
      applying,
    );
    expect(applied?.outcome).toBe("revoked");
    expect((await listBreakGlass(sql, new Date()))[0]?.login).toBe(false);
    const later = { ...applying, now: after(2 * HOUR) };
    const lapsed = await lapseRoles(sql, later);
    expect(lapsed.map((each) => [each.access.role, each.outcome])).toEqual([[role, "lapsed"]]);
    expect(await lapseRoles(sql, later)).toEqual([]);
    const late = enter(role);
    await expect(late`select 1`).rejects.toMatchObject({ code: "28P01" });
    await late.end();
  });
});
