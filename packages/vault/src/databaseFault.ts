import { readFileSync } from "node:fs";

/** Why a database is not safe enough to start on. */
export type DatabaseFaultCode =
  | "cannot-check"
  | "app-role-powers"
  | "app-role-owner"
  | "app-role-member"
  | "app-may-change-schema"
  | "app-may-rewrite"
  | "row-security-off"
  | "role-without-password"
  | "trust-line"
  | "listens-without-tls"
  | "connection-without-tls";

/** One fault: what has it, and the exact words that mend it. */
export interface DatabaseFault {
  readonly code: DatabaseFaultCode;
  readonly object: string;
  readonly mend: string;
}

/** What a superuser runs in the service's database, so that the service can see its cluster's access lines. */
const AUDIT_FUNCTIONS = readFileSync(new URL("auditFunctions.sql", import.meta.url), "utf8");

const MENDS: Record<DatabaseFaultCode, (object: string) => string> = {
  "cannot-check": () => `as a superuser, in the service's database:\n${AUDIT_FUNCTIONS}`,
  "app-role-powers": (role) =>
    `ALTER ROLE ${role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`,
  "app-role-owner": (object) => `ALTER ${object} OWNER TO the owner role`,
  "app-role-member": (grant) => `REVOKE ${grant}`,
  "app-may-change-schema": (grant) => `REVOKE ${grant}`,
  "app-may-rewrite": (grant) => `REVOKE ${grant}`,
  "row-security-off": (table) =>
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`,
  "role-without-password": (role) => `ALTER ROLE ${role} PASSWORD '…' (or NOLOGIN)`,
  "trust-line": (line) => `replace "trust" by "scram-sha-256" in pg_hba.conf, ${line}`,
  "listens-without-tls": () =>
    "ALTER SYSTEM SET listen_addresses = 'localhost' (or SET ssl = on), then restart PostgreSQL",
  "connection-without-tls": (name) => `add ?sslmode=verify-full to ${name}`,
};

export function faultOf(code: DatabaseFaultCode, object: string): DatabaseFault {
  return { code, object, mend: MENDS[code](object) };
}

/** The service does not start; the message names each fault with its mend. */
export class UnsafeDatabaseError extends Error {
  override readonly name = "UnsafeDatabaseError";
  readonly faults: readonly DatabaseFault[];
  constructor(faults: readonly DatabaseFault[]) {
    const lines = faults.map(({ code, object, mend }) => `${code}: ${object}\n  mend: ${mend}`);
    super(`the database is not safe to start on\n${lines.join("\n")}`);
    this.faults = faults;
  }
}
