import { readAccessBody } from "./accessBodies.ts";
import { checkSeconded } from "./accessOrders.ts";
import { holdsNow, type AccessState } from "./accessState.ts";
import { looksAfter, type FoldStep } from "./accessStep.ts";
import { ensure } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { rolesAt } from "./practiceState.ts";
import type { Link } from "./statement.ts";

/** Folds a `hold`: by whoever looks after the file, on one that is open or closed. */
export function foldHold(state: AccessState, link: Link, step: FoldStep): void {
  const { hold, reason, until } = readAccessBody(link, "hold");
  const { week } = step.context;
  ensure(looksAfter(state, step), "not-authorised");
  ensure(week === null || until === null || until > week, "malformed");
  ensure(
    state.holds.every((each) => each.hold !== hold),
    "order-reused",
  );
  ensure(holdsNow(state, week).length < LIMITS.holdsPerFile, "too-large");
  const { member } = step.author;
  state.holds.push({ hold, reason, ends: until, by: member, from: step.seq, until: null });
}

/** Folds an `unhold`: the order of a privacy officer, with a second person always. */
export function foldUnhold(state: AccessState, link: Link, step: FoldStep): void {
  const { practice } = step.context;
  const carried = checkSeconded(state, readAccessBody(link, "unhold"), {
    kind: "unhold",
    step,
    mayGive: (member, at) => rolesAt(practice, member, at).includes("privacy"),
  });
  const held = state.holds.find(({ hold, until }) => hold === carried.body.hold && until === null);
  ensure(held !== undefined, "not-granted");
  held.until = step.seq;
  state.orders[carried.id] = step.seq;
}
