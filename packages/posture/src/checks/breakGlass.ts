import type { BreakGlassAccess } from "../breakGlass/breakGlass.ts";
import { dropStatement, endStatements, revokeStatements } from "../breakGlass/closeBreakGlass.ts";
import { judgeBreakGlass } from "../breakGlass/breakGlass.ts";
import { sql, type Mend } from "../mend.ts";
import { quoteIdentifier as quote } from "../quote.ts";
import type { Check, Context, Hit } from "./check.ts";

function mendOf(access: BreakGlassAccess, { snapshot }: Context): Mend {
  const { role, state } = access;
  if (state !== "closed")
    return sql(...endStatements(access), ...revokeStatements(access), dropStatement(access));
  const owner = snapshot.databases.find(({ name }) => name === snapshot.server.database)?.owner;
  return sql(
    `REASSIGN OWNED BY ${quote(role)} TO ${owner === undefined ? "CURRENT_USER" : quote(owner)}`,
    `DROP OWNED BY ${quote(role)}`,
    dropStatement(access),
  );
}

function detailOf({ state, note, fault, pids }: BreakGlassAccess): string {
  if (state === "closed")
    return "It is closed; the role is left because something is still its own.";
  const said =
    note === null
      ? ""
      : ` ${note.by} opened it for ${note.access} until ${note.until}: ${note.reason}.`;
  return `${fault ?? "It is within its hours."}${said} Sessions now: ${pids.length}.`;
}

const SEVERITY = { open: "high", over: "critical", closed: "medium" } as const;

function temporary(context: Context): Hit[] {
  return context.snapshot.breakGlass
    .map((role) => judgeBreakGlass(role, context.now))
    .map((access) => ({
      object: access.role,
      severity: SEVERITY[access.state],
      detail: detailOf(access),
      mend: mendOf(access, context),
    }));
}

/** R14: who was let in for some hours. */
export const breakGlassCheck: Check = {
  id: "R14",
  title: "A database is open to somebody for a time",
  severity: "high",
  why: "Rights that were given in a hurry are the ones that nobody takes back. It lasts four hours at most, and everybody sees it.",
  how: "roles whose name or comment says that `sinetti break-glass` made them, with memberships and sessions; high within their hours; critical once these are over, where the comment is missing or names more than four hours, or where the password outlives it; medium where nobody comes in any more and the role is left because it owns something. No exception holds for it",
  mend: "`sinetti break-glass close`, or the statements: no login, sessions ended, memberships taken back, role dropped.",
  isFinal: true,
  find: temporary,
};
