import type { MemberId, Order, PracticeState } from "@sinetti/core";

import {
  FREEZER_WATCH_SECONDS,
  THAW_AFTER_SECONDS,
  hasSecondPerson,
  type OrderCase,
} from "./policyWait.ts";
import { allow } from "./problem.ts";
import { readAcceptedAt } from "./store/linkStore.ts";
import { findArrival } from "./store/stopStore.ts";
import type { Unit } from "./transaction.ts";

type Thaw = Extract<Order, { kind: "thaw" }>;

/** A thaw comes an hour after its freeze began to act, at the earliest. Error: `pending`. */
export async function checkThaw({ tx, practice, view, time }: Unit, order: Thaw): Promise<void> {
  const freeze = view.state.freezes[order.body.freeze];
  if (freeze === undefined) return;
  const [arrived, accepted] = await Promise.all([
    findArrival(tx, practice, order.body.freeze),
    readAcceptedAt(tx, practice, [freeze.seq]),
  ]);
  const since = Math.min(arrived ?? time, accepted.get(freeze.seq) ?? time);
  allow(time >= since + THAW_AFTER_SECONDS, "pending");
}

function thawsOf(state: PracticeState, member: MemberId): number[] {
  return Object.values(state.freezes).flatMap(({ by, thawedSeq }) =>
    by === member && thawedSeq !== null ? [thawedSeq] : [],
  );
}

/** Whoever froze and was thawed within a day needs a second person to freeze somebody else. Error: `second-person-missing`. */
export async function checkFreezer(unit: Unit, orderCase: OrderCase): Promise<void> {
  const { order, author, state } = orderCase;
  if (order.kind !== "freeze" || author === null || order.body.member === author) return;
  const thaws = thawsOf(state, author);
  if (thaws.length === 0 || hasSecondPerson(orderCase)) return;
  const acceptedAt = await readAcceptedAt(unit.tx, unit.practice, thaws);
  const last = Math.max(...acceptedAt.values());
  allow(unit.time >= last + FREEZER_WATCH_SECONDS, "second-person-missing");
}
