import { UnsafeDatabaseError, faultOf, type DatabaseFault } from "./databaseFault.ts";
import type { Sql } from "./store/transaction.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);
/** Tables that only grow. */
const CHAINS = ["practice_links", "access_links", "record_links", "acceptances"];

async function findRoleFaults(owner: Sql, role: string): Promise<DatabaseFault[]> {
  const powers = await owner<{ name: string }[]>`
    select rolname as name from pg_roles where rolname = ${role}
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`;
  const granted = await owner<{ name: string }[]>`
    select format('%I FROM %I', r.rolname, ${role}::text) as name
    from pg_auth_members m join pg_roles r on r.oid = m.roleid
    where m.member = (select oid from pg_roles where rolname = ${role})`;
  const owned = await owner<{ name: string }[]>`
    select format('TABLE %I.%I', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where pg_get_userbyid(c.relowner) = ${role} and c.relkind in ('r', 'p', 'v', 'S')
    union all select format('SCHEMA %I', nspname) from pg_namespace
      where pg_get_userbyid(nspowner) = ${role}
    union all select format('DATABASE %I', datname) from pg_database
      where pg_get_userbyid(datdba) = ${role}`;
  return [
    ...powers.map(({ name }) => faultOf("app-role-powers", name)),
    ...granted.map(({ name }) => faultOf("app-role-member", name)),
    ...owned.map(({ name }) => faultOf("app-role-owner", name)),
  ];
}

/** What an application never needs; the last came with PostgreSQL 17, and an older one would not know the word. */
async function tablePowers(owner: Sql): Promise<string[]> {
  const [server] = await owner<{ version: number }[]>`
    select current_setting('server_version_num')::int as version`;
  const powers = ["TRUNCATE", "TRIGGER", "REFERENCES"];
  return (server?.version ?? 0) >= 170_000 ? [...powers, "MAINTAIN"] : powers;
}

async function findTableFaults(owner: Sql, role: string): Promise<DatabaseFault[]> {
  const open = await owner<{ name: string }[]>`
    select format('%I', c.relname) as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity
        and exists (select from pg_policy p where p.polrelid = c.oid))`;
  const changing = await owner<{ name: string }[]>`
    select format('%s ON %I FROM %I', power, c.relname, ${role}::text) as name
    from pg_class c cross join unnest(${owner.array(await tablePowers(owner))}) power
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and has_table_privilege(${role}, c.oid, power)
    union all
    select format('CREATE ON SCHEMA public FROM %I', ${role}::text)
    where has_schema_privilege(${role}, 'public', 'CREATE')`;
  const rewriting = await owner<{ name: string }[]>`
    select format('UPDATE, DELETE ON %I FROM %I', c.relname, ${role}::text) as name
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relname = any(${CHAINS})
      and (has_any_column_privilege(${role}, c.oid, 'UPDATE')
        or has_table_privilege(${role}, c.oid, 'DELETE'))`;
  return [
    ...open.map(({ name }) => faultOf("row-security-off", name)),
    ...changing.map(({ name }) => faultOf("app-may-change-schema", name)),
    ...rewriting.map(({ name }) => faultOf("app-may-rewrite", name)),
  ];
}

/** What only the audit functions of the superuser show; without them nothing is known, which is a fault by itself. */
async function findClusterFaults(owner: Sql): Promise<DatabaseFault[]> {
  const [found] = await owner`
    select to_regprocedure('sinetti_audit.hba_lines()') is not null
      and to_regprocedure('sinetti_audit.roles_without_password()') is not null as here`;
  if (found?.here !== true) return [faultOf("cannot-check", "sinetti_audit")];
  const lines = await owner<{ line: number; method: string | null; error: string | null }[]>`
    select line, method, error from sinetti_audit.hba_lines()`;
  const reachable = await owner<{ name: string }[]>`
    select format('%I', w.role) as name from sinetti_audit.roles_without_password() w
    where exists (select from sinetti_audit.hba_lines() l
      where l.type <> 'local' and l.method <> 'reject'
        and exists (select from unnest(l.role) r
          where r = 'all' or r = w.role or r like '+%' or r like '/%'))`;
  return [
    ...lines
      .filter(({ error }) => error !== null)
      .map(({ line }) => faultOf("cannot-check", `pg_hba.conf line ${line}`)),
    ...lines
      .filter(({ method }) => method === "trust")
      .map(({ line }) => faultOf("trust-line", `line ${line}`)),
    ...reachable.map(({ name }) => faultOf("role-without-password", name)),
  ];
}

async function findListenFaults(owner: Sql): Promise<DatabaseFault[]> {
  const [setting] = await owner<{ addresses: string; ssl: string }[]>`
    select current_setting('listen_addresses') as addresses, current_setting('ssl') as ssl`;
  const addresses = (setting?.addresses ?? "*").split(",").map((address) => address.trim());
  const isOutside = addresses.some((address) => address !== "" && !LOOPBACK.has(address));
  return isOutside && setting?.ssl !== "on"
    ? [faultOf("listens-without-tls", addresses.join(", "))]
    : [];
}

/** Whether the connections that a service was told to make stay on the machine or are protected. */
export function findConnectionFaults(urls: Readonly<Record<string, string>>): DatabaseFault[] {
  return Object.entries(urls).flatMap(([name, text]) => {
    const url = new URL(text);
    const host = url.searchParams.get("host") ?? url.hostname;
    const isLocal = host.startsWith("/") || LOOPBACK.has(host);
    const isProtected = url.searchParams.get("sslmode") === "verify-full";
    return isLocal || isProtected ? [] : [faultOf("connection-without-tls", name)];
  });
}

/** Refuses to start on a database that gives the application, or anybody outside, more than it must. */
export async function checkDatabase(owner: Sql, { appRole }: { appRole: string }): Promise<void> {
  const faults = [
    ...(await findRoleFaults(owner, appRole)),
    ...(await findTableFaults(owner, appRole)),
    ...(await findClusterFaults(owner)),
    ...(await findListenFaults(owner)),
  ];
  if (faults.length > 0) throw new UnsafeDatabaseError(faults);
}
