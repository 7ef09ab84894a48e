import { quoteIdentifier, quoteSetting } from "./quote.ts";

/** What ends a fault: statements, a line of a file of the server, or what only a person can do. */
export type Mend =
  | { readonly kind: "sql"; readonly statements: readonly string[]; readonly restart?: boolean }
  | {
      readonly kind: "line";
      /** Null: the server does not say where it lies. */
      readonly file: string | null;
      readonly setting: "hba_file" | "ident_file";
      readonly line: number;
      /** What takes the line's place; null: nothing. */
      readonly by: string | null;
    }
  | { readonly kind: "person"; readonly text: string };

export const sql = (...statements: readonly string[]): Mend => ({ kind: "sql", statements });

/** Settings in effect only after a restart. */
const AT_START = new Set([
  "listen_addresses",
  "shared_preload_libraries",
  "wal_level",
  "archive_mode",
  "allow_system_table_mods",
  "log_file_mode",
]);

/** Sets a setting of the server, or takes back what was set. */
export function setServer(name: string, value: string | null): Mend {
  const statement =
    value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = ${value}`;
  return {
    kind: "sql",
    statements: [statement, "SELECT pg_reload_conf()"],
    restart: AT_START.has(name),
  };
}

/** Takes back what is set for a role or a database. */
export function resetSetting({
  role,
  database,
  name,
}: {
  role: string | null;
  database: string | null;
  name: string;
}): string {
  const where = database === null ? "" : ` IN DATABASE ${quoteIdentifier(database)}`;
  return role === null && database !== null
    ? `ALTER DATABASE ${quoteIdentifier(database)} RESET ${quoteSetting(name)}`
    : `ALTER ROLE ${role === null ? "ALL" : quoteIdentifier(role)}${where} RESET ${quoteSetting(name)}`;
}

/** A mend as text that can be pasted. */
export function mendText(mend: Mend): string {
  if (mend.kind === "person") return mend.text;
  if (mend.kind === "sql")
    return `${mend.statements.join("; ")};${mend.restart === true ? " -- then restart PostgreSQL" : ""}`;
  const file = mend.file ?? `the file that SHOW ${mend.setting} names`;
  const change =
    mend.by === null ? `take out line ${mend.line}` : `replace line ${mend.line} by: ${mend.by}`;
  return `In ${file} ${change}; then SELECT pg_reload_conf();`;
}
