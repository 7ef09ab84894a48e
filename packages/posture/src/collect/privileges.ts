import { FIRST_OWN_OID, OWN_SCHEMA, extensionOf, grantsOf, type Looking } from "./looking.ts";
import type {
  CatalogueGrant,
  Column,
  Database,
  DefaultGrant,
  LargeObjects,
  Relation,
  Routine,
  Schema,
  Snapshot,
  Tablespace,
} from "./snapshot.ts";

type Part = Pick<
  Snapshot,
  | "databases"
  | "schemas"
  | "relations"
  | "columns"
  | "routines"
  | "defaults"
  | "catalogueGrants"
  | "tablespaces"
  | "largeObjects"
>;

/** Who owns what and who was given what. */
export async function collectPrivileges(looking: Looking): Promise<Part> {
  return {
    databases: await looking.rows<Database>(`
      select datname as name, pg_get_userbyid(datdba) as owner, datallowconn as "allowsConnections",
        datistemplate as "isTemplate", ${grantsOf("datacl", "d", "datdba")} as grants
      from pg_database order by 1`),
    schemas: await looking.rows<Schema>(`
      select n.nspname as name, pg_get_userbyid(n.nspowner) as owner, ${grantsOf("n.nspacl", "n", "n.nspowner")} as grants
      from pg_namespace n where ${OWN_SCHEMA} order by 1`),
    relations: await collectRelations(looking),
    columns: await looking.rows<Column>(`
      select n.nspname as schema, c.relname as relation, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
        ${grantsOf("a.attacl", "c", "c.relowner")} as grants
      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where ${OWN_SCHEMA} and c.relkind in ('r', 'p', 'v', 'm', 'f') and a.attnum > 0 and not a.attisdropped
      order by 1, 2, a.attnum`),
    routines: await collectRoutines(looking),
    defaults: await looking.rows<DefaultGrant>(`
      select pg_get_userbyid(d.defaclrole) as owner, n.nspname as schema, d.defaclobjtype as kind,
        case when x.grantee = 0 then null else pg_get_userbyid(x.grantee) end as grantee,
        pg_get_userbyid(x.grantor) as grantor, x.privilege_type as privilege, x.is_grantable as grantable
      from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) x
      where x.grantee <> d.defaclrole order by 1, 2, 3, 4, 6`),
    catalogueGrants: await collectCatalogue(looking),
    tablespaces: await looking.rows<Tablespace>(`
      select spcname as name, pg_get_userbyid(spcowner) as owner, ${grantsOf("spcacl", "t", "spcowner")} as grants
      from pg_tablespace order by 1`),
    largeObjects: await looking.rows<LargeObjects>(`
      select pg_get_userbyid(m.lomowner) as owner, count(*)::float8 as count,
        (count(*) filter (where exists (select from aclexplode(m.lomacl) x where x.grantee = 0)))::float8 as open
      from pg_largeobject_metadata m group by m.lomowner order by 1`),
  };
}

/** What was given away of what initdb made, beyond what it gave away itself. */
function collectCatalogue(looking: Looking): Promise<CatalogueGrant[]> {
  const beyond = (catalogue: string, oid: string, part: string, standing: string): string => `
    not exists (
      select from aclexplode(coalesce((select i.initprivs from pg_init_privs i
        where i.classoid = '${catalogue}'::regclass and i.objoid = ${oid} and i.objsubid = ${part}), ${standing})) y
      where y.grantee in (0, x.grantee) and y.privilege_type = x.privilege_type)`;
  const given = `case when x.grantee = 0 then null else pg_get_userbyid(x.grantee) end as grantee,
      pg_get_userbyid(x.grantor) as grantor, x.privilege_type as privilege, x.is_grantable as grantable`;
  // What the standard has everybody read is given after initdb has noted what it gave.
  const initial =
    "(n.nspname = 'pg_catalog' or (n.nspname = 'information_schema' and x.grantee <> 0))";
  return looking.rows<CatalogueGrant>(`
    select 'relation' as kind, n.nspname as schema, c.relname as name, null::text as part, ${given}
    from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) x
    where ${initial} and c.oid < ${FIRST_OWN_OID} and x.grantee <> c.relowner
      and ${beyond("pg_class", "c.oid", "0", "acldefault('r', c.relowner)")}
    union all
    select 'column', n.nspname, c.relname, a.attname::text, ${given}
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace,
      aclexplode(a.attacl) x
    where ${initial} and c.oid < ${FIRST_OWN_OID} and x.grantee <> c.relowner
      and ${beyond("pg_class", "c.oid", "a.attnum", "acldefault('c', c.relowner)")}
    union all
    select 'function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid), ${given}
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(p.proacl) x
    where ${initial} and p.oid < ${FIRST_OWN_OID} and x.grantee <> p.proowner
      and ${beyond("pg_proc", "p.oid", "0", "acldefault('f', p.proowner)")}
    order by 1, 2, 3, 4, 5`);
}

function collectRelations(looking: Looking): Promise<Relation[]> {
  return looking.rows<Relation>(`
    select n.nspname as schema, c.relname as name, c.relkind as kind, pg_get_userbyid(c.relowner) as owner,
      c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as forced,
      coalesce((select option_value::bool from pg_options_to_table(c.reloptions)
        where option_name = 'security_invoker' and c.relkind = 'v'), false) as "securityInvoker",
      ${extensionOf("pg_class", "c.oid")} as extension,
      coalesce((select jsonb_agg(pn.nspname || '.' || p.relname) from pg_inherits i
        join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
        where i.inhrelid = c.oid), '[]') as parents,
      greatest(c.reltuples, 0)::float8 as rows,
      ${grantsOf("c.relacl", "r", "c.relowner")} as grants
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${OWN_SCHEMA} and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1, 2`);
}

function collectRoutines(looking: Looking): Promise<Routine[]> {
  return looking.rows<Routine>(`
    select n.nspname as schema, p.proname as name, pg_get_function_identity_arguments(p.oid) as parameters,
      p.prokind as kind, pg_get_userbyid(p.proowner) as owner, l.lanname as language,
      p.prosecdef as definer, p.proleakproof as leakproof,
      (select substr(x, 13) from unnest(p.proconfig) x where x like 'search_path=%' limit 1) as "searchPath",
      ${extensionOf("pg_proc", "p.oid")} as extension,
      ${grantsOf("p.proacl", "f", "p.proowner")} as grants
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where ${OWN_SCHEMA} or (p.oid >= ${FIRST_OWN_OID} and n.nspname in ('pg_catalog', 'information_schema')) order by 1, 2, 3`);
}
