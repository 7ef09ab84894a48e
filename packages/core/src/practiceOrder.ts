import type { MemberId } from "./brand.ts";
import { ORDER_AUTHORITY } from "./authority.ts";
import { CoreError, ensure } from "./errors.ts";
import { verifyOrder, type MemberIntroduction, type Order, type Role } from "./order.ts";
import {
  approvedPolicy,
  knowsPlace,
  liveDevice,
  recoveryAt,
  reviewOf,
  rolesAt,
  sitsInTeam,
  type PracticeState,
  type TeamState,
} from "./practiceState.ts";
import { authorKey, checkSecondPerson, youthByWeek, type Youth } from "./quorum.ts";
import type { Signed } from "./sign.ts";

/**
 * Checks an order of the practice chain against the state it would act on: signature, authority, second person, sense.
 * Errors: `wrong-practice`, `order-reused`, `stale-head`, `not-authorised`, `bad-signature`, `second-person-missing`.
 */
export function checkOrder(
  state: PracticeState,
  {
    signed,
    order,
    approvals,
    week,
    youth,
  }: { signed: Signed; order: Order; approvals: readonly Signed[]; week: number; youth?: Youth },
): void {
  ensure(order.practice === state.practice, "wrong-practice");
  ensure(state.orders[order.id] === undefined, "order-reused");
  ensure(knowsPlace(state, order.seen), "stale-head");
  const { key, member } = authorKey(state, order.author);
  verifyOrder(signed, key);
  ensure(mayOrder(state, order, member), "not-authorised");
  checkSense(state, order);
  checkSecondPerson(state, {
    signed,
    order,
    approvals,
    author: member,
    week,
    youth: youth ?? youthByWeek(state, week),
  });
}

/**
 * Whether a stop that was taken on arrival could still enter its chain. A service obeys no other: a freeze whose author is gone
 * would stand in no chain for ever, and nothing else can be thawed. A revocation is judged at the place that it cites.
 */
export function couldStand(state: PracticeState, order: Order): boolean {
  if (order.kind === "revoke") return true;
  try {
    const { member } = authorKey(state, order.author);
    if (!mayOrder(state, order, member)) return false;
    checkSense(state, order);
    return true;
  } catch (error) {
    if (error instanceof CoreError) return false;
    throw error;
  }
}

/** Whether the author may give this order by role, to itself, or by the key it signs with. */
export function mayOrder(state: PracticeState, order: Order, member: MemberId | null): boolean {
  const rule = ORDER_AUTHORITY[order.kind];
  if (order.author.by === "recovery") return rule.recovery;
  if (order.author.by === "code") return rule.code;
  if (member === null) return false;
  if (order.author.by === "kit")
    return rule.kit && order.kind === "device.add" && order.body.member === member;
  const roles = rolesAt(state, member);
  if (rule.self && isOwn(state, order, member)) return true;
  if (order.kind === "freeze" && order.body.member === null)
    return roles.some((role) => role !== "reviewer");
  return roles.some((role) => rule.roles[role]);
}

function isOwn(state: PracticeState, order: Order, member: MemberId): boolean {
  switch (order.kind) {
    case "member.rekey":
    case "member.end":
    case "device.add":
    case "freeze":
    case "team.remove":
      return order.body.member === member;
    case "device.end":
      return state.devices[order.body.device]?.member === member;
    case "team.add":
    case "team.rekey":
      return sitsInTeam(state, { team: order.body.team, member });
    default:
      return false;
  }
}

function checkIntroduction(state: PracticeState, introduction: MemberIntroduction): void {
  ensure(state.members[introduction.member] === undefined, "broken-chain");
  ensure(state.devices[introduction.device.device] === undefined, "broken-chain");
  checkRoles(introduction.roles);
}

/** Roles that a member may hold together; a reviewer holds no other. Error: `malformed`. */
export function checkRoles(roles: readonly Role[]): void {
  ensure(new Set(roles).size === roles.length, "malformed");
  ensure(!roles.includes("reviewer") || roles.length === 1, "malformed");
}

const TEAM_ROLES: Record<TeamState["kind"], readonly Role[]> = {
  office: ["office"],
  response: ["privacy", "admin", "therapist", "office"],
  cover: ["therapist"],
};

