import type postgres from "postgres";

import { collectSnapshot } from "../collect/collect.ts";
import type { Snapshot } from "../collect/snapshot.ts";
import type { PosturePolicy } from "../policy/policy.ts";
import { quoteIdentifier, quoteLiteral, quoteRole } from "../quote.ts";
import { databaseAccess, isVital, type DatabaseAccess } from "./databaseAccess.ts";

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
  const planned = decisions.map((decision) => plan(decision, before, applying));
  for (const { statements } of planned)
    for (const statement of statements) await sql.unsafe(statement);
  const after = await look(sql, applying);
  return planned.map((each) => proved(each, after.access));
}

/**
 * Takes the login from every role whose day is over, ends its sessions, and reads the catalogue again. PostgreSQL itself refuses
 * their passwords from that day on, and no other way in: a certificate, a peer, a trusted line. Vital roles stay.
 */
export async function lapseRoles(sql: postgres.Sql, applying: Applying): Promise<AppliedAccess[]> {
  const before = await look(sql, applying);
  const over = before.access.filter(
    ({ right, risks }) => right === "LOGIN" && risks.includes("past-day"),
  );
  const planned = over.map((access): AppliedAccess =>
    isVital(access.role, before.snapshot, applying.policy)
      ? { access, outcome: "last-holder", statements: [] }
      : { access, outcome: "lapsed", statements: endLogin(access.role) },
  );
  for (const { statements } of planned)
    for (const statement of statements) await sql.unsafe(statement);
  const after = await look(sql, applying);
  return planned.map((each) => proved(each, after.access));
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

function plan(
  { access, verdict, until }: DatabaseDecision,
  before: { snapshot: Snapshot; access: readonly DatabaseAccess[] },
  { policy }: Applying,
): AppliedAccess {
  const found = before.access.find((each) => isSameWay(each, access));
  if (found === undefined || found.validUntil !== access.validUntil)
    return { access, outcome: "changed", statements: [] };
  const isLogin = access.right === "LOGIN";
  if (isLogin && isVital(access.role, before.snapshot, policy))
    return { access, outcome: verdict === "keep" ? "kept" : "last-holder", statements: [] };
  if (verdict === "revoke") return { access, outcome: "revoked", statements: revoking(access) };
  const kept = verdict === "keep" ? "kept" : "lapsing";
  if (!isLogin || until === 0) return { access, outcome: "kept", statements: [] };
  const day = quoteLiteral(new Date(until * 1000).toISOString());
  const ends = { ...access, validUntil: until };
  return {
    access: ends,
    outcome: kept,
    statements: [`ALTER ROLE ${quoteIdentifier(access.role)} VALID UNTIL ${day}`],
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
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ${quoteLiteral(role)}`,
  ];
}

function proved(each: AppliedAccess, after: readonly DatabaseAccess[]): AppliedAccess {
  const { access, outcome } = each;
  const found = after.find((one) => isSameWay(one, access));
  if (outcome === "changed" || outcome === "last-holder") return each;
  const isGone = outcome === "revoked" || outcome === "lapsed";
  const isSo = isGone ? found === undefined : found?.validUntil === access.validUntil;
  return isSo ? each : { ...each, outcome: "still-there" };
}
