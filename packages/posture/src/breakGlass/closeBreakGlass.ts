import type postgres from "postgres";

import { quoteIdentifier as quote, quoteLiteral } from "../quote.ts";
import { inTransaction } from "../transaction.ts";
import {
  BREAK_GLASS_PREFIX,
  BREAK_GLASS_ROLES,
  judgeBreakGlass,
  type BreakGlassAccess,
  type BreakGlassRole,
} from "./breakGlass.ts";
import { BreakGlassError } from "./breakGlassError.ts";

/** What became of an access, as the catalogue says afterwards. */
export interface ClosedBreakGlass {
  readonly role: string;
  readonly outcome:
    /** The role is gone. */
    | "closed"
    /** Nobody comes in by it; it owns something, so that the role is left. */
    | "owns-something"
    /** It is still there. */
    | "still-there";
}

/** Something depends on the role. */
const DEPENDED_ON = "2BP01";
const TERMINATE_MS = 5000;
/** A session that was let in just before the login was taken appears a moment after. */
const LOOKS = 3;

/** Every temporary access, as it is now. */
export async function listBreakGlass(sql: postgres.Sql, now: Date): Promise<BreakGlassAccess[]> {
  const rows = await inTransaction(sql, "read only", async (tx) => {
    await tx.unsafe("set local search_path = pg_catalog");
    return tx.unsafe<{ row: BreakGlassRole }[]>(
      `select to_jsonb(found) as row from (${BREAK_GLASS_ROLES}) found`,
    );
  });
  return rows.map(({ row }) => judgeBreakGlass(row, now));
}

/** What ends an access at once: no new session, none that goes on. */
export function endStatements({ role }: Pick<BreakGlassRole, "role">): string[] {
  return [
    `ALTER ROLE ${quote(role)} NOLOGIN`,
    `SELECT pg_terminate_backend(pid, ${TERMINATE_MS}) FROM pg_stat_activity WHERE usename = ${quoteLiteral(role)} AND pid <> pg_backend_pid()`,
  ];
}

/** What takes away everything that it was given. */
export function revokeStatements({ role, edges, databases }: BreakGlassRole): string[] {
  return [
    ...edges.map(({ role: of, member, grantor }) => {
      const by = grantor === null ? "" : ` GRANTED BY ${quote(grantor)}`;
      return `REVOKE ${quote(of)} FROM ${quote(member)}${by} CASCADE`;
    }),
    ...databases.map((name) => `REVOKE ALL ON DATABASE ${quote(name)} FROM ${quote(role)}`),
  ];
}

export const dropStatement = ({ role }: Pick<BreakGlassRole, "role">): string =>
  `DROP ROLE ${quote(role)}`;

async function find(sql: postgres.Sql, role: string): Promise<BreakGlassAccess | undefined> {
  const all = await listBreakGlass(sql, new Date(0));
  return all.find((one) => one.role === role);
}

async function drop(sql: postgres.Sql, role: BreakGlassRole): Promise<void> {
  try {
    await sql.unsafe(dropStatement(role));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === DEPENDED_ON) return;
    throw error;
  }
}

/**
 * Ends an access: its login, its sessions, what it was given, and the role itself where it owns nothing; then reads the catalogue
 * again. Each step stands by itself, so that whatever cuts it off leaves the login taken. Errors: BreakGlassError `not-superuser`, `not-break-glass`.
 */
export async function closeBreakGlass(sql: postgres.Sql, role: string): Promise<ClosedBreakGlass> {
  const [may] = await sql<{ isSuper: boolean }[]>`
    select rolsuper as "isSuper" from pg_catalog.pg_roles where rolname = current_user`;
  if (may?.isSuper !== true) throw new BreakGlassError("not-superuser");
  let found = await find(sql, role);
  if (found === undefined) throw new BreakGlassError("not-break-glass");
  for (let look = 0; look < LOOKS && found !== undefined && found.state !== "closed"; look += 1) {
    for (const statement of [...endStatements(found), ...revokeStatements(found)])
      await sql.unsafe(statement);
    found = await find(sql, role);
  }
  if (found?.state === "closed") {
    for (const statement of revokeStatements(found)) await sql.unsafe(statement);
    await drop(sql, found);
    found = await find(sql, role);
  }
  if (found === undefined) return { role, outcome: "closed" };
  return { role, outcome: found.state === "closed" ? "owns-something" : "still-there" };
}

/** Ends every access whose hours are over, or that says none; not a role that only its comment makes one, since nobody has looked at it. */
export async function closeOverBreakGlass(
  sql: postgres.Sql,
  now: Date,
): Promise<ClosedBreakGlass[]> {
  const closed: ClosedBreakGlass[] = [];
  for (const { role, state } of await listBreakGlass(sql, now))
    if (state === "over" && role.startsWith(BREAK_GLASS_PREFIX))
      closed.push(await closeBreakGlass(sql, role));
  return closed;
}
