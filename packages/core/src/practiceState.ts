import type { DeviceId, Hash, MemberId, OrderId, PracticeId, SiteId, TeamId } from "./brand.ts";
import { LIMITS } from "./limits.ts";
import {
  ROLES,
  SERVICES,
  TEAM_KINDS,
  reviewCounts,
  type Place,
  type Role,
  type ServiceName,
} from "./order.ts";
import { policyShape, type Policy } from "./policy.ts";
import {
  type Shaped,
  code,
  dictionary,
  hash,
  id,
  kemKey,
  list,
  maxBytes,
  nullable,
  optional,
  record,
  signKey,
  uint,
  version,
} from "./shape.ts";

const seq = uint(LIMITS.chainLength);
const MANY = 100_000;
const sealed = maxBytes(LIMITS.cellBytes);

const memberStateShape = record({
  joinedSeq: seq,
  joinedWeek: seq,
  endedSeq: nullable(seq),
  endedWeek: nullable(seq),
  roles: list(record({ seq, roles: list(code(ROLES), { max: ROLES.length }) }), {
    min: 1,
    max: MANY,
  }),
  keys: list(record({ version: seq, seq, key: kemKey, prior: nullable(sealed) }), {
    min: 1,
    max: MANY,
  }),
  kit: signKey,
  /** The version of the recovery secret whose `recover` brought this member in; null: an order of the living did. */
  recovered: nullable(seq),
});
const deviceStateShape = record({
  member: id<MemberId>(),
  statementKey: signKey,
  requestKey: signKey,
  addedSeq: seq,
  endedSeq: nullable(seq),
});
const seatShape = record({ from: seq, until: nullable(seq) });
const teamStateShape = record({
  kind: code(TEAM_KINDS),
  site: nullable(id<SiteId>()),
  keys: list(
    record({
      version: seq,
      seq,
      key: kemKey,
      prior: nullable(sealed),
      seals: dictionary(sealed, MANY),
    }),
    { min: 1, max: MANY },
  ),
  seats: dictionary(list(seatShape, { max: MANY }), MANY),
});
const freezeShape = record({
  member: nullable(id<MemberId>()),
  by: nullable(id<MemberId>()),
  seq,
  thawedSeq: nullable(seq),
});

const reviewShape = record({
  by: id<MemberId>(),
  snapshot: hash,
  edges: seq,
  seq,
  week: seq,
  closed: nullable(
    record({
      /** Who closed it; absent in what was kept while that was the opener's alone. */
      by: optional(id<MemberId>()),
      seq,
      week: seq,
      decisions: hash,
      ...reviewCounts,
    }),
  ),
});

const posturePolicyShape = record({
  /** SHA-256 of the file's bytes. */
  policy: hash,
  by: id<MemberId>(),
  /** Whose approvals the statement carried; none: the only member waited, or the paper code stood in. */
  approvers: list(id<MemberId>(), { max: LIMITS.approvals }),
  seq,
  week: seq,
});

/** The form in which a service or a client keeps the folded practice chain. */
export const practiceStateShape = record({
  v: version,
  practice: id<PracticeId>(),
  root: signKey,
  week: seq,
  genesisWeek: seq,
  quorumAgeWeeks: seq,
  /** Hash of each statement, by seq. */
  heads: list(hash, { min: 1, max: MANY }),
  services: record({ who: signKey, what: signKey, gate: signKey }),
  /** The keys of the recovery secret in the order in which they came into force; the first ones are the genesis'. */
  recoveries: list(
    record({ version: seq, seq, kem: kemKey, sign: signKey, prior: nullable(sealed) }),
    { min: 1, max: MANY },
  ),
  breakGlass: signKey,
  /** The policies in the order in which they came into force; the first one is the genesis'. */
  policies: list(record({ seq, policy: policyShape }), { min: 1, max: MANY }),
  members: dictionary(memberStateShape, MANY),
  devices: dictionary(deviceStateShape, MANY),
  teams: dictionary(teamStateShape, MANY),
  freezes: dictionary(freezeShape, MANY),
  /** Orders already sequenced, with their seq. */
  orders: dictionary(seq, MANY),
  /** Rounds of review by the id of the order that opened them; absent in what was kept before there were any. */
  reviews: optional(dictionary(reviewShape, MANY)),
  /** The newest policy that was approved, by the service whose database it is for; absent: none ever was. */
  posturePolicies: optional(dictionary(posturePolicyShape, SERVICES.length)),
});
/** The practice chain folded up to its head. */
export type PracticeState = Shaped<typeof practiceStateShape>;
/** One member. */
export type MemberState = Shaped<typeof memberStateShape>;
/** One device. */
export type DeviceState = Shaped<typeof deviceStateShape>;
/** One team. */
export type TeamState = Shaped<typeof teamStateShape>;
/** One round of review, as its opening and its closing statement say. */
export type ReviewState = Shaped<typeof reviewShape>;
/** The declared policy of a database, as the practice approved it. */
export type ApprovedPolicy = Shaped<typeof posturePolicyShape>;
/** One freeze. */
export type FreezeState = Shaped<typeof freezeShape>;

