import type { Looking } from "./looking.ts";
import type { Extension, ForeignServer, Publication, Slot, Snapshot } from "./snapshot.ts";

type Part = Pick<
  Snapshot,
  | "languages"
  | "extensions"
  | "available"
  | "foreignServers"
  | "slots"
  | "publications"
  | "subscriptions"
>;

interface Mapping {
  readonly server: string;
  readonly role: string | null;
  readonly storesPassword: boolean;
}

/** The ways by which data and code cross the border of the database. */
export async function collectExits(looking: Looking): Promise<Part> {
  return {
    languages: await looking
      .rows<{ name: string }>(
        "select lanname as name from pg_language where not lanpltrusted and lanname not in ('internal', 'c')",
      )
      .then((rows) => rows.map(({ name }) => name)),
    extensions: await looking.rows<Extension>(
      `select e.extname as name, e.extversion as version, n.nspname as schema
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace order by 1`,
    ),
    available: await looking
      .rows<{ name: string }>("select name from pg_available_extensions where name = 'pgaudit'")
      .then((rows) => rows.map(({ name }) => name)),
    foreignServers: await collectForeign(looking),
    slots: await looking.rows<Slot>(
      `select slot_name as name, plugin, slot_type as kind, active, temporary from pg_replication_slots order by 1`,
    ),
    publications: await looking.rows<Publication>(`
      select p.pubname as name, p.puballtables as "allTables",
        (select count(*)::int from pg_publication_tables t where t.pubname = p.pubname) as tables
      from pg_publication p order by 1`),
    subscriptions: await looking
      .rows<{ name: string }>(
        `select subname as name from pg_subscription
          where subdbid = (select oid from pg_database where datname = current_database()) order by 1`,
      )
      .then((rows) => rows.map(({ name }) => name)),
  };
}

async function collectForeign(looking: Looking): Promise<ForeignServer[]> {
  const servers = await looking.rows<Omit<ForeignServer, "mappings">>(`
    select s.srvname as name, w.fdwname as wrapper
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw order by 1`);
  // The names of the options only: what they hold is a secret.
  const mappings = await looking.rows<Mapping & { readonly seen: boolean }>(`
    select srvname as server, case when umuser = 0 then null else usename end as role,
      umoptions is not null as seen,
      coalesce((select bool_or(option_name = 'password') from pg_options_to_table(umoptions)), false) as "storesPassword"
    from pg_user_mappings`);
  const [role] = await looking.rows<{ superuser: boolean }>(
    "select rolsuper as superuser from pg_roles where rolname = current_user",
  );
  if (role?.superuser !== true && mappings.some(({ seen }) => !seen))
    looking.miss({ part: "mappings", object: "pg_user_mappings", allow: "a superuser" });
  return servers.map((server) => ({
    ...server,
    mappings: mappings
      .filter((one) => one.server === server.name)
      .map(({ role: name, storesPassword }) => ({ role: name, storesPassword })),
  }));
}
