import type {
  CaseId,
  DeviceId,
  FileId,
  Hash,
  HoldId,
  MemberId,
  PracticeId,
  SiteId,
  TeamId,
} from "./brand.ts";
import {
  COMPARTMENTS,
  FILE_AUTHORITY,
  RIGHTS,
  widestCell,
  type SubjectClass,
  type Term,
} from "./authority.ts";
import { LIMITS } from "./limits.ts";
import { subjectShape, type Place, type Subject } from "./order.ts";
import {
  isRecovered,
  isSeated,
  isTeamRekeyDue,
  memberKey,
  practiceHead,
  recoveryAt,
  rolesAt,
  sitsInTeam,
  teamKey,
  type PracticeState,
} from "./practiceState.ts";
import {
  type Shaped,
  code,
  dictionary,
  fixedBytes,
  hash,
  id,
  list,
  maxBytes,
  nullable,
  record,
  uint,
  version,
} from "./shape.ts";

const seq = uint(LIMITS.chainLength);
const HISTORY = 100_000;

/** Why a grant was made. */
export const GRANT_REASONS = [
  "care",
  "supervision",
  "stand-in",
  "office",
  "billing",
  "handover",
  "response",
  "staff",
  "recovery",
  "consent",
] as const;
/** One grant, as `create` and `grant` carry it. */
export const grantShape = record({
  subject: subjectShape,
  /** Version of the subject's key that the wrap is for. */
  keyVersion: seq,
  /** Bits of RIGHTS. */
  rights: uint(7),
  term: code(["standing", "approved"]),
  /** The week on whose Monday it ends; 0 for teams, patients and recovery. */
  expires: seq,
  reason: code(GRANT_REASONS),
});
/** One grant. */
export type Grant = Shaped<typeof grantShape>;

const grantStateShape = record({
  grant: grantShape,
  /** The member who granted first; null for the patient's own acts. */
  grantor: id<MemberId>(),
  from: seq,
  until: nullable(seq),
});
/** A grant with the stretch of the chain in which it stood. */
export type GrantState = Shaped<typeof grantStateShape>;
const epochShape = record({
  epoch: seq,
  seq,
  commit: fixedBytes(32),
  prior: nullable(maxBytes(LIMITS.cellBytes)),
  wraps: hash,
});
/** Why a file is held: a suit or claim, a complaint, an authority's order, the patient's wish, an incident. */
export const HOLD_REASONS = ["claim", "complaint", "authority", "patient", "incident"] as const;
const holdShape = record({
  hold: id<HoldId>(),
  reason: code(HOLD_REASONS),
  /** The week on whose Monday it ends; null: until it is lifted. */
  ends: nullable(seq),
  by: id<MemberId>(),
  from: seq,
  until: nullable(seq),
});
/** A legal hold with the stretch of the chain in which it stood. */
export type HoldState = Shaped<typeof holdShape>;
/** Phases of a file. */
export const PHASES = ["open", "closed", "erased"] as const;

/** The form in which a service or a client keeps the folded access chain of a file. */
export const accessStateShape = record({
  v: version,
  practice: id<PracticeId>(),
  file: id<FileId>(),
  compartment: code(COMPARTMENTS),
  case: nullable(id<CaseId>()),
  site: nullable(id<SiteId>()),
  creator: id<DeviceId>(),
  /** The newest place of the practice chain that a statement here has cited. */
  seenSeq: seq,
  heads: list(hash, { min: 1, max: HISTORY }),
  phases: list(record({ seq, phase: code(PHASES) }), { min: 1, max: HISTORY }),
  epochs: list(epochShape, { min: 1, max: HISTORY }),
  grants: list(grantStateShape, { max: HISTORY }),
  holds: list(holdShape, { max: HISTORY }),
  /** Orders already carried, with their seq: none acts twice. */
  orders: dictionary(seq, HISTORY),
});
/** The access chain of one file folded up to its head. */
export type AccessState = Shaped<typeof accessStateShape>;

/** Head of the chain that a state was folded from. */
export function accessHead(state: AccessState): Place {
  return { seq: state.heads.length - 1, hash: state.heads.at(-1) as Hash };
}

/** The phase of the file right after statement `at` (by default now). */
export function phaseAt(
  state: AccessState,
  at: number = accessHead(state).seq,
): (typeof PHASES)[number] {
  return state.phases.findLast((step) => step.seq <= at)?.phase ?? "erased";
}

