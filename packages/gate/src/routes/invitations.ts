import { LIMITS, type GATE_ROUTES, type Shaped } from "@sinetti/core";

import { hasRole, isMemberFrozen, isPracticeFrozen, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import {
  countInvitations,
  deleteInvitations,
  insertInvitations,
  readInvitations,
  sweepInvitations,
} from "../store/invitationStore.ts";
import { transact, type Unit } from "../transaction.ts";
import type { SignedRequest } from "../signedRequest.ts";
import type { Empty, Exchange } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;

/** Who may bring people in looks after their slips. */
function checkAdmin({ view }: Unit, { caller }: SignedRequest): void {
  allow(hasRole(view, memberOf(caller).member, "admin"), "not-authorised");
}

/** Lays offers down; a slip that is over makes room for others. */
export async function putInvitations({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["invitationPut"]["request"]>>): Promise<Empty> {
  await transact(gate, { request, lock: "chain" }, async (unit) => {
    const { tx, practice, view, time } = unit;
    checkAdmin(unit, request);
    const { member } = memberOf(request.caller);
    allow(!isPracticeFrozen(view) && !isMemberFrozen(view, member), "frozen");
    const latest = time + LIMITS.invitationSeconds;
    allow(
      body.items.every(({ until }) => until > time && until <= latest),
      "malformed",
    );
    await sweepInvitations(tx, practice, time);
    await insertInvitations(tx, practice, body.items);
    allow((await countInvitations(tx, practice)) <= LIMITS.invitations, "too-large");
  });
  return {};
}

/** The open invitations with what answered them. */
export async function listInvitations({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["invitationList"]["request"]>>): Promise<
  Shaped<Routes["invitationList"]["answer"]>
> {
  return transact(gate, { request, lock: "none" }, async (unit) => {
    checkAdmin(unit, request);
    return readInvitations(unit.tx, unit.practice, { after: body.after, now: unit.time });
  });
}

/** Takes invitations away. */
export async function dropInvitations({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["invitationDrop"]["request"]>>): Promise<Empty> {
  await transact(gate, { request, lock: "none" }, async (unit) => {
    checkAdmin(unit, request);
    await deleteInvitations(unit.tx, unit.practice, body.mailboxes);
  });
  return {};
}
