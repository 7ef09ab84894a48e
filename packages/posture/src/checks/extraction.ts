import type { Session } from "../collect/snapshot.ts";
import { resetSetting, setServer, sql } from "../mend.ts";
import { quoteIdentifier as quote, quoteLiteral, quoteSetting } from "../quote.ts";
import { isOn, settingOf, type Check, type Context, type Hit, type Severity } from "./check.ts";

function slots({ snapshot, policy }: Context): Hit[] {
  return snapshot.slots
    .filter(({ name, temporary }) => !temporary && !policy.slots.includes(name))
    .map(({ name, kind, plugin, active }) => ({
      object: name,
      severity: kind === "logical" ? "high" : "medium",
      detail: `${kind}${plugin === null ? "" : ` by ${plugin}`}, ${active ? "read now" : "not read: the server keeps every change for it until the disk is full"}.`,
      mend: sql(`SELECT pg_drop_replication_slot(${quoteLiteral(name)})`),
    }));
}

function publications({ snapshot, policy }: Context): Hit[] {
  return snapshot.publications
    .filter(({ name }) => !policy.publications.includes(name))
    .map(({ name, allTables, tables }) => ({
      object: name,
      severity: allTables ? "high" : tables === 0 ? "low" : "medium",
      detail: allTables ? "All tables, also those of tomorrow." : `${tables} tables.`,
      mend: sql(`DROP PUBLICATION ${quote(name)}`),
    }));
}

/** What a session that takes data out is called, the same from one look to the next. */
export function copyingName({ copies, role, application, database }: Session): string {
  const by = application === "" ? "" : ` by ${application}`;
  return `${copies ?? "copy"} of ${database ?? "the server"} as ${role ?? "?"}${by}`;
}

function copying({ snapshot }: Context): Hit[] {
  const now = snapshot.sessions.filter(({ copies }) => copies !== null);
  return [...Map.groupBy(now, copyingName)].map(([object, sessions]) => ({
    object,
    detail: `From ${[...new Set(sessions.map(({ address }) => address ?? "this machine"))].join(", ")}.`,
    mend: sql(...sessions.map(({ pid }) => `SELECT pg_terminate_backend(${pid})`)),
  }));
}

function archiving(context: Context): Hit[] {
  if (context.policy.archive || !isOn(context, "archive_mode")) return [];
  const places = ["archive_command", "archive_library"].filter((name) => {
    const value = settingOf(context, name);
    return value !== "" && value !== "(disabled)";
  });
  return [
    {
      object: `archive_mode ${settingOf(context, "archive_mode")}`,
      detail:
        places.length === 0 ? "Nothing takes the log away yet." : `By ${places.join(" and ")}.`,
      mend: setServer("archive_mode", "off"),
    },
  ];
}

function subscriptions({ snapshot, policy }: Context): Hit[] {
  return snapshot.subscriptions
    .filter((name) => !policy.subscriptions.includes(name))
    .map((name) => ({
      object: name,
      mend: sql(
        `ALTER SUBSCRIPTION ${quote(name)} DISABLE`,
        `ALTER SUBSCRIPTION ${quote(name)} SET (slot_name = NONE)`,
        `DROP SUBSCRIPTION ${quote(name)}`,
      ),
    }));
}

/** What each of these must be; another value lets in code, or keeps code from running that should. */
const PLAIN: readonly (readonly [name: string, value: string, severity: Severity])[] = [
  ["lo_compat_privileges", "off", "high"],
  ["allow_system_table_mods", "off", "high"],
  ["session_replication_role", "origin", "high"],
  ["event_triggers", "on", "medium"],
  ["dynamic_library_path", "$libdir", "high"],
  ["extension_control_path", "$system", "medium"],
  ["session_preload_libraries", "", "medium"],
  ["local_preload_libraries", "", "medium"],
];

function openSettings(context: Context): Hit[] {
  return PLAIN.filter(([name, value]) => {
    const setting = context.snapshot.settings.get(name)?.setting;
    return setting !== undefined && setting !== value;
  }).map(([name, value, severity]) => ({
    object: name,
    severity,
    mend: setServer(name, quoteLiteral(value)),
  }));
}

/** Whether a setting has a statement with its values written down; the numbers are milliseconds and shares. */
const isTimed = (value: string): boolean => Number(value) >= 0;
const REPEATING: readonly (readonly [
  name: string,
  repeats: (value: string) => boolean,
  quiet: string,
])[] = [
  ["log_statement", (value) => value === "all" || value === "mod", "ddl"],
  ["log_min_duration_statement", isTimed, "-1"],
  ["log_min_duration_sample", isTimed, "-1"],
  ["log_transaction_sample_rate", (value) => Number(value) > 0, "0"],
  ["log_parameter_max_length_on_error", (value) => value !== "0", "0"],
  ["auto_explain.log_min_duration", isTimed, "-1"],
  ["pgaudit.log_parameter", (value) => value === "on", "off"],
];
const OTHERS_READ = 0o007;

