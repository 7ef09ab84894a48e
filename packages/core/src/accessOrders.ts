import { readAccessBody } from "./accessBodies.ts";
import {
  accessOf,
  goesOn,
  grantsAt,
  holdsNow,
  isSameSubject,
  type AccessState,
  type Grant,
} from "./accessState.ts";
import { standing, type FoldStep } from "./accessStep.ts";
import { FILE_AUTHORITY, RIGHTS } from "./authority.ts";
import type { FileId, MemberId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { readOrder, verifyOrder, type Order } from "./order.ts";
import { knowsPlace, rolesAt, type PracticeState } from "./practiceState.ts";
import { authorKey, checkSecondPerson, youthByWeek } from "./quorum.ts";
import type { Signed } from "./sign.ts";
import type { Link } from "./statement.ts";

type CarriedKind = "revoke" | "erase" | "unhold";

/** Checks an order that a statement of this chain carries; returns the order. */
function checkCarried<K extends CarriedKind>(
  state: AccessState,
  signed: Signed,
  { kind, step }: { kind: K; step: FoldStep },
): { order: Extract<Order, { kind: K }>; member: MemberId; at: number } {
  const { practice } = step.context;
  const carried = readOrder(signed);
  ensure(
    carried.kind === kind && (carried.body as { file?: FileId }).file === state.file,
    "broken-chain",
  );
  ensure(carried.practice === state.practice, "wrong-practice");
  ensure(state.orders[carried.id] === undefined, "order-reused");
  ensure(knowsPlace(practice, carried.seen), "stale-head");
  const isNow = step.isNow === true && kind !== "revoke";
  const at = isNow ? step.author.seen.seq : carried.seen.seq;
  const { key, member } = authorKey(practice, carried.author, at);
  ensure(member !== null && carried.author.by === "device", "not-authorised");
  verifyOrder(signed, key);
  return { order: carried as Extract<Order, { kind: K }>, member, at };
}

/** Whether the file would be left to recovery for good, because nobody may grant it again. */
function isLastHolder(
  state: AccessState,
  practice: PracticeState,
  { subject, at }: { subject: Grant["subject"]; at: number },
): boolean {
  const { grantedBy } = FILE_AUTHORITY[state.compartment];
  if (Object.values(grantedBy).some((granter) => granter !== "deny")) return false;
  return grantsAt(state).every(
    ({ grant }) =>
      grant.subject.type === "recovery" ||
      isSameSubject(grant.subject, subject) ||
      !goesOn(state, practice, { grant, at }),
  );
}

/**
 * Whether a member may revoke a subject's grant: privacy officer, administrator, the subject, or who may grant. The last
 * holder of a process or roster file is the subject's own to give up, since to take it would erase the file.
 */
export function mayRevoke(
  state: AccessState,
  practice: PracticeState,
  { member, subject, at }: { member: MemberId; subject: Grant["subject"]; at: number },
): boolean {
  if (subject.type === "recovery") return false;
  if (subject.type === "member" && subject.id === member) return true;
  if (isLastHolder(state, practice, { subject, at })) return false;
  const roles = rolesAt(practice, member, at);
  if (roles.includes("privacy") || roles.includes("admin")) return true;
  return (
    (accessOf(state, practice, { member, week: null, practiceAt: at }).standing & RIGHTS.grant) !==
    0
  );
}

/** Folds a `revoke`. */
export function foldRevoke(state: AccessState, link: Link, step: FoldStep): void {
  const { order: carried, member } = checkCarried(state, readAccessBody(link, "revoke").order, {
    kind: "revoke",
    step,
  });
  const { subject } = carried.body;
  const before = standing(state, subject);
  ensure(before !== undefined, "not-granted");
  ensure(
    mayRevoke(state, step.context.practice, { member, subject, at: carried.seen.seq }),
    "not-authorised",
  );
  before.until = step.seq;
  state.orders[carried.id] = step.seq;
}

/** Checks an order that acts with a second person alone; `mayGive`: whether its author may at a place of the practice chain. */
export function checkSeconded<K extends "erase" | "unhold">(
  state: AccessState,
  { order: signed, approvals }: { order: Signed; approvals: readonly Signed[] },
  {
    kind,
    step,
    mayGive,
  }: { kind: K; step: FoldStep; mayGive: (member: MemberId, at: number) => boolean },
): Extract<Order, { kind: K }> {
  const { practice, week } = step.context;
  const { order: carried, member, at } = checkCarried(state, signed, { kind, step });
  ensure(mayGive(member, at), "not-authorised");
  const asOf = week ?? practice.week;
  checkSecondPerson(practice, {
    signed,
    order: carried,
    approvals,
    author: member,
    week: week === null ? 0 : asOf,
    youth: youthByWeek(practice, asOf),
    at,
  });
  return carried;
}

/** Folds an `erase`. */
export function foldErase(state: AccessState, link: Link, step: FoldStep): void {
  const { practice, week } = step.context;
  const mayGive = (member: MemberId, at: number): boolean =>
    rolesAt(practice, member, at).includes("privacy") ||
    (accessOf(state, practice, { member, week: null, practiceAt: at }).standing & RIGHTS.grant) !==
      0;
  const carried = checkSeconded(state, readAccessBody(link, "erase"), {
    kind: "erase",
    step,
    mayGive,
  });
  ensure(holdsNow(state, week).length === 0, "on-hold");
  state.orders[carried.id] = step.seq;
  state.phases.push({ seq: step.seq, phase: "erased" });
  for (const held of grantsAt(state)) held.until = step.seq;
}
