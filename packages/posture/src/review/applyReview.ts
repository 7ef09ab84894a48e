import type postgres from "postgres";

import { closeOverBreakGlass, type ClosedBreakGlass } from "../breakGlass/closeBreakGlass.ts";
import { collectSnapshot } from "../collect/collect.ts";
import type { Role, Snapshot } from "../collect/snapshot.ts";
import type { PosturePolicy } from "../policy/policy.ts";
import { quoteIdentifier, quoteLiteral, quoteRole } from "../quote.ts";
import { databaseAccess, isLastSuperuser, isVital, type DatabaseAccess } from "./databaseAccess.ts";

/** What a round decided on one access of a database; `left`: nobody decided. */
export interface DatabaseDecision {
  readonly access: DatabaseAccess;
  readonly verdict: "keep" | "revoke" | "left";
  /** Unix seconds at which a login ends; 0: what the round says nothing of. */
  readonly until: number;
}

/** What became of an access, as the catalogue says after the statements have run. */
export interface AppliedAccess {
  readonly access: DatabaseAccess;
  readonly outcome:
    /** It goes on, until its day where one was set. */
    | "kept"
    /** It is gone. */
    | "revoked"
    /** Nobody decided: its login ends on its day. */
    | "lapsing"
    /** Its day is over, and it may log in no more. */
    | "lapsed"
    /** It is not what the round froze. */
    | "changed"
    /** The service runs by it, or nobody else could mend the database. */
    | "last-holder"
    /** It is for some hours: it ends by them, and no round keeps it. */
    | "break-glass"
    /** The statements ran, and it is still there. */
    | "still-there";
  readonly statements: readonly string[];
}

interface Applying {
  readonly database: string;
  readonly policy: PosturePolicy | null;
  readonly now: Date;
}

/**
 * Carries a round's decisions out in a database, as a role that may, and reads the catalogue again: an access counts as gone only
 * where it is. An access that is not what the round froze is left alone.
 */
export async function applyReview(
  sql: postgres.Sql,
  decisions: readonly DatabaseDecision[],
  applying: Applying,
): Promise<AppliedAccess[]> {
  const before = await look(sql, applying);
  const planned = planAll(decisions, before, applying);
  for (const { statements } of planned)
    for (const statement of statements) await sql.unsafe(statement);
  const after = await look(sql, applying);
  return planned.map((each) => proved(each, after.access));
}

/**
 * Takes the login from every role whose day is over, ends its sessions, and reads the catalogue again. PostgreSQL itself refuses
 * their passwords from that day on, and no other way in: a certificate, a peer, a trusted line. Vital roles stay; what was opened for
 * hours that are over ends with all that it was given.
 */
export async function lapseRoles(sql: postgres.Sql, applying: Applying): Promise<AppliedAccess[]> {
  const before = await look(sql, applying);
  const over = before.access.filter(
    ({ right, risks }) =>
      right === "LOGIN" && risks.includes("past-day") && !risks.includes("break-glass"),
  );
  const planned = over.map((access): AppliedAccess =>
    isVital(access.role, applying.policy) ||
    isLastSuperuser(access.role, before.snapshot.roles, lastsPast(applying.now))
      ? { access, outcome: "last-holder", statements: [] }
      : { access, outcome: "lapsed", statements: endLogin(access.role) },
  );
  for (const { statements } of planned)
    for (const statement of statements) await sql.unsafe(statement);
  const after = await look(sql, applying);
  const temporary = await closeOverBreakGlass(sql, applying.now);
  return [
    ...planned.map((each) => proved(each, after.access)),
    ...temporary.map((each) => endedByHour(each, applying.database)),
  ];
}

function endedByHour({ role, outcome }: ClosedBreakGlass, database: string): AppliedAccess {
  const risks = ["break-glass"] as const;
  return {
    access: {
      database,
      role,
      path: [role],
      right: "LOGIN",
      object: "plain",
      validUntil: null,
      risks,
    },
    outcome: outcome === "still-there" ? outcome : "lapsed",
    statements: [],
  };
}

/** What a review decides on in a database, as the catalogue has it now. */
export async function collectAccess(
  sql: postgres.Sql,
  applying: Applying,
): Promise<DatabaseAccess[]> {
  return (await look(sql, applying)).access;
}

async function look(
  sql: postgres.Sql,
  { database, policy, now }: Applying,
): Promise<{ snapshot: Snapshot; access: DatabaseAccess[] }> {
  const snapshot = await collectSnapshot(sql, { choose: () => [], limit: 0 });
  return { snapshot, access: databaseAccess(snapshot, { database, policy, now }) };
}

const isSameWay = (a: DatabaseAccess, b: DatabaseAccess): boolean =>
  a.role === b.role &&
  a.right === b.right &&
  a.object === b.object &&
  a.path.join("\n") === b.path.join("\n");