/** Whether a member with these roles may sit in a team of this kind. */
export function maySit(kind: TeamState["kind"], roles: readonly Role[]): boolean {
  return roles.some((role) => TEAM_ROLES[kind].includes(role));
}

function checkSeat(state: PracticeState, kind: TeamState["kind"], member: MemberId): void {
  ensure(maySit(kind, rolesAt(state, member)), "not-authorised");
}

function checkSense(state: PracticeState, order: Order): void {
  const isLive = (member: MemberId): boolean => rolesAt(state, member).length > 0;
  switch (order.kind) {
    case "member.add":
    case "recover":
      return checkIntroduction(state, order.body);
    case "member.role": {
      checkRoles(order.body.roles);
      const { member } = order.body;
      const otherAdmin = (Object.keys(state.members) as MemberId[]).some(
        (other) => other !== member && rolesAt(state, other).includes("admin"),
      );
      return ensure(
        isLive(member) && (otherAdmin || order.body.roles.includes("admin")),
        "not-authorised",
      );
    }
    case "member.end":
      return ensure(isLive(order.body.member), "not-authorised");
    case "member.rekey":
      return ensure(
        order.body.version === (state.members[order.body.member]?.keys.at(-1)?.version ?? 0) + 1,
        "broken-chain",
      );
    case "device.add":
      return ensure(
        isLive(order.body.member) && state.devices[order.body.device.device] === undefined,
        "broken-chain",
      );
    case "device.end":
      return ensure(liveDevice(state, order.body.device) !== null, "not-authorised");
    case "team.open":
      ensure(
        state.teams[order.body.team] === undefined &&
          (order.body.kind === "office") === (order.body.site !== null),
        "broken-chain",
      );
      ensure(
        new Set(order.body.seals.map(({ member }) => member)).size === order.body.seals.length,
        "broken-chain",
      );
      return order.body.seals.forEach(({ member }) => checkSeat(state, order.body.kind, member));
    case "team.add": {
      const team = state.teams[order.body.team];
      ensure(
        team !== undefined &&
          team.keys.at(-1)?.version === order.body.version &&
          !sitsInTeam(state, { team: order.body.team, member: order.body.seal.member }),
        "broken-chain",
      );
      return checkSeat(state, team.kind, order.body.seal.member);
    }
    case "team.remove":
      return ensure(sitsInTeam(state, order.body), "not-authorised");
    case "team.rekey":
      return checkTeamRekey(state, order.body);
    case "policy":
      return;
    case "freeze":
      return ensure(order.body.member === null || isLive(order.body.member), "not-authorised");
    case "thaw":
      return ensure(state.freezes[order.body.freeze]?.thawedSeq === null, "not-authorised");
    case "recovery.rotate":
      return ensure(order.body.version === recoveryAt(state).version + 1, "broken-chain");
    case "service.rotate":
      return;
    case "review.open":
      return ensure(order.body.edges > 0, "malformed");
    case "review.close":
      return checkReviewClose(state, order);
    case "posture.policy": {
      const { database, replaces } = order.body;
      return ensure(replaces === (approvedPolicy(state, database)?.policy ?? null), "broken-chain");
    }
    default:
      return ensure(false, "broken-chain");
  }
}

/** A round is closed once, and accounts for each of its edges. */
function checkReviewClose(
  state: PracticeState,
  { body }: Extract<Order, { kind: "review.close" }>,
): void {
  const round = reviewOf(state, body.round);
  ensure(round !== null && round.closed === null, "broken-chain");
  const { kept, narrowed, revoked, left } = body;
  ensure(kept + narrowed + revoked + left === round.edges, "malformed");
}

function checkTeamRekey(
  state: PracticeState,
  body: Extract<Order, { kind: "team.rekey" }>["body"],
): void {
  const team = state.teams[body.team];
  ensure(
    team !== undefined && body.version === (team.keys.at(-1)?.version ?? 0) + 1,
    "broken-chain",
  );
  const seated = (Object.keys(team.seats) as MemberId[]).filter((member) =>
    sitsInTeam(state, { team: body.team, member }),
  );
  const sealedTo = new Set(body.seals.map(({ member }) => member));
  ensure(
    sealedTo.size === body.seals.length &&
      seated.length === sealedTo.size &&
      seated.every((member) => sealedTo.has(member)),
    "broken-chain",
  );
}