/** The epoch of the file right after statement `at` (by default now). */
export function epochAt(
  state: AccessState,
  at: number = accessHead(state).seq,
): AccessState["epochs"][number] {
  const found = state.epochs.findLast((epoch) => epoch.seq <= at);
  if (found === undefined) throw new RangeError("before the first epoch");
  return found;
}

/** The grants that stood right after statement `at` (by default now), whether or not their week is over. */
export function grantsAt(state: AccessState, at: number = accessHead(state).seq): GrantState[] {
  return state.grants.filter(
    (grant) => grant.from <= at && (grant.until === null || at < grant.until),
  );
}

/**
 * The legal holds that stand on the file now. `week` null (a replay that knows no time): those with an end are left out,
 * since they may be over, and a replay is never stricter than the gate.
 */
export function holdsNow(state: AccessState, week: number | null): HoldState[] {
  return state.holds.filter(
    ({ until, ends }) => until === null && (ends === null || (week !== null && week < ends)),
  );
}

/** Whether two subjects are the same. */
export function isSameSubject(a: Subject, b: Subject): boolean {
  return a.type === b.type && a.id === b.id;
}

/** The classes of the authority table that a subject falls into right after practice statement `at`. */
export function subjectClasses(
  practice: PracticeState,
  subject: Subject,
  at?: number,
): readonly SubjectClass[] {
  if (subject.type === "member") return rolesAt(practice, subject.id as MemberId, at);
  if (subject.type === "team") {
    const team = practice.teams[subject.id];
    return team === undefined ? [] : [`${team.kind}-team`];
  }
  return [subject.type];
}

/** Whether a member holds a grant itself, sits in the team that does, or was brought in by the trustees, right after practice statement `at`. */
export function isHeldBy(
  practice: PracticeState,
  subject: Subject,
  { member, at }: { member: MemberId; at?: number },
): boolean {
  if (subject.type === "member")
    return subject.id === member && rolesAt(practice, member, at).length > 0;
  if (subject.type === "recovery") return isRecovered(practice, member, at);
  return (
    subject.type === "team" && sitsInTeam(practice, { team: subject.id as TeamId, member }, at)
  );
}

/**
 * The rights of a grant that the table still gives its subject right after practice statement `at` (by default now):
 * who loses a role loses what only that role may hold.
 */
export function heldRights(
  state: AccessState,
  practice: PracticeState,
  { grant, at }: { grant: Grant; at?: number },
): number {
  const { grantedTo, creatorKeeps, createdBy } = FILE_AUTHORITY[state.compartment];
  const { subject, rights, term } = grant;
  if (
    creatorKeeps &&
    subject.type === "member" &&
    practice.devices[state.creator]?.member === subject.id
  ) {
    const isCreator = rolesAt(practice, subject.id, at).some((role) => createdBy[role]);
    if (isCreator) return rights;
  }
  const cell = widestCell(grantedTo, subjectClasses(practice, subject, at));
  return cell === "deny" || !cell.terms.includes(term) ? 0 : rights & cell.rights;
}

/** What a member may do with a file: the rights that stand by themselves, and those that need an approval each time. */
export interface Access {
  readonly standing: number;
  readonly approved: number;
  /** Rights of grants whose week is over. */
  readonly lapsed: number;
}

/** Weeks of alarming grace for a care grant that was used in the last 30 days (3-protocol §3). */
export const GRACE_WEEKS = 2;

/**
 * What a member may do. `week` null: expiry is not looked at (a replay). `inGrace`: the gate saw the grant used in the
 * last 30 days. The last holder's expiry turns the grant into one that needs approval, so that no file becomes unopenable.
 */
export function accessOf(
  state: AccessState,
  practice: PracticeState,
  {
    member,
    week,
    at,
    practiceAt,
    inGrace = false,
  }: {
    member: MemberId;
    week: number | null;
    at?: number;
    practiceAt?: number;
    inGrace?: boolean;
  },
): Access {
  const grants = grantsAt(state, at);
  const isOver = (grant: Grant): boolean =>
    week !== null &&
    grant.expires !== 0 &&
    week >= grant.expires + (inGrace && state.compartment === "care" ? GRACE_WEEKS : 0);
  const others = grants.some(
    ({ grant }) =>
      grant.subject.type !== "recovery" &&
      grant.term === "standing" &&
      !isOver(grant) &&
      !isDead(practice, grant.subject) &&
      heldRights(state, practice, { grant }) !== 0,
  );
  const place = practiceAt === undefined ? {} : { at: practiceAt };
  let access = { standing: 0, approved: 0, lapsed: 0 };
  for (const { grant } of grants) {
    if (!isHeldBy(practice, grant.subject, { member, ...place })) continue;
    const rights = heldRights(state, practice, { grant, ...place });
    if (isOver(grant)) {
      if (others) access = { ...access, lapsed: access.lapsed | rights };
      else access = { ...access, approved: access.approved | rights };
    } else access = { ...access, [grant.term]: access[grant.term as Term] | rights };
  }
  return access;
}