const lastsPast =
  (now: Date) =>
  (validUntil: number | null): boolean =>
    validUntil === null || validUntil > now.getTime();
const isEndless = (validUntil: number | null): boolean => validUntil === null;

interface Before {
  /** As they will be after the decisions that were planned already. */
  readonly roles: readonly Role[];
  readonly access: readonly DatabaseAccess[];
}

/** What is taken away is planned first, since it decides who may not end; each decision counts with those before it. */
function planAll(
  decisions: readonly DatabaseDecision[],
  { snapshot, access }: { snapshot: Snapshot; access: readonly DatabaseAccess[] },
  applying: Applying,
): AppliedAccess[] {
  const planned = new Map<DatabaseDecision, AppliedAccess>();
  const isRevoked = ({ verdict }: DatabaseDecision): boolean => verdict === "revoke";
  const ordered = [...decisions].sort((a, b) => Number(isRevoked(b)) - Number(isRevoked(a)));
  let { roles } = snapshot;
  for (const decision of ordered) {
    const applied = plan(decision, { roles, access }, applying);
    planned.set(decision, applied);
    roles = roles.map((role) => afterwards(role, applied));
  }
  return decisions.map((decision) => planned.get(decision) as AppliedAccess);
}

function afterwards(role: Role, { access, outcome, statements }: AppliedAccess): Role {
  if (access.right !== "LOGIN" || access.role !== role.name || statements.length === 0) return role;
  if (outcome === "revoked") return { ...role, login: false };
  return { ...role, validUntil: access.validUntil === null ? null : access.validUntil * 1000 };
}

function plan(
  { access, verdict, until }: DatabaseDecision,
  before: Before,
  { policy, now }: Applying,
): AppliedAccess {
  const found = before.access.find((each) => isSameWay(each, access));
  if (found === undefined || found.validUntil !== access.validUntil)
    return { access, outcome: "changed", statements: [] };
  const isLogin = access.right === "LOGIN";
  const isRevoked = verdict === "revoke";
  if (!isRevoked && found.risks.includes("break-glass"))
    return { access, outcome: "break-glass", statements: [] };
  const lasts = isRevoked ? lastsPast(now) : isEndless;
  const isLast = isLogin && isLastSuperuser(access.role, before.roles, lasts);
  if (isLast || (isLogin && isVital(access.role, policy))) {
    const outcome = verdict === "keep" ? "kept" : "last-holder";
    const losesEnd = verdict === "keep" || (isLast && !isRevoked);
    if (!losesEnd || access.validUntil === null) return { access, outcome, statements: [] };
    return ending(access, null, outcome);
  }
  if (isRevoked) return { access, outcome: "revoked", statements: revoking(access) };
  if (!isLogin || until === 0) return { access, outcome: "kept", statements: [] };
  return ending(access, until, verdict === "keep" ? "kept" : "lapsing");
}

/** Sets the day on which a login ends; null: it never does. */
function ending(
  access: DatabaseAccess,
  validUntil: number | null,
  outcome: AppliedAccess["outcome"],
): AppliedAccess {
  const day = validUntil === null ? "infinity" : new Date(validUntil * 1000).toISOString();
  return {
    access: { ...access, validUntil },
    outcome,
    statements: [`ALTER ROLE ${quoteIdentifier(access.role)} VALID UNTIL ${quoteLiteral(day)}`],
  };
}

function revoking({ role, right, object, path }: DatabaseAccess): string[] {
  if (right === "LOGIN") return endLogin(role);
  const name = quoteRole(role === "PUBLIC" && path[0] === "PUBLIC" ? null : role);
  if (right === "MEMBER") return [`REVOKE ${quoteIdentifier(object)} FROM ${name} CASCADE`];
  const at = object.indexOf(".");
  const relation = `${quoteIdentifier(object.slice(0, at))}.${quoteIdentifier(object.slice(at + 1))}`;
  return [`REVOKE ${right} ON ${relation} FROM ${name} CASCADE`];
}

function endLogin(role: string): string[] {
  return [
    `ALTER ROLE ${quoteIdentifier(role)} NOLOGIN`,
    // Not the one that reads the catalogue again.
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${quoteLiteral(role)} AND pid <> pg_backend_pid()`,
  ];
}

function proved(each: AppliedAccess, after: readonly DatabaseAccess[]): AppliedAccess {
  const { access, outcome } = each;
  const found = after.find((one) => isSameWay(one, access));
  if (["changed", "last-holder", "break-glass"].includes(outcome)) return each;
  const isGone = outcome === "revoked" || outcome === "lapsed";
  const isSo = isGone ? found === undefined : found?.validUntil === access.validUntil;
  return isSo ? each : { ...each, outcome: "still-there" };
}
