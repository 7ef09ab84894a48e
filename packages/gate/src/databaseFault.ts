import { readFileSync } from "node:fs";

/** What is wrong with a database that the gate will not start on. */
export type DatabaseFaultCode =
  | "cannot-check"
  | "app-role-powers"
  | "app-role-member"
  | "app-role-owner"
  | "app-may-change-schema"
  | "app-may-rewrite"
  | "row-security-off"
  | "role-without-password"
  | "trust-line"
  | "listens-without-tls"
  | "connection-without-tls";

/** One fault: what has it, and the words that mend it. */
export interface DatabaseFault {
  readonly code: DatabaseFaultCode;
  readonly object: string;
  readonly mend: string;
}

const AUDIT_FUNCTIONS = readFileSync(new URL("auditFunctions.sql", import.meta.url), "utf8");
const NO_POWERS = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS";

const MENDS: Record<DatabaseFaultCode, (object: string) => string> = {
  "cannot-check": () => `as a superuser, in the database of the gate, run:\n${AUDIT_FUNCTIONS}`,
  "app-role-powers": (object) => `ALTER ROLE ${object} ${NO_POWERS}`,
  "app-role-member": (object) => `REVOKE ${object}`,
  "app-role-owner": (object) => `ALTER ${object} OWNER TO sinetti_owner`,
  "app-may-change-schema": (object) => `REVOKE ${object}`,
  "app-may-rewrite": (object) => `REVOKE ${object}`,
  "row-security-off": (object) =>
    `ALTER TABLE ${object} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; keep the policy own_practice alone`,
  "role-without-password": (object) => `ALTER ROLE ${object} PASSWORD '...' (or NOLOGIN)`,
  "trust-line": (object) => `in pg_hba.conf, ${object}: scram-sha-256 in the place of trust`,
  "listens-without-tls": () =>
    "set listen_addresses = 'localhost', or ssl = on; restart PostgreSQL",
  "connection-without-tls": (object) =>
    `${object}: a unix socket, loopback, or ?sslmode=verify-full`,
};

/** A fault with its mend. */
export function faultOf(code: DatabaseFaultCode, object: string): DatabaseFault {
  return { code, object, mend: MENDS[code](object) };
}

/** The gate does not start; the message names every fault and its mend. */
export class UnsafeDatabaseError extends Error {
  override readonly name = "UnsafeDatabaseError";
  readonly faults: readonly DatabaseFault[];
  constructor(faults: readonly DatabaseFault[]) {
    const lines = faults.map(({ code, object, mend }) => `${code}: ${object}\n  mend: ${mend}`);
    super(`the database is not safe to start on\n${lines.join("\n")}`);
    this.faults = faults;
  }
}