function repeated(context: Context): Hit[] {
  const { settings, roleSettings } = context.snapshot;
  const repeats = (name: string, value: string): boolean =>
    value !== "" && REPEATING.some(([one, isSo]) => one === name && isSo(value));
  const server = REPEATING.filter(([name]) => repeats(name, settingOf(context, name)))
    .filter(
      ([name]) => !["database", "user", "database user"].includes(settings.get(name)?.source ?? ""),
    )
    .map(([name, , quiet]): Hit => ({
      object: name,
      mend: setServer(quoteSetting(name), quoteLiteral(quiet)),
    }));
  const ofRoles = roleSettings
    .filter(({ name, value }) => repeats(name, value))
    .map((one): Hit => ({
      object: `${one.name} of ${one.role ?? "all roles"} in ${one.database ?? "all databases"}`,
      mend: sql(resetSetting(one)),
    }));
  const mode = Number.parseInt(settingOf(context, "log_file_mode"), 8);
  const open: Hit[] =
    (mode & OTHERS_READ) === 0 || Number.isNaN(mode)
      ? []
      : [
          {
            object: "log_file_mode",
            detail: "Every account of the machine reads the log.",
            mend: setServer("log_file_mode", "'0600'"),
          },
        ];
  return [...server, ...ofRoles, ...open];
}

/** X: what leaves. */
export const extractionChecks: readonly Check[] = [
  {
    id: "X1",
    title: "A replication slot is not declared",
    severity: "high",
    why: "Through a slot every change goes out, of all tables, without a query that anybody sees.",
    how: "`pg_replication_slots` against `slots` of the policy; medium for a physical one",
    mend: "`SELECT pg_drop_replication_slot(…)`, or declare it.",
    find: slots,
  },
  {
    id: "X2",
    title: "A publication is not declared",
    severity: "medium",
    why: "It hands tables to whoever may replicate; `FOR ALL TABLES` also those that do not exist yet.",
    how: "`pg_publication` against `publications` of the policy; high for all tables",
    mend: "`DROP PUBLICATION`, or declare it.",
    find: publications,
  },
  {
    id: "X3",
    title: "Somebody copies data out now",
    severity: "high",
    why: "Vastaamo's records were copied whole, and nobody saw it for two years.",
    how: "`pg_stat_activity` and `pg_stat_progress_copy`: COPY TO, pg_dump and its kin by their names, walsenders; every five seconds with `--watch`",
    mend: "`SELECT pg_terminate_backend(…)`, if it is not your backup.",
    needs: ["sessions"],
    find: copying,
  },
  {
    id: "X4",
    title: "The write-ahead log is carried away",
    severity: "medium",
    why: "It holds every change of every table, in clear where the tables are.",
    how: "`archive_mode`, unless the policy declares `archive: true`",
    mend: "Turn it off, or declare it.",
    needs: ["settings"],
    find: archiving,
  },
  {
    id: "X5",
    title: "A subscription is not declared",
    severity: "medium",
    why: "It writes here what another server sends, and keeps that server's password.",
    how: "`pg_subscription` against `subscriptions` of the policy",
    mend: "`DROP SUBSCRIPTION`; its slot on the other server is dropped there.",
    find: subscriptions,
  },
  {
    id: "X6",
    title: "A setting opens a side door",
    severity: "high",
    why: "Large objects without owners, catalogues that can be rewritten, triggers that do not run, or code that is loaded from elsewhere or into every session, make every other rule void.",
    how: "`lo_compat_privileges`, `allow_system_table_mods`, `session_replication_role`, `dynamic_library_path`; `event_triggers`, `extension_control_path`, `session_preload_libraries` and `local_preload_libraries` (medium)",
    mend: "`ALTER SYSTEM SET …` to what it is by itself.",
    needs: ["settings"],
    find: openSettings,
  },
  {
    id: "X7",
    title: "The log repeats what stands in the rows",
    severity: "medium",
    why: "What a statement says lies then in files that other people and programs read, with the minute beside it, and outlives what was erased.",
    how: "`log_statement` (`mod`, `all`), `log_min_duration_statement` and its samples, `log_parameter_max_length_on_error`, `auto_explain.log_min_duration`, `pgaudit.log_parameter`, of the server and of roles and databases; `log_file_mode` that lets other accounts read",
    mend: "`ALTER SYSTEM SET …`; log connections and changes of tables instead (A2).",
    needs: ["settings"],
    find: repeated,
  },
];
