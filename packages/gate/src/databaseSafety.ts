import {
  faultOf,
  UnsafeDatabaseError,
  type DatabaseFault,
  type DatabaseFaultCode,
} from "./databaseFault.ts";
import { isLocal, type Sql } from "./store/database.ts";

/** Tables that only ever grow, and the columns of nobody may be changed. */
const APPEND_ONLY = [
  "practice_links",
  "access_links",
  "acceptances",
  "log",
  "log_items",
  "installation_codes",
];

type Found = { name: string }[];

/** What the application's role is. */
async function findRoleFaults(owner: Sql, role: string): Promise<DatabaseFault[]> {
  const powers = await owner<Found>`
    select quote_ident(rolname) as name from pg_roles where rolname = ${role}
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`;
  const memberships = await owner<Found>`
    select format('%I FROM %I', granted.rolname, ${role}::text) as name
    from pg_auth_members m join pg_roles granted on granted.oid = m.roleid
      join pg_roles member on member.oid = m.member
    where member.rolname = ${role}`;
  const owned = await owner<Found>`
    select format('TABLE %I', relname) as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and pg_get_userbyid(relowner) = ${role}
    union all select format('SCHEMA %I', nspname) from pg_namespace where pg_get_userbyid(nspowner) = ${role}
    union all select format('DATABASE %I', datname) from pg_database where pg_get_userbyid(datdba) = ${role}`;
  return [
    ...toFaults("app-role-powers", powers),
    ...toFaults("app-role-member", memberships),
    ...toFaults("app-role-owner", owned),
  ];
}

/** What an application never needs; the last came with PostgreSQL 17, and an older one would not know the word. */
async function tablePowers(owner: Sql): Promise<string[]> {
  const [server] = await owner<{ version: number }[]>`
    select current_setting('server_version_num')::int as version`;
  const powers = ["TRUNCATE", "TRIGGER", "REFERENCES"];
  return (server?.version ?? 0) >= 170_000 ? [...powers, "MAINTAIN"] : powers;
}

/** What the application's role may do to tables, and whether they guard themselves. */
async function findTableFaults(owner: Sql, role: string): Promise<DatabaseFault[]> {
  const open = await owner<Found>`
    select quote_ident(c.relname) as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and (
      not c.relrowsecurity or not c.relforcerowsecurity
      or (select array_agg(polname::text) from pg_policy where polrelid = c.oid) is distinct from array['own_practice'])`;
  const changing = await owner<Found>`
    select format('%s ON %I FROM %I', power, c.relname, ${role}::text) as name
      from pg_class c cross join unnest(${owner.array(await tablePowers(owner))}) as power
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and has_table_privilege(${role}, c.oid, power)
    union all select format('CREATE ON SCHEMA public FROM %I', ${role}::text)
      where has_schema_privilege(${role}, 'public', 'CREATE')`;
  const rewriting = await owner<Found>`
    select format('UPDATE, DELETE ON %I FROM %I', c.relname, ${role}::text) as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relname = any(${owner.array(APPEND_ONLY)})
      and (has_any_column_privilege(${role}, c.oid, 'UPDATE') or has_table_privilege(${role}, c.oid, 'DELETE'))`;
  return [
    ...toFaults("row-security-off", open),
    ...toFaults("app-may-change-schema", changing),
    ...toFaults("app-may-rewrite", rewriting),
  ];
}

/** Who may come in, as the superuser's audit functions tell it; without them nobody knows, and that is a fault. */
async function findAccessFaults(owner: Sql): Promise<DatabaseFault[]> {
  const [audit] = await owner<{ has: boolean }[]>`
    select to_regprocedure('sinetti_audit.hba_lines()') is not null
      and to_regprocedure('sinetti_audit.roles_without_password()') is not null as has`;
  if (audit?.has !== true) return [faultOf("cannot-check", "schema sinetti_audit")];
  const broken = await owner<Found>`
    select 'pg_hba.conf line ' || line as name from sinetti_audit.hba_lines() where error is not null`;
  const trusting = await owner<Found>`
    select 'line ' || line as name from sinetti_audit.hba_lines() where method = 'trust'`;
  const reachable = await owner<Found>`
    select quote_ident(r.role) as name from sinetti_audit.roles_without_password() r
    where exists (select 1 from sinetti_audit.hba_lines() h, unnest(h.role) as named
      where h.type <> 'local' and h.method <> 'reject'
        and (named in ('all', r.role) or named like '+%' or named like '/%'))`;
  return [
    ...toFaults("cannot-check", broken),
    ...toFaults("trust-line", trusting),
    ...toFaults("role-without-password", reachable),
  ];
}

async function findListenFaults(owner: Sql): Promise<DatabaseFault[]> {
  const [settings] = await owner<{ addresses: string; ssl: string }[]>`
    select current_setting('listen_addresses') as addresses, current_setting('ssl') as ssl`;
  const addresses = (settings?.addresses ?? "*").split(",").map((address) => address.trim());
  const outside = addresses.filter((address) => address !== "" && !isLocal(address));
  const isOpen = outside.length > 0 && settings?.ssl !== "on";
  return isOpen ? [faultOf("listens-without-tls", outside.join(", "))] : [];
}

function toFaults(code: DatabaseFaultCode, found: Found): DatabaseFault[] {
  return found.map(({ name }) => faultOf(code, name));
}

/** Connections over a network say that they check the other side. Error: UnsafeDatabaseError. */
export function checkConnections(urls: Readonly<Record<string, string>>): void {
  const faults = Object.entries(urls).flatMap(([name, text]) => {
    const url = new URL(text);
    const isSafe =
      isLocal(url.searchParams.get("host") ?? url.hostname) ||
      url.searchParams.get("sslmode") === "verify-full";
    return isSafe ? [] : [faultOf("connection-without-tls", name)];
  });
  if (faults.length > 0) throw new UnsafeDatabaseError(faults);
}

/** Looks at the database as its owner, after the migrations. Error: UnsafeDatabaseError with every fault. */
export async function checkDatabase(owner: Sql, { appRole }: { appRole: string }): Promise<void> {
  const faults = [
    ...(await findRoleFaults(owner, appRole)),
    ...(await findTableFaults(owner, appRole)),
    ...(await findAccessFaults(owner)),
    ...(await findListenFaults(owner)),
  ];
  if (faults.length > 0) throw new UnsafeDatabaseError(faults);
}
