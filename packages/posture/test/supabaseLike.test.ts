import type postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBareCluster, type BareCluster } from "../../../tools/bareCluster.ts";
import type { MendedFinding } from "../src/findings.ts";
import { checkPosture } from "../src/posture.ts";

/**
 * The roles of a Supabase project as its public documentation names them (anon, authenticated, service_role,
 * authenticator, supabase_admin), its grants and default privileges on `public`, and what its database advisor warns of.
 */
const SETUP = `
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit password 'x';
create role supabase_admin superuser login password 'x';
grant anon, authenticated, service_role to authenticator;
alter role anon set statement_timeout = '3s';
alter role authenticator set session_preload_libraries = '';
grant usage on schema public to anon, authenticated, service_role;
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
create schema auth;
create function auth.uid() returns uuid language sql stable as 'select null::uuid';
create table public.profiles (id uuid primary key, username text);
alter table public.profiles enable row level security;
create policy "Public profiles are viewable by everyone." on public.profiles for select using (true);
create policy "Users can update own profile." on public.profiles for update using (auth.uid() = id);
create table public.forgotten (id int, note text);
create table public.todos (id int, owner uuid);
alter table public.todos enable row level security;
create policy mine on public.todos to authenticated using (auth.uid() = owner);
create view public.everybody as select * from public.todos;
create function public.handle_new_user() returns int language sql security definer as 'select 1';
insert into public.forgotten select i, 'patient says ' || i from generate_series(1, 20) i;
`;

let cluster: BareCluster;
let sql: postgres.Sql;
let findings: readonly MendedFinding[];

beforeAll(async () => {
  cluster = await startBareCluster({
    settings: { listen_addresses: "" },
    hba: "local all all scram-sha-256\nhostssl all all 10.0.0.0/24 scram-sha-256\n",
  });
  sql = cluster.connect();
  await sql.unsafe(SETUP);
  ({ findings } = await checkPosture(sql, null, { now: new Date("2026-11-21T12:00:00Z") }));
});
afterAll(async () => {
  await sql.end({ timeout: 1 });
  await cluster.stop();
});

const has = (id: string, object: string): boolean =>
  findings.some((one) => one.id === id && one.object === object);

describe("a database with the roles of Supabase", () => {
  test("gets what its documentation warns of", () => {
    const expected: [string, string, string][] = [
      ["L1", "public.forgotten", "RLS disabled in public"],
      ["L4", "public.profiles Public profiles are viewable by everyone.", "policy always true"],
      ["L6", "public.everybody", "security definer view"],
      ["F1", "public.handle_new_user()", "function search path mutable"],
      ["F6", "public.handle_new_user()", "executable by anon"],
      ["R5", "service_role BYPASSRLS", "the service key passes by row security"],
      ["G4", "TABLES of postgres in public to anon", "new tables are exposed"],
      ["G7", "MAINTAIN, REFERENCES, TRIGGER, TRUNCATE on public.forgotten to anon", "grant all"],
      ["E3", "public.forgotten.note", "notes in clear"],
    ];
    const seen = findings.map(({ id, object }) => `${id} ${object}`).sort();
    for (const [id, object] of expected) expect(seen).toContain(`${id} ${object}`);
    expect(has("R4", "supabase_admin")).toBe(true);
  });

  test("gets nothing critical, and nothing for what is done right", () => {
    expect(findings.filter(({ severity }) => severity === "critical")).toEqual([]);
    for (const [id, object] of [
      ["L1", "public.todos"],
      ["L4", "public.todos mine"],
      ["R4", "postgres"],
      ["F6", "auth.uid()"],
    ] as const)
      expect([id, object, has(id, object)]).toEqual([id, object, false]);
  });
});
