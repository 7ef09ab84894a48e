import type { DeviceId, Hash, MemberId, SignPublicKey } from "./brand.ts";
import { ensure } from "./errors.ts";
import { ORDER_AUTHORITY } from "./authority.ts";
import {
  hashOrder,
  readApproval,
  verifyApproval,
  type Author,
  type Order,
  type Role,
} from "./order.ts";
import { isWeakening } from "./policy.ts";
import {
  activeStaff,
  isFrozenAt,
  isRecovered,
  liveDevice,
  policyAt,
  recoveryAt,
  rolesAt,
  sitsInTeam,
  staffSize,
  type PracticeState,
} from "./practiceState.ts";
import type { Signed } from "./sign.ts";

/**
 * Who is too young to be a second person. A replay knows weeks alone and is never stricter than the gate,
 * which knows its own clock and passes exact answers.
 */
export interface Youth {
  readonly practice: boolean;
  isYoung(member: MemberId): boolean;
}

/** Youth as the weeks in the acceptances show it. */
export function youthByWeek(state: PracticeState, week: number): Youth {
  return {
    practice: week - state.genesisWeek <= state.quorumAgeWeeks,
    isYoung: (member) => week - (state.members[member]?.joinedWeek ?? week) < state.quorumAgeWeeks,
  };
}

/** The signing key of an author who was live right after statement `at` (by default now), and the member behind it. Error: `not-authorised`. */
export function authorKey(
  state: PracticeState,
  author: Author,
  at?: number,
): { key: SignPublicKey; member: MemberId | null } {
  if (author.by === "recovery") return { key: recoveryAt(state, at).sign, member: null };
  if (author.by === "code") return { key: state.breakGlass, member: null };
  if (author.by === "kit") {
    const member = author.id as MemberId;
    const found = state.members[member];
    ensure(found !== undefined && rolesAt(state, member, at).length > 0, "not-authorised");
    return { key: found.kit, member };
  }
  const device = liveDevice(state, author.id as DeviceId, at);
  ensure(device !== null, "not-authorised");
  return { key: device.statementKey, member: device.member };
}

/** Who consented: distinct members, and whether the paper code or the recovery key did. */
export interface Approvers {
  readonly members: ReadonlySet<MemberId>;
  readonly code: boolean;
  readonly recovery: boolean;
}

/**
 * The distinct persons whose approvals of exactly this order verify now. The recovery key consents to nothing but what
 * `isSecondedByTrustees` allows. Errors: `second-person-missing`, `bad-signature`, `not-authorised`.
 */
function readApprovers(
  state: PracticeState,
  {
    order,
    approvals,
    week,
    at,
    mayRecovery,
  }: {
    order: Hash;
    approvals: readonly Signed[];
    week: number;
    at?: number;
    mayRecovery: boolean;
  },
): Approvers {
  const members = new Set<MemberId>();
  let code = false;
  let recovery = false;
  for (const signed of approvals) {
    const { author, practice } = readApproval(signed);
    ensure(practice === state.practice, "wrong-practice");
    const isPerson = author.by === "device" || author.by === "code";
    ensure(isPerson || (author.by === "recovery" && mayRecovery), "not-authorised");
    const { key, member } = authorKey(state, author, at);
    verifyApproval(signed, key, { order, week });
    if (author.by === "code") code = true;
    if (author.by === "recovery") recovery = true;
    if (member !== null) members.add(member);
  }
  return { members, code, recovery };
}

/**
 * Whether the trustees, by the key that they joined, may stand as the second person of this order: its author is a member
 * whom they brought in, under the secret still in force, and the table names the kind as one that makes a practice whole.
 */
function isSecondedByTrustees(
  state: PracticeState,
  order: Order,
  { author, at }: { author: MemberId | null; at?: number | undefined },
): boolean {
  return (
    order.author.by === "device" &&
    author !== null &&
    ORDER_AUTHORITY[order.kind].recoverySeconds &&
    isRecovered(state, author, at)
  );
}

/** Orders that one administrator may give alone while the practice is younger than its quorum age. */
const FOUNDING_KINDS = new Set<Order["kind"]>([
  "member.add",
  "member.role",
  "team.open",
  "team.add",
  "policy",
  "service.rotate",
]);

/**
 * Whether somebody who sits in a team gives a seat in it to who was made its kind of staff since they last sat there. The role
 * had its second person; whoever frees a seat is not overruled by who still sits.
 */
function isSeatBySeated(state: PracticeState, order: Order, author: MemberId): boolean {
  if (order.kind !== "team.add") return false;
  const { team, seal } = order.body;
  if (!sitsInTeam(state, { team, member: author })) return false;
  if (isFrozenAt(state, author) || isFrozenAt(state, seal.member)) return false;
  const roleSeq = state.members[seal.member]?.roles.at(-1)?.seq ?? 0;
  const seats = state.teams[team]?.seats[seal.member] ?? [];
  return seats.every(({ until }) => until !== null && until <= roleSeq);
}