/** Head of the chain that a state was folded from. */
export function practiceHead(state: PracticeState): Place {
  return { seq: state.heads.length - 1, hash: state.heads.at(-1) as Hash };
}

/** A round of review; null: the chain knows none of this id. */
export function reviewOf(state: PracticeState, round: OrderId): ReviewState | null {
  return state.reviews?.[round] ?? null;
}

/** The member who closed a round; null: it is open. */
export function closerOf({ by, closed }: ReviewState): MemberId | null {
  return closed === null ? null : (closed.by ?? by);
}

/** The newest policy that the practice approved for the database of a service; null: it never approved one. */
export function approvedPolicy(state: PracticeState, database: ServiceName): ApprovedPolicy | null {
  return state.posturePolicies?.[database] ?? null;
}

/** Whether the state knows this place of its own chain. */
export function knowsPlace(state: PracticeState, place: Place): boolean {
  return state.heads[place.seq] === place.hash;
}

/** The policy in force right after statement `at` (by default now). */
export function policyAt(state: PracticeState, at: number = practiceHead(state).seq): Policy {
  const found = state.policies.findLast((step) => step.seq <= at);
  if (found === undefined) throw new RangeError("before the genesis");
  return found.policy;
}

/** The keys of the recovery secret right after statement `at` (by default now). */
export function recoveryAt(
  state: PracticeState,
  at: number = practiceHead(state).seq,
): PracticeState["recoveries"][number] {
  const found = state.recoveries.findLast((step) => step.seq <= at);
  if (found === undefined) throw new RangeError("before the genesis");
  return found;
}

/**
 * Whether a member stood right after statement `at` (by default now) whom the trustees brought in, under the recovery
 * secret that is still in force: such a member holds what recovery holds, until `recovery.rotate`.
 */
export function isRecovered(
  state: PracticeState,
  member: MemberId,
  at: number = practiceHead(state).seq,
): boolean {
  const recovered = state.members[member]?.recovered ?? null;
  return (
    recovered !== null &&
    rolesAt(state, member, at).length > 0 &&
    recoveryAt(state, at).version === recovered
  );
}

/** Roles that a member had right after statement `at` (by default now); none before joining or after the end. */
export function rolesAt(
  state: PracticeState,
  member: MemberId,
  at: number = practiceHead(state).seq,
): readonly Role[] {
  const found = state.members[member];
  if (
    found === undefined ||
    at < found.joinedSeq ||
    (found.endedSeq !== null && at >= found.endedSeq)
  )
    return [];
  return found.roles.findLast((step) => step.seq <= at)?.roles ?? [];
}

/** The device and its member if both were live right after statement `at` (by default now). */
export function liveDevice(
  state: PracticeState,
  device: DeviceId,
  at: number = practiceHead(state).seq,
): (DeviceState & { id: DeviceId }) | null {
  const found = state.devices[device];
  if (
    found === undefined ||
    at < found.addedSeq ||
    (found.endedSeq !== null && at >= found.endedSeq)
  )
    return null;
  return rolesAt(state, found.member, at).length === 0 ? null : { ...found, id: device };
}

/** Whether a member sat in a team right after statement `at` (by default now). */
export function sitsInTeam(
  state: PracticeState,
  { team, member }: { team: TeamId; member: MemberId },
  at: number = practiceHead(state).seq,
): boolean {
  if (rolesAt(state, member, at).length === 0) return false;
  const seats = state.teams[team]?.seats[member] ?? [];
  return seats.some((seat) => seat.from <= at && (seat.until === null || at < seat.until));
}

