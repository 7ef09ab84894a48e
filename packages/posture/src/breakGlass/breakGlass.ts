import { z } from "zod";

/** Longest that a database is opened to somebody by hand. */
export const BREAK_GLASS_SECONDS = 4 * 3600;

/** Every such role is a member of it, so that one access line lets them in and no other. */
export const BREAK_GLASS_GROUP = "sinetti_break_glass";
export const BREAK_GLASS_PREFIX = `${BREAK_GLASS_GROUP}_`;

/** Clocks of two machines differ. */
const SKEW_MS = 5 * 60_000;
const MARK = "sinetti break-glass ";

const note = z.strictObject({
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(500),
  access: z.enum(["read", "owner"]),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});
/** Who opened a database, why, for how long and for what; it stands as the comment of the role. */
export type BreakGlassNote = z.infer<typeof note>;

/** As the catalogue has it. */
export interface BreakGlassRole {
  readonly role: string;
  readonly login: boolean;
  /** Milliseconds since 1970; null: for ever. */
  readonly validUntil: number | null;
  readonly comment: string | null;
  /** Memberships that it has or gives. */
  readonly edges: readonly {
    readonly role: string;
    readonly member: string;
    /** Null where the server does not tell one grantor's from another's. */
    readonly grantor: string | null;
  }[];
  /** Databases that were opened to it. */
  readonly databases: readonly string[];
  readonly pids: readonly number[];
}

/** A temporary access, and whether its hours are over. */
export interface BreakGlassAccess extends BreakGlassRole {
  /** Null: nobody says, or not in words that can be read. */
  readonly note: BreakGlassNote | null;
  /** `closed`: it lets nobody in; the role is left because it owns something. */
  readonly state: "open" | "over" | "closed";
  /** Why it counts as over. */
  readonly fault: string | null;
}

/** As a comment of a role. */
export function noteText(of: BreakGlassNote): string {
  return MARK + JSON.stringify(note.parse(of));
}

function readNote(comment: string | null): BreakGlassNote | null {
  if (comment?.startsWith(MARK) !== true) return null;
  try {
    return note.parse(JSON.parse(comment.slice(MARK.length)));
  } catch {
    return null;
  }
}

function faultOf(
  { validUntil }: BreakGlassRole,
  said: BreakGlassNote | null,
  nowMs: number,
): string | null {
  if (said === null) return "Nobody says who opened it, or until when.";
  const [from, until] = [Date.parse(said.from), Date.parse(said.until)];
  const longest = BREAK_GLASS_SECONDS * 1000;
  if (until - from > longest || until - nowMs > longest + SKEW_MS)
    return "It is for longer than four hours.";
  if (nowMs >= until) return "Its hours are over.";
  if (validUntil === null || validUntil > until) return "Its password outlives its hours.";
  return null;
}

/** What an access is now: open within its hours, over, or closed. */
export function judgeBreakGlass(of: BreakGlassRole, now: Date): BreakGlassAccess {
  const said = readNote(of.comment);
  const isClosed = !of.login && of.pids.length === 0 && of.edges.length === 0;
  const fault = faultOf(of, said, now.getTime());
  const state = isClosed ? "closed" : fault === null ? "open" : "over";
  return { ...of, note: said, state, fault: isClosed ? null : fault };
}

/** Roles by their name or their comment, so that neither alone hides one. */
export const BREAK_GLASS_ROLES = `
  select r.rolname as role, r.rolcanlogin as login,
    case when r.rolvaliduntil is null or r.rolvaliduntil = 'infinity' then null
      when r.rolvaliduntil = '-infinity' then 0
      else (extract(epoch from r.rolvaliduntil) * 1000)::float8 end as "validUntil",
    d.comment,
    coalesce((select jsonb_agg(jsonb_build_object('role', pg_get_userbyid(m.roleid), 'member', pg_get_userbyid(m.member),
        'grantor', case when current_setting('server_version_num')::int >= 160000 then pg_get_userbyid(m.grantor) end)
        order by m.roleid, m.member, m.grantor)
      from pg_auth_members m where r.oid in (m.member, m.roleid)), '[]'::jsonb) as edges,
    coalesce((select jsonb_agg(distinct b.datname) from pg_database b, aclexplode(b.datacl) x where x.grantee = r.oid),
      '[]'::jsonb) as databases,
    coalesce((select jsonb_agg(a.pid order by a.pid) from pg_stat_activity a
      where a.usesysid = r.oid and a.pid <> pg_backend_pid()), '[]'::jsonb) as pids
  from pg_roles r, lateral (select shobj_description(r.oid, 'pg_authid') as comment) d
  where starts_with(r.rolname, '${BREAK_GLASS_PREFIX}') or starts_with(d.comment, '${MARK}')
  order by r.rolname`;