/** Whether this order, given by `author` (null: a key of the practice), needs a second person's consent. */
export function requiresSecondPerson(
  state: PracticeState,
  order: Order,
  { author, youth }: { author: MemberId | null; youth: Youth },
): boolean {
  const rule = ORDER_AUTHORITY[order.kind].secondPerson;
  if (author !== null && isSeatBySeated(state, order, author)) return false;
  const isAdmin = author !== null && rolesAt(state, author).includes("admin");
  if (FOUNDING_KINDS.has(order.kind) && youth.practice && isAdmin) return false;
  if (rule === "always") return true;
  if (rule === "when-weakening")
    return order.kind === "policy" && isWeakening(policyAt(state), order.body.policy);
  if (
    rule !== "any-two" ||
    order.kind !== "freeze" ||
    order.body.member !== null ||
    author === null
  )
    return false;
  return !rolesAt(state, author).some((role) => role === "privacy" || role === "admin");
}

/** Whether somebody consented who counts, besides the author, in a practice of this size; with `role`, who holds it too. */
export function isSeconded(
  state: PracticeState,
  {
    approvers,
    author,
    week,
    youth,
    at,
    role = null,
  }: {
    approvers: Approvers;
    author: MemberId | null;
    week: number;
    youth: Youth;
    at?: number;
    role?: Role | null;
  },
): boolean {
  const staff = activeStaff(state, at);
  const size = staffSize(state, { week, at });
  const isAsked = (member: MemberId): boolean =>
    role === null || size === 1 || rolesAt(state, member, at).includes(role);
  const others = [...approvers.members].filter(
    (member) =>
      member !== author &&
      isAsked(member) &&
      !isFrozenAt(state, member, at) &&
      (youth.practice || !youth.isYoung(member)) &&
      (size === 1 || staff.includes(member)),
  );
  return others.length > 0 || (size < 3 && approvers.code) || approvers.recovery;
}

/**
 * Whether the paper and one of the staff thaw together, in a practice of any size: somebody who can freeze everybody else
 * would keep them frozen otherwise. The code gives the order and one of the staff approves, who may be frozen; or the code
 * approves what one of them gives who is not frozen, or is alone.
 */
function isThawedByPaper(
  state: PracticeState,
  {
    by,
    approvers,
    author,
    at,
  }: {
    by: Author["by"];
    approvers: Approvers;
    author: MemberId | null;
    at: number | undefined;
  },
): boolean {
  const staff = activeStaff(state, at);
  if (by === "code") return staff.some((member) => approvers.members.has(member));
  if (author === null || !approvers.code) return false;
  return staff.length === 1 || !isFrozenAt(state, author, at);
}

/** Orders that give back what was stopped: waiting is never enough for them, and paper and one of the staff always are. */
function isReturning({ kind }: Order): boolean {
  return kind === "thaw" || kind === "resume";
}

/** Who must stand beside the key when it is replaced: an administrator, or whom the trustees brought in; they are young then. */
function mayRotate(state: PracticeState, member: MemberId): boolean {
  if (isFrozenAt(state, member)) return false;
  return rolesAt(state, member).includes("admin") || isRecovered(state, member);
}

/**
 * Checks that an order has the second person that its kind and the size of the practice demand. Distinct members are
 * counted, never signatures, and who has just ended still counts for the size; who is frozen or young does not count (in a young practice everybody is young, so that
 * nobody is kept out for it). Three staff or more: another of the staff. Two: both, or the paper code. Alone: a reviewer,
 * the code, or the gate's 24 hours. Where the table names a role of the second person, two or more staff need one who holds it. A thaw never waits instead, and takes the paper code together with one of the staff at any size.
 * Of whom the trustees brought in, the key that they joined is the second person (`isSecondedByTrustees`); to replace that
 * key takes, beside its own signature, an administrator or such a member.
 * Errors: `second-person-missing`, `not-authorised` for a frozen author, and those of `readApprovers`.
 */
export function checkSecondPerson(
  state: PracticeState,
  {
    signed,
    order,
    approvals,
    author,
    week,
    youth,
    at,
  }: {
    signed: Signed;
    order: Order;
    approvals: readonly Signed[];
    author: MemberId | null;
    week: number;
    youth: Youth;
    at?: number;
  },
): void {
  const approvers = readApprovers(state, {
    order: hashOrder(signed),
    approvals,
    week,
    mayRecovery: isSecondedByTrustees(state, order, { author, at }),
    ...(at === undefined ? {} : { at }),
  });
  if (!requiresSecondPerson(state, order, { author, youth })) return;
  const { by } = order.author;
  if (order.kind === "recovery.rotate")
    return ensure(
      [...approvers.members].some((each) => mayRotate(state, each)),
      "second-person-missing",
    );
  if (isReturning(order) && isThawedByPaper(state, { by, approvers, author, at })) return;
  ensure(by !== "code", "second-person-missing");
  ensure(author === null || !isFrozenAt(state, author, at), "not-authorised");
  const isAlone = !isReturning(order) && staffSize(state, { week, at }) === 1;
  const role = ORDER_AUTHORITY[order.kind].secondRole;
  const ask = { approvers, author, week, youth, role, ...(at === undefined ? {} : { at }) };
  ensure(isAlone || isSeconded(state, ask), "second-person-missing");
}
