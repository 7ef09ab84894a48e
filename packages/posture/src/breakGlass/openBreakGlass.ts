import { randomBytes } from "node:crypto";

import type postgres from "postgres";

import { quoteIdentifier as quote, quoteLiteral } from "../quote.ts";
import { inTransaction } from "../transaction.ts";
import {
  BREAK_GLASS_GROUP,
  BREAK_GLASS_PREFIX,
  BREAK_GLASS_SECONDS,
  noteText,
  type BreakGlassNote,
} from "./breakGlass.ts";
import { BreakGlassError } from "./breakGlassError.ts";

const SHORTEST_SECONDS = 60;
const CONNECTIONS = 3;

export interface BreakGlassWish {
  /** `read`: every table, as row security lets it; `owner`: as the owner of the database. */
  readonly access: BreakGlassNote["access"];
  readonly by: string;
  readonly reason: string;
  readonly seconds: number;
  /** What PostgreSQL keeps of the password. */
  readonly verifier: string;
  /** Whose rights `owner` gives; the owner of the database when left out. */
  readonly owner?: string | undefined;
}

export interface OpenedBreakGlass {
  readonly role: string;
  readonly database: string;
  readonly note: BreakGlassNote;
}

/** Predefined roles that run programs or read and write files: superusers by another name. */
const STRONGEST = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"];

function ensureWish({ seconds, by, reason }: BreakGlassWish): void {
  if (!Number.isInteger(seconds) || seconds < SHORTEST_SECONDS || seconds > BREAK_GLASS_SECONDS)
    throw new BreakGlassError("too-long");
  const isSaid = [by, reason].every((text) => /^[^\p{Cc}]*\S[^\p{Cc}]*$/u.test(text));
  if (!isSaid || by.length > 200 || reason.length > 500) throw new BreakGlassError("not-said");
}

/** The server's clock, since it is the one that ends the password. */
async function whereAndWhen(tx: postgres.TransactionSql): Promise<{
  database: string;
  owner: string;
  isSuper: boolean;
  nowMs: number;
  hasGroup: boolean;
}> {
  const [found] = await tx.unsafe<
    { database: string; owner: string; isSuper: boolean; nowMs: number; hasGroup: boolean }[]
  >(`select current_database() as database,
      (select pg_get_userbyid(datdba) from pg_database where datname = current_database()) as owner,
      (select rolsuper from pg_roles where rolname = current_user) as "isSuper",
      (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs",
      exists (select from pg_roles where rolname = '${BREAK_GLASS_GROUP}') as "hasGroup"`);
  if (found === undefined) throw new TypeError("a server has a clock");
  return found;
}

/** Refuses a role from which a superuser, or a power beside tables, can be reached. */
async function ensureWeak(tx: postgres.TransactionSql, role: string): Promise<void> {
  const [found] = await tx.unsafe<{ isThere: boolean; isStrong: boolean }[]>(`
    with recursive reach as (
      select oid from pg_roles where rolname = ${quoteLiteral(role)}
      union select m.roleid from pg_auth_members m join reach on m.member = reach.oid)
    select exists (select from reach) as "isThere",
      exists (select from reach join pg_roles r using (oid)
        where r.rolsuper or r.rolcreaterole or r.rolreplication or r.rolbypassrls
          or r.rolname in (${STRONGEST.map(quoteLiteral).join(", ")})) as "isStrong"`);
  if (found?.isThere !== true) throw new BreakGlassError("no-such-role");
  if (found.isStrong) throw new BreakGlassError("too-powerful");
}

/**
 * Makes a login with exactly the access that is asked for, and an end of four hours at most, in one transaction: whatever cuts it
 * off, there is either nothing or a role that PostgreSQL itself turns away at its hour. Error: BreakGlassError.
 */
export async function openBreakGlass(
  sql: postgres.Sql,
  wish: BreakGlassWish,
): Promise<OpenedBreakGlass> {
  ensureWish(wish);
  const { access, by, reason, seconds, verifier } = wish;
  const role = BREAK_GLASS_PREFIX + randomBytes(6).toString("hex");
  return inTransaction(sql, "", async (tx) => {
    await tx.unsafe("set local search_path = pg_catalog");
    const { database, owner, isSuper, nowMs, hasGroup } = await whereAndWhen(tx);
    if (!isSuper) throw new BreakGlassError("not-superuser");
    const as = access === "read" ? "pg_read_all_data" : (wish.owner ?? owner);
    await ensureWeak(tx, as);
    const [from, until] = [new Date(nowMs), new Date(nowMs + seconds * 1000)];
    const note = { by, reason, access, from: from.toISOString(), until: until.toISOString() };
    const statements = [
      ...(hasGroup ? [] : [`CREATE ROLE ${BREAK_GLASS_GROUP} NOLOGIN`]),
      `CREATE ROLE ${quote(role)} WITH LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
        CONNECTION LIMIT ${CONNECTIONS} PASSWORD ${quoteLiteral(verifier)} VALID UNTIL ${quoteLiteral(note.until)}`,
      `COMMENT ON ROLE ${quote(role)} IS ${quoteLiteral(noteText(note))}`,
      `GRANT CONNECT ON DATABASE ${quote(database)} TO ${quote(role)}`,
      `GRANT ${BREAK_GLASS_GROUP}, ${quote(as)} TO ${quote(role)}`,
    ];
    for (const statement of statements) await tx.unsafe(statement);
    return { role, database, note };
  });
}
