import type { MemberId, OrderId, TeamId } from "./brand.ts";
import { readApproval, type Author, type MemberIntroduction, type Order } from "./order.ts";
import { checkRoles, maySit } from "./practiceOrder.ts";
import { recoveryAt, reviewOf, type PracticeState, type TeamState } from "./practiceState.ts";
import type { Signed } from "./sign.ts";

/** Adds a member with a first device. */
export function introduce(
  state: PracticeState,
  introduction: MemberIntroduction,
  { seq, week, recovered = null }: { seq: number; week: number; recovered?: number | null },
): void {
  const { member, roles, key, kit, device } = introduction;
  checkRoles(roles);
  state.members[member] = {
    joinedSeq: seq,
    joinedWeek: week,
    endedSeq: null,
    endedWeek: null,
    roles: [{ seq, roles }],
    keys: [{ version: 1, seq, key, prior: null }],
    kit,
    recovered,
  };
  state.devices[device.device] = {
    member,
    statementKey: device.statementKey,
    requestKey: device.requestKey,
    addedSeq: seq,
    endedSeq: null,
  };
}

function takeSeat(team: TeamState, member: MemberId, seq: number): void {
  (team.seats[member] ??= []).push({ from: seq, until: null });
}

function leaveSeat(team: TeamState, member: MemberId, seq: number): void {
  for (const seat of team.seats[member] ?? []) seat.until ??= seq;
}

function sealsByMember(
  seals: readonly { member: MemberId; sealed: Uint8Array }[],
): Record<string, Uint8Array> {
  return Object.fromEntries(seals.map(({ member, sealed }) => [member, sealed]));
}

/** Acts on an order that was checked with its approvals; nothing here can refuse. */
export function applyOrder(
  state: PracticeState,
  order: Order,
  { seq, week, approvals }: { seq: number; week: number; approvals: readonly Signed[] },
): void {
  const team = (id: TeamId): TeamState => state.teams[id] as TeamState;
  switch (order.kind) {
    case "member.add":
      return introduce(state, order.body, { seq, week });
    case "recover":
      return introduce(state, order.body, { seq, week, recovered: recoveryAt(state).version });
    case "member.role": {
      const { member, roles } = order.body;
      state.members[member]?.roles.push({ seq, roles });
      for (const each of Object.values(state.teams))
        if (!maySit(each.kind, roles)) leaveSeat(each, member, seq);
      return;
    }
    case "member.rekey": {
      const { member: id, version, key, prior, kit } = order.body;
      const member = state.members[id];
      if (member === undefined) return;
      member.keys.push({ version, seq, key, prior });
      member.kit = kit;
      return;
    }
    case "member.end": {
      const member = state.members[order.body.member];
      if (member === undefined) return;
      member.endedSeq = seq;
      member.endedWeek = week;
      for (const each of Object.values(state.teams)) leaveSeat(each, order.body.member, seq);
      return;
    }
    case "device.add": {
      const { device, statementKey, requestKey } = order.body.device;
      state.devices[device] = {
        member: order.body.member,
        statementKey,
        requestKey,
        addedSeq: seq,
        endedSeq: null,
      };
      return;
    }
    case "device.end": {
      const device = state.devices[order.body.device];
      if (device !== undefined) device.endedSeq = seq;
      return;
    }
    case "team.open": {
      const { kind, site, key, seals } = order.body;
      const opened: TeamState = {
        kind,
        site,
        keys: [{ version: 1, seq, key, prior: null, seals: sealsByMember(seals) }],
        seats: {},
      };
      for (const { member } of seals) takeSeat(opened, member, seq);
      state.teams[order.body.team] = opened;
      return;
    }
    case "team.add": {
      const { seal } = order.body;
      const key = team(order.body.team).keys.at(-1);
      if (key !== undefined) key.seals[seal.member] = seal.sealed;
      return takeSeat(team(order.body.team), seal.member, seq);
    }
    case "team.remove":
      return leaveSeat(team(order.body.team), order.body.member, seq);
    case "team.rekey": {
      const { version, key, prior, seals } = order.body;
      team(order.body.team).keys.push({ version, seq, key, prior, seals: sealsByMember(seals) });
      return;
    }
    case "policy":
      state.policies.push({ seq, policy: order.body.policy });
      return;
    case "freeze":
      return addFreeze(state, order, seq);
    case "thaw": {
      const freeze = state.freezes[order.body.freeze];
      if (freeze !== undefined) freeze.thawedSeq = seq;
      return;
    }
    case "recovery.rotate":
      state.recoveries.push({ ...order.body, seq });
      return;
    case "service.rotate":
      state.services[order.body.service] = order.body.key;
      return;
    case "review.open":
      return openReview(state, order, { seq, week });
    case "review.close":
      return closeReview(state, order, { seq, week });
    case "posture.policy":
      return approvePolicy(state, order, { seq, week, approvals });
    default:
      throw new TypeError("an order of another chain reached the practice chain");
  }
}

function openReview(
  state: PracticeState,
  { id, author, body }: Extract<Order, { kind: "review.open" }>,
  { seq, week }: { seq: number; week: number },
): void {
  const by = state.devices[author.id]?.member;
  if (by === undefined) throw new TypeError("a review opened by no device");
  state.reviews = { ...state.reviews, [id]: { by, ...body, seq, week, closed: null } };
}

function closeReview(
  state: PracticeState,
  { author, body: { round, ...outcome } }: Extract<Order, { kind: "review.close" }>,
  { seq, week }: { seq: number; week: number },
): void {
  const by = signerOf(state, author);
  if (by === null) throw new TypeError("a review closed by no device");
  const review = reviewOf(state, round);
  if (review !== null) review.closed = { ...outcome, by, seq, week };
}

/** The member behind a device that signed. */
function signerOf(state: PracticeState, { by, id }: Author): MemberId | null {
  return by === "device" ? (state.devices[id]?.member ?? null) : null;
}

function approvePolicy(
  state: PracticeState,
  { author, body: { database, policy } }: Extract<Order, { kind: "posture.policy" }>,
  { seq, week, approvals }: { seq: number; week: number; approvals: readonly Signed[] },
): void {
  const by = signerOf(state, author);
  if (by === null) throw new TypeError("a policy proposed by no device");
  const approvers = new Set(
    approvals.flatMap((signed) => signerOf(state, readApproval(signed).author) ?? []),
  );
  const approved = { policy, by, approvers: [...approvers], seq, week };
  state.posturePolicies = { ...state.posturePolicies, [database]: approved };
}

function addFreeze(
  state: PracticeState,
  order: Extract<Order, { kind: "freeze" }>,
  seq: number,
): void {
  const by = signerOf(state, order.author);
  state.freezes[order.id satisfies OrderId] = {
    member: order.body.member,
    by,
    seq,
    thawedSeq: null,
  };
}
