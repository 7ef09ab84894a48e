import { setServer } from "../mend.ts";
import { quoteLiteral } from "../quote.ts";
import { isOn, settingOf, type Check, type Context, type Hit, type Severity } from "./check.ts";
import { listensOutside } from "./network.ts";

/** RFC 7677 §4. */
const LEAST_ROUNDS = 4096;

function tls(context: Context): Hit[] {
  const hits: Hit[] = [];
  if (!isOn(context, "ssl") && listensOutside(context))
    hits.push({
      object: "ssl",
      severity: "high",
      mend: {
        kind: "person",
        text: "Put a certificate and its key where ssl_cert_file and ssl_key_file say (without them PostgreSQL does not start again); then ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf();",
      },
    });
  const oldest = settingOf(context, "ssl_min_protocol_version");
  if (["TLSv1", "TLSv1.1"].includes(oldest))
    hits.push({
      object: `ssl_min_protocol_version ${oldest}`,
      mend: setServer("ssl_min_protocol_version", "'TLSv1.2'"),
    });
  const ciphers = settingOf(context, "ssl_ciphers");
  // Without `!` or `-` before it, which take a suite out.
  if (
    isOn(context, "ssl") &&
    /(^|[:+, ])(aNULL|eNULL|NULL|COMPLEMENTOFALL|EXPORT|LOW|RC4|DES)\b/.test(ciphers)
  )
    hits.push({
      object: `ssl_ciphers ${ciphers}`,
      severity: "high",
      mend: setServer("ssl_ciphers", "'HIGH:!aNULL'"),
    });
  const rounds = context.snapshot.settings.get("scram_iterations")?.setting;
  if (rounds !== undefined && Number(rounds) < LEAST_ROUNDS)
    hits.push({
      object: `scram_iterations ${rounds}`,
      detail: "A copied hash of the next password is guessed the faster.",
      mend: setServer("scram_iterations", String(LEAST_ROUNDS)),
    });
  const kept = settingOf(context, "password_encryption");
  if (kept !== "" && kept !== "scram-sha-256")
    hits.push({
      object: `password_encryption ${kept}`,
      mend: setServer("password_encryption", "'scram-sha-256'"),
    });
  return hits;
}

const LOGS: readonly (readonly [string, Severity, string])[] = [
  ["log_connections", "medium", "on"],
  ["log_disconnections", "low", "on"],
  ["log_replication_commands", "low", "on"],
];
const hasAudit = (context: Context): boolean =>
  /\bpgaudit\b/.test(settingOf(context, "shared_preload_libraries"));

function logging(context: Context): Hit[] {
  const hits: Hit[] = LOGS.filter(([name]) => !isOn(context, name)).map(
    ([name, severity, value]) => ({
      object: name,
      severity,
      mend: setServer(name, value),
    }),
  );
  const { unlogged } = context.policy;
  const isLeftOut = unlogged.statements !== undefined || hasAudit(context);
  if (settingOf(context, "log_statement") === "none" && !isLeftOut)
    hits.push({
      object: "log_statement none",
      severity: "low",
      detail: "Not even changes of tables and roles are written down. `ddl` repeats no row.",
      mend: setServer("log_statement", "'ddl'"),
    });
  const prefix = settingOf(context, "log_line_prefix");
  const isWhole = [/%[mtn]/, /%u/, /%d/, /%[hr]/].every((part) => part.test(prefix));
  if (!isWhole)
    hits.push({
      object: "log_line_prefix",
      severity: "low",
      detail: "A line does not say when, who, which database and from where.",
      mend: setServer("log_line_prefix", quoteLiteral("%m [%p] %u@%d %h ")),
    });
  return hits;
}

function auditing(context: Context): Hit[] {
  if (!hasAudit(context)) {
    if (context.policy.unlogged.reads !== undefined) return [];
    const loaded = settingOf(context, "shared_preload_libraries");
    const list = [
      ...(loaded === "" ? [] : loaded.split(",").map((name) => name.trim())),
      "pgaudit",
    ];
    return context.snapshot.available.includes("pgaudit")
      ? [
          {
            object: "pgaudit is not loaded",
            severity: "medium",
            mend: setServer("shared_preload_libraries", list.map(quoteLiteral).join(", ")),
          },
        ]
      : [
          {
            object: "pgaudit is not installed",
            mend: {
              kind: "person",
              text: `Install the package of pgaudit for PostgreSQL ${Math.floor(context.snapshot.server.versionNumber / 10_000)} and load it in shared_preload_libraries.`,
            },
          },
        ];
  }
  return isOn(context, "pgaudit.log")
    ? []
    : [
        {
          object: "pgaudit.log",
          severity: "medium",
          mend: setServer("pgaudit.log", "'ddl, role, write'"),
        },
      ];
}

