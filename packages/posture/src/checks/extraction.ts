import type { Session } from "../collect/snapshot.ts";
import { setServer, sql } from "../mend.ts";
import { quoteIdentifier as quote, quoteLiteral } from "../quote.ts";
import { isOn, settingOf, type Check, type Context, type Hit } from "./check.ts";

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

function openSettings(context: Context): Hit[] {
  return ["lo_compat_privileges", "allow_system_table_mods"]
    .filter((name) => isOn(context, name))
    .map((name) => ({ object: name, mend: setServer(name, "off") }));
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
    why: "Large objects without owners, or catalogues that can be rewritten, make every other rule void.",
    how: "`lo_compat_privileges`, `allow_system_table_mods`",
    mend: "`ALTER SYSTEM SET … = off`.",
    needs: ["settings"],
    find: openSettings,
  },
];