/** Whether nobody stood behind a subject right after practice statement `at` (by default now). */
function isDead(practice: PracticeState, subject: Subject, at?: number): boolean {
  if (subject.type === "team") return !isSeated(practice, subject.id as TeamId, at);
  return subject.type === "member" && rolesAt(practice, subject.id as MemberId, at).length === 0;
}

/** Whether somebody who lived right after practice statement `at` holds the right `grant` on the file by themselves, not only with another's approval. */
export function hasLiveGranter(
  state: AccessState,
  practice: PracticeState,
  { at }: { at: number },
): boolean {
  return grantsAt(state).some(
    ({ grant }) =>
      grant.term === "standing" &&
      !isDead(practice, grant.subject, at) &&
      (heldRights(state, practice, { grant, at }) & RIGHTS.grant) !== 0,
  );
}

/**
 * Whether nobody who is there may hand on a file that the table lets somebody hand on: only the trustees give it back. Never one that
 * is erased, nor what officers share of a round, which ends by itself.
 */
export function isUnheld(state: AccessState, practice: PracticeState): boolean {
  const { compartment } = state;
  const { grantedBy } = FILE_AUTHORITY[compartment];
  if (compartment === "review" || phaseAt(state) === "erased") return false;
  if (Object.values(grantedBy).every((granter) => granter === "deny")) return false;
  return !hasLiveGranter(state, practice, { at: practiceHead(practice).seq });
}

/** The newest key version of a subject right after practice statement `at`; null when the subject is no more. */
export function subjectKeyVersion(
  practice: PracticeState,
  subject: Subject,
  at: number = practiceHead(practice).seq,
): number | null {
  if (subject.type === "recovery") return recoveryAt(practice, at).version;
  if (subject.type === "team") return teamKey(practice, subject.id as TeamId, at)?.version ?? null;
  if (subject.type === "patient") return 1;
  return rolesAt(practice, subject.id as MemberId, at).length === 0
    ? null
    : (memberKey(practice, subject.id as MemberId, at)?.version ?? null);
}

/** Whether a grant goes on into a new epoch: its subject lives and may still hold it. */
export function goesOn(
  state: AccessState,
  practice: PracticeState,
  { grant, at }: { grant: Grant; at?: number },
): boolean {
  const place = at === undefined ? {} : { at };
  return (
    subjectKeyVersion(practice, grant.subject, at) !== null &&
    heldRights(state, practice, { grant, ...place }) !== 0
  );
}

/** The subjects that a new epoch must be wrapped to: whose grant stands and goes on. */
export function subjectsToWrap(
  state: AccessState,
  practice: PracticeState,
  at?: number,
): Subject[] {
  const place = at === undefined ? {} : { at };
  return grantsAt(state)
    .filter(({ grant }) => goesOn(state, practice, { grant, ...place }))
    .map(({ grant }) => grant.subject);
}

/**
 * Whether the next write must open a new epoch: somebody who held the key of this one has been revoked, has left, has lost
 * the role for it, or has replaced their own key since. A revocation acts at once; the new key comes with the next write (3-protocol §4).
 * A team's key is replaced by who sits in it: for another `writer` who left a team alone makes nothing due.
 */
export function isRekeyDue(
  state: AccessState,
  practice: PracticeState,
  { writer }: { writer?: MemberId } = {},
): boolean {
  const { seq: epochSeq } = epochAt(state);
  const current = grantsAt(state);
  const stillHolds = (subject: Subject): boolean =>
    current.some(({ grant }) => isSameSubject(grant.subject, subject));
  const mayRekey = (team: TeamId): boolean =>
    writer === undefined || sitsInTeam(practice, { team, member: writer });
  return state.grants.some(({ grant, until }) => {
    const { subject } = grant;
    if (until !== null)
      return until > epochSeq && subject.type !== "recovery" && !stillHolds(subject);
    const team = subject.type === "team" ? (subject.id as TeamId) : null;
    if (team !== null && isTeamRekeyDue(practice, team) && mayRekey(team)) return true;
    return (
      subject.type !== "recovery" &&
      (subjectKeyVersion(practice, subject) !== grant.keyVersion ||
        heldRights(state, practice, { grant }) === 0)
    );
  });
}
