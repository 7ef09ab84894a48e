import { BREAK_GLASS_ROLES, type BreakGlassRole } from "../breakGlass/breakGlass.ts";
import type { Looking } from "./looking.ts";
import { valueText } from "./server.ts";
import type { Membership, PasswordMethod, Role, RoleSetting, Snapshot } from "./snapshot.ts";

type Part = Pick<Snapshot, "roles" | "memberships" | "passwords" | "roleSettings" | "breakGlass">;

/** Of a password only its kind is read; the hash stays in the server. */
const KIND = `case when rolpassword is null then 'none' when rolpassword like 'md5%' then 'md5'
  when rolpassword like 'SCRAM-SHA-256$%' then 'scram-sha-256' else 'other' end`;

/** Roles, who is a member of which, and what is set for them. */
export async function collectRoles(looking: Looking, versionNumber: number): Promise<Part> {
  const isFrom16 = versionNumber >= 160_000;
  const roles = await looking.rows<Role>(`
    select rolname as name, oid = 10 as "isBootstrap", rolname ~ '^pg_' as "isPredefined",
      rolsuper as superuser, rolcanlogin as login, rolinherit as inherit, rolbypassrls as "bypassRls",
      rolcreaterole as "createRole", rolcreatedb as "createDatabase", rolreplication as replication,
      case when rolvaliduntil is null or rolvaliduntil = 'infinity' then null
        when rolvaliduntil = '-infinity' then 0
        else (extract(epoch from rolvaliduntil) * 1000)::float8 end as "validUntil",
      rolconnlimit as "connectionLimit"
    from pg_roles order by rolname`);
  const memberships = await looking.rows<Membership>(`
    select r.rolname as member, pg_get_userbyid(m.roleid) as role, pg_get_userbyid(m.grantor) as grantor,
      m.admin_option as admin,
      ${isFrom16 ? "m.inherit_option" : "r.rolinherit"} as inherit, ${isFrom16 ? "m.set_option" : "true"} as set
    from pg_auth_members m join pg_roles r on r.oid = m.member order by 1, 2, 3`);
  const roleSettings = await looking.rows<RoleSetting>(`
    select r.rolname as role, d.datname as database, split_part(c, '=', 1) as name,
      ${valueText("split_part(c, '=', 1)", "substr(c, strpos(c, '=') + 1)")} as value
    from pg_db_role_setting s left join pg_roles r on r.oid = s.setrole
      left join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) c`);
  const breakGlass = await looking.rows<BreakGlassRole>(BREAK_GLASS_ROLES);
  const passwords = await collectPasswords(looking);
  return { roles, memberships, roleSettings, breakGlass, passwords };
}

async function collectPasswords(looking: Looking): Promise<Map<string, PasswordMethod>> {
  const [found] = await looking.rows<{ own: boolean; lent: boolean }>(`
    select has_column_privilege('pg_authid', 'rolpassword', 'select') as own,
      coalesce(has_schema_privilege(to_regnamespace('posture'), 'usage')
        and has_function_privilege(to_regprocedure('posture.password_methods()'), 'execute'), false) as lent`);
  const query =
    found?.lent === true && !found.own
      ? "select role, method from posture.password_methods()"
      : `select rolname::text as role, ${KIND} as method from pg_authid where rolcanlogin`;
  const rows = await looking.try<{ role: string; method: PasswordMethod }>(
    "passwords",
    "the function posture.password_methods() of docs/posture.md, or a superuser",
    query,
    "pg_authid",
  );
  return new Map(rows.map(({ role, method }) => [role, method]));
}
