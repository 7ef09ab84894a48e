import { type GATE_ROUTES, weekOf, practiceHead, type Shaped } from "@sinetti/core";

import { isMemberFrozen, isPracticeFrozen, waitingRestore } from "../practiceView.ts";
import { readLinks } from "../store/linkStore.ts";
import { transact } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;

/** One page of the practice chain. */
export async function readPractice({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["practiceRead"]["request"]>>): Promise<
  Shaped<Routes["practiceRead"]["answer"]>
> {
  return transact(
    gate,
    { request, lock: "none", ahead: (tx) => readLinks(tx, request.practice, body.from) },
    async (_unit, page) => page,
  );
}

/** Where the chain stands, and whether the caller is frozen. */
export async function readStatus({
  gate,
  request,
}: Exchange<object>): Promise<Shaped<Routes["status"]["answer"]>> {
  const { member } = request.caller;
  return transact(gate, { request, lock: "none" }, async ({ view, time }) => ({
    practice: practiceHead(view.state),
    frozen: isPracticeFrozen(view) || (member !== null && isMemberFrozen(view, member)),
    week: Math.max(weekOf(time), view.state.week),
    restore: waitingRestore(view),
  }));
}
