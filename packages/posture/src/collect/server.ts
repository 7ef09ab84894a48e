import type { Looking } from "./looking.ts";
import type { HbaLine, IdentLine, Server, Setting, Snapshot } from "./snapshot.ts";

type Part = Pick<
  Snapshot,
  "server" | "settings" | "fileErrors" | "hba" | "hbaIsNewer" | "ident" | "parameters"
>;

/** Settings that hold credentials or commands with them; of a name of somebody's own nobody knows. */
const OWN_NAMES = "^(pgaudit|auto_explain)[.]";
const SECRET =
  "^(primary_conninfo|ssl_passphrase_command|(archive|restore|archive_cleanup|recovery_end)_command)$";

/** The value of a setting; of what may hold a secret only whether there is one, and whether it is a password. */
export function valueText(name: string, value: string): string {
  return `case when ${value} in ('', '(disabled)') then ${value}
    when ${name} ~ '${SECRET}' or (${name} ~ '[.]' and ${name} !~ '${OWN_NAMES}')
      then case when ${value} ~* '\\mpassword\\s*=' then '(with a password)' else '(set)' end
    else ${value} end`;
}

const ALLOW_HBA =
  "GRANT SELECT ON pg_hba_file_rules TO ROLE; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO ROLE";
const ALLOW_IDENT =
  "GRANT SELECT ON pg_ident_file_mappings TO ROLE; GRANT EXECUTE ON FUNCTION pg_ident_file_mappings() TO ROLE";
const ALLOW_FILES =
  "GRANT SELECT ON pg_file_settings TO ROLE; GRANT EXECUTE ON FUNCTION pg_show_all_file_settings() TO ROLE";

/** The server itself: settings, access lines, identity maps. */
export async function collectServer(looking: Looking): Promise<Part> {
  const [server] = await looking.rows<Server>(`
    select current_setting('server_version_num')::int as "versionNumber",
      current_setting('server_version') as version,
      current_database() as database, current_user as role`);
  if (server === undefined) throw new TypeError("a server has a version");
  const settings = await looking.rows<Setting>(`
    select name, ${valueText("name", "coalesce(setting, '')")} as setting, source, pending_restart as "pendingRestart" from pg_settings`);
  if (!settings.some(({ name }) => name === "hba_file"))
    looking.miss({
      part: "settings",
      object: "pg_settings",
      allow: "GRANT pg_read_all_settings TO ROLE",
    });
  const isFrom16 = server.versionNumber >= 160_000;
  return {
    server,
    settings: new Map(settings.map((one) => [one.name, one])),
    fileErrors: await looking.try(
      "files",
      ALLOW_FILES,
      `select coalesce(sourcefile, '') as file, coalesce(sourceline, 0) as line
        from pg_file_settings f
        where error is not null and not exists (
          select from pg_settings s where s.name = f.name and s.context = 'postmaster')`,
      "pg_file_settings",
    ),
    hba: await collectHba(looking, isFrom16),
    hbaIsNewer: await isHbaNewer(looking, isFrom16),
    ident: await looking.try<IdentLine>(
      "ident",
      ALLOW_IDENT,
      `select ${isFrom16 ? "file_name" : "current_setting('ident_file', true)"} as file, line_number as line,
        map_name as map, sys_name as system, pg_username as role
        from pg_ident_file_mappings where error is null`,
      "pg_ident_file_mappings",
    ),
    parameters: await looking.rows(`
      select p.parname as parameter, g.* from pg_parameter_acl p, lateral (
        select case when x.grantee = 0 then null else pg_get_userbyid(x.grantee) end as grantee,
          pg_get_userbyid(x.grantor) as grantor, x.privilege_type as privilege, x.is_grantable as grantable
        from aclexplode(p.paracl) x where x.grantee <> 10) g`),
  };
}

function collectHba(looking: Looking, isFrom16: boolean): Promise<HbaLine[]> {
  return looking.try<HbaLine>(
    "hba",
    ALLOW_HBA,
    `select ${isFrom16 ? "file_name" : "current_setting('hba_file', true)"} as file,
      line_number as line, coalesce(type, '') as type,
      coalesce(to_jsonb(database), '[]') as databases, coalesce(to_jsonb(user_name), '[]') as roles,
      address, netmask, coalesce(auth_method, '') as method, coalesce((select jsonb_agg(regexp_replace(o, '^(ldapbindpasswd|radiussecrets?)=.*$', '\\1=…') order by n)
        from unnest(options) with ordinality x (o, n)), '[]') as options, error
      from pg_hba_file_rules order by ${isFrom16 ? "rule_number nulls last," : ""} line_number`,
    "pg_hba_file_rules",
  );
}

async function isHbaNewer(looking: Looking, isFrom16: boolean): Promise<boolean> {
  const taken = isFrom16 ? " union select file_name from pg_hba_file_rules" : "";
  const rows = await looking.try<{ newer: boolean }>(
    "files",
    "GRANT EXECUTE ON FUNCTION pg_stat_file(text) TO ROLE",
    `select bool_or(modification > pg_conf_load_time()) as newer
      from (select current_setting('hba_file') as file${taken}) f, pg_stat_file(f.file)`,
    "time of pg_hba.conf",
  );
  return rows[0]?.newer === true;
}
