import {
  activeStaff,
  authorKey,
  isSeconded,
  ORDER_AUTHORITY,
  readApproval,
  requiresSecondPerson,
  type Approvers,
  type MemberId,
  type Order,
  type PracticeState,
  type Youth,
} from "@sinetti/core";

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
/** What a solo practice waits instead of a second person. */
const SOLO_WAIT_HOURS = 24;
/** A freeze lasts this long at least. */
export const THAW_AFTER_SECONDS = HOUR_SECONDS;
/** Whoever froze somebody else and was thawed needs a second person for this long. */
export const FREEZER_WATCH_SECONDS = DAY_SECONDS;

/** An order on its way to its place in the chain. */
export interface OrderCase {
  readonly state: PracticeState;
  readonly order: Order;
  /** The member who gave it; null: a key of the practice. */
  readonly author: MemberId | null;
  /** Those who approved, their signatures checked before. */
  readonly approvals: readonly Uint8Array[];
  readonly youth: Youth;
}

/** The distinct persons besides the author who approved, and whether the paper code or the recovery key did. */
function readSecond({ state, author, approvals }: OrderCase): Approvers {
  const authors = approvals.map((signed) => readApproval(signed).author);
  const members = authors.flatMap((each) => authorKey(state, each).member ?? []);
  return {
    members: new Set(members.filter((member) => member !== author)),
    code: authors.some(({ by }) => by === "code"),
    recovery: authors.some(({ by }) => by === "recovery"),
  };
}

/** Whether somebody who counts in a practice of this size consented besides the author. */
export function hasSecondPerson(orderCase: OrderCase): boolean {
  const { state, author, youth } = orderCase;
  const approvers = readSecond(orderCase);
  return isSeconded(state, { approvers, author, week: state.week, youth });
}

/** Hours for which this order must have lain at the gate; 0: none. Whether a second person is missing is for `checkOrder`. */
export function waitHours(orderCase: OrderCase): number {
  const { state, order, author, youth } = orderCase;
  const rule = ORDER_AUTHORITY[order.kind];
  if (order.kind === "recover") return rule.waitHours ?? 0;
  if (order.kind === "device.add") {
    const isOwnDevice = order.author.by === "device" && order.body.member === author;
    return isOwnDevice || hasSecondPerson(orderCase) ? 0 : (rule.waitHours ?? 0);
  }
  const isSolo = activeStaff(state).length === 1;
  if (
    !isSolo ||
    order.author.by === "code" ||
    !requiresSecondPerson(state, order, { author, youth })
  )
    return 0;
  return hasSecondPerson(orderCase) ? 0 : SOLO_WAIT_HOURS;
}

/** When an order proposed now may be sequenced without a second person; null: it waits for the person. */
export function dueAt(orderCase: OrderCase, now: number): number | null {
  const hours = waitHours({ ...orderCase, approvals: [] });
  const { kind } = orderCase.order;
  if (hours > 0 && kind !== "thaw" && kind !== "resume") return now + hours * HOUR_SECONDS;
  const { state, order, author, youth } = orderCase;
  return requiresSecondPerson(state, order, { author, youth }) ? null : now;
}

/** Who may withdraw an order: whoever gave it, and whom it is done to; `recover` needs two of the staff. */
export function mayCancel(orderCase: OrderCase, member: MemberId): boolean {
  const { state, order, author } = orderCase;
  if (order.kind === "recover") return activeStaff(state).includes(member);
  if (member === author) return true;
  return "member" in order.body && order.body.member === member;
}

/** Distinct members whose word withdraws an order; who is alone must be able to keep strangers out too. */
export function cancellersNeeded(state: PracticeState, order: Order): number {
  return order.kind === "recover" ? Math.min(2, activeStaff(state).length) : 1;
}
