import {
  borneDays,
  criticalFaults,
  shownBoard,
  type GATE_ROUTES,
  type MemberId,
  type Shaped,
} from "@sinetti/core";

import { hasRole, isMemberFrozen, memberOf, type PracticeView } from "../practiceView.ts";
import { allow, Refusal } from "../problem.ts";
import { transact } from "../transaction.ts";
import type { Empty, Exchange } from "./exchange.ts";

type Read = (typeof GATE_ROUTES)["postureRead"];
type Answer = Shaped<Read["answer"]>;

/** Who mends the database, and who watches over it. */
const looksAfterIt = (view: PracticeView, member: MemberId): boolean =>
  hasRole(view, member, "admin") || hasRole(view, member, "privacy");

/** What posture found of this gate's database: until when faults are borne for everybody, all of it for who looks after it. */
export async function readPosture({
  gate,
  request,
  body,
}: Exchange<Shaped<Read["request"]>>): Promise<Answer> {
  const { member } = memberOf(request.caller);
  const found = await gate.posture.read();
  return transact(gate, { request, lock: "none" }, ({ practice, view, time }): Promise<Answer> => {
    const maySee = looksAfterIt(view, member);
    // A member is frozen when a device may be in other hands: what is weak here is not for those.
    allow(!body.findings || (maySee && !isMemberFrozen(view, member)), "not-authorised");
    if (typeof found === "string")
      return Promise.resolve({ at: time, state: found, borne: [], open: null, board: null });
    return Promise.resolve({
      at: time,
      state: "seen",
      borne: borneDays(found),
      open: maySee ? criticalFaults(found) : null,
      board: body.findings ? shownBoard(found, practice) : null,
    });
  });
}

/** Has the launcher look at this gate's database now. */
export async function askForLook({ gate, request }: Exchange<object>): Promise<Empty> {
  const { member } = memberOf(request.caller);
  await transact(gate, { request, lock: "none" }, ({ view }) => {
    const may = looksAfterIt(view, member) && !isMemberFrozen(view, member);
    return Promise.resolve(allow(may, "not-authorised"));
  });
  const asked = await gate.posture.askForLook();
  if (asked !== "asked") throw new Refusal(asked);
  return {};
}