/** Whether anybody sat in a team right after statement `at` (by default now). */
export function isSeated(state: PracticeState, team: TeamId, at?: number): boolean {
  const seats = Object.keys(state.teams[team]?.seats ?? {}) as MemberId[];
  return seats.some((member) => sitsInTeam(state, { team, member }, at));
}

/** The teams that a member sits in right after statement `at`. */
export function teamsOf(state: PracticeState, member: MemberId, at?: number): TeamId[] {
  return (Object.keys(state.teams) as TeamId[]).filter((team) =>
    sitsInTeam(state, { team, member }, at),
  );
}

/** The members who worked in the practice right after statement `at` (by default now): not ended, and more than a reviewer. */
export function activeStaff(state: PracticeState, at?: number): MemberId[] {
  return (Object.keys(state.members) as MemberId[]).filter((member) =>
    rolesAt(state, member, at).some((role) => role !== "reviewer"),
  );
}

/**
 * How many staff a decision is measured by right after statement `at`: who worked there, and who has ended within
 * `quorumAge`, so that an administrator who ends everybody is not alone at once.
 */
export function staffSize(
  state: PracticeState,
  { week, at }: { week: number; at?: number | undefined },
): number {
  const justEnded = Object.values(state.members).filter(
    ({ endedSeq, endedWeek, roles }) =>
      endedSeq !== null &&
      endedWeek !== null &&
      endedSeq <= (at ?? endedSeq) &&
      week >= endedWeek &&
      week - endedWeek <= state.quorumAgeWeeks &&
      roles.at(-1)?.roles.some((role) => role !== "reviewer") === true,
  );
  return activeStaff(state, at).length + justEnded.length;
}

/** Whether anybody has ended, lost a role or left a team after statement `at`: who could open what is another question then. */
export function hasLostSomebody(state: PracticeState, at: number): boolean {
  const isLater = (seqs: readonly (number | null)[]): boolean =>
    seqs.some((each) => each !== null && each > at);
  const members = Object.values(state.members);
  const seats = Object.values(state.teams).flatMap((team) => Object.values(team.seats).flat());
  return (
    isLater(members.map(({ endedSeq }) => endedSeq)) ||
    isLater(members.flatMap(({ roles }) => roles.slice(1).map((step) => step.seq))) ||
    isLater(seats.map(({ until }) => until))
  );
}

/** The freezes in force on the whole practice or on this member. */
export function liveFreezes(
  state: PracticeState,
  member: MemberId,
): { id: OrderId; freeze: FreezeState }[] {
  return (Object.entries(state.freezes) as [OrderId, FreezeState][])
    .filter(
      ([, freeze]) =>
        freeze.thawedSeq === null && (freeze.member === null || freeze.member === member),
    )
    .map(([freezeId, freeze]) => ({ id: freezeId, freeze }));
}

/** Whether a freeze lay on this very member (not on the whole practice) right after statement `at` (by default now). */
export function isFrozenAt(
  state: PracticeState,
  member: MemberId,
  at: number = practiceHead(state).seq,
): boolean {
  return Object.values(state.freezes).some(
    (freeze) =>
      freeze.member === member &&
      freeze.seq <= at &&
      (freeze.thawedSeq === null || at < freeze.thawedSeq),
  );
}

/** The newest key of a member right after statement `at` (by default now). Null: unknown. */
export function memberKey(
  state: PracticeState,
  member: MemberId,
  at: number = practiceHead(state).seq,
): MemberState["keys"][number] | null {
  return state.members[member]?.keys.findLast((key) => key.seq <= at) ?? null;
}

/** The newest key of a team right after statement `at` (by default now). Null: unknown. */
export function teamKey(
  state: PracticeState,
  team: TeamId,
  at: number = practiceHead(state).seq,
): TeamState["keys"][number] | null {
  return state.teams[team]?.keys.findLast((key) => key.seq <= at) ?? null;
}

/** Whether somebody has left the team since its newest key was made, so that the key must be replaced before more is sealed to it. */
export function isTeamRekeyDue(state: PracticeState, team: TeamId): boolean {
  const found = state.teams[team];
  const key = found?.keys.at(-1);
  if (found === undefined || key === undefined) return false;
  return Object.values(found.seats).some((seats) =>
    seats.some((seat) => seat.until !== null && seat.until > key.seq),
  );
}