function pending({ snapshot }: Context): Hit[] {
  const waiting: Hit[] = [...snapshot.settings.values()]
    .filter(({ pendingRestart }) => pendingRestart)
    .map(({ name }) => ({
      object: name,
      severity: "low",
      detail: "It was changed, and the change waits for a restart.",
      mend: { kind: "person", text: "Restart PostgreSQL." },
    }));
  const broken = snapshot.fileErrors.map(({ file, line }): Hit => ({
    object: `${file} line ${line}`,
    detail: "PostgreSQL cannot read the line, and does not take the file.",
    mend: { kind: "person", text: `Mend line ${line} of ${file}; then SELECT pg_reload_conf();` },
  }));
  return [...waiting, ...broken];
}

/** Last day of each version, as published at postgresql.org/support/versioning. */
const LAST_DAY: Readonly<Record<number, string>> = {
  13: "2025-11-13",
  14: "2026-11-12",
  15: "2027-11-11",
  16: "2028-11-09",
  17: "2029-11-08",
  18: "2030-11-14",
};

function ended({ snapshot, now }: Context): Hit[] {
  const major = Math.floor(snapshot.server.versionNumber / 10_000);
  const last = LAST_DAY[major] ?? (major < 13 ? "2025-11-13" : undefined);
  if (last === undefined || now.getTime() <= Date.parse(last)) return [];
  return [
    {
      object: `PostgreSQL ${major}`,
      mend: {
        kind: "person",
        text: "Move to a version that is supported, by pg_upgrade or a dump.",
      },
    },
  ];
}

function durability(context: Context): Hit[] {
  const off: Hit[] = ["fsync", "full_page_writes"]
    .filter((name) => settingOf(context, name) === "off")
    .map((name) => ({ object: name, mend: setServer(name, "on") }));
  if (settingOf(context, "data_checksums") === "off")
    off.push({
      object: "data_checksums",
      severity: "low",
      mend: { kind: "person", text: "Stop PostgreSQL and run pg_checksums --enable." },
    });
  return off;
}

function expiredExceptions({ policy, now }: Context): Hit[] {
  return policy.exceptions
    .filter(({ until }) => Date.parse(until) + 86_400_000 <= now.getTime())
    .map(({ fingerprint, until }) => ({
      object: `exception ${fingerprint}`,
      detail: `It ended on ${until}.`,
      mend: {
        kind: "person",
        text: "Take the exception out of the policy, and mend what it excepted.",
      },
    }));
}

/** A: what is written down, and how it is kept. */
export const auditChecks: readonly Check[] = [
  {
    id: "A1",
    title: "TLS or the keeping of passwords is weak",
    severity: "medium",
    why: "What crosses the network can be read, or the next password is kept as an MD5 hash.",
    how: "`ssl` (high, where the server listens beyond this machine), `ssl_min_protocol_version`, `ssl_ciphers` that encrypt or prove nothing (high), `password_encryption`, `scram_iterations` below 4096",
    mend: "`ALTER SYSTEM SET`.",
    needs: ["settings"],
    find: tls,
  },
  {
    id: "A2",
    title: "Connections or changes are not logged",
    severity: "medium",
    why: "Too little was logged at Vastaamo to tell when the intruders came or from where, so every patient had to be taken as exposed.",
    how: "`log_connections` (medium), `log_disconnections`, `log_replication_commands`, `log_statement`, `log_line_prefix` (low); not `log_statement` where the policy says why statements are `unlogged`",
    mend: "`ALTER SYSTEM SET`, then reload.",
    needs: ["settings"],
    find: logging,
  },
  {
    id: "A3",
    title: "Nothing audits what is read",
    severity: "low",
    why: "A thief who reads by SELECT leaves no line in the ordinary log.",
    how: "`shared_preload_libraries`, `pgaudit.log`; medium where pgaudit is installed and idle; not where the policy says why reads are `unlogged`, unless pgaudit is loaded",
    mend: "Load pgaudit. Its log repeats statements: keep it as closed as the tables.",
    needs: ["settings"],
    find: auditing,
  },
  {
    id: "A4",
    title: "The settings of the files are not in force",
    severity: "medium",
    why: "Who reads the file believes what is not so.",
    how: "`pg_settings.pending_restart` (low), `pg_file_settings.error`",
    mend: "Restart, or mend the line.",
    needs: ["files"],
    find: pending,
  },
  {
    id: "A5",
    title: "Data can be lost without a word",
    severity: "medium",
    why: "A record that was acknowledged may be gone after a power cut.",
    how: "`fsync`, `full_page_writes`, `data_checksums` (low)",
    mend: "`ALTER SYSTEM SET … = on`; checksums by `pg_checksums --enable`.",
    needs: ["settings"],
    find: durability,
  },
  {
    id: "A6",
    title: "This version of PostgreSQL is no longer mended",
    severity: "high",
    why: "The next hole in it stays open.",
    how: "`server_version_num` against the published last days",
    mend: "Move to a supported version.",
    find: ended,
  },
  {
    id: "A7",
    title: "An exception has ended and still stands in the policy",
    severity: "low",
    why: "Exceptions that nobody takes out are how a fault becomes the rule.",
    how: "`exceptions` of the policy",
    mend: "Take it out.",
    find: expiredExceptions,
  },
];
