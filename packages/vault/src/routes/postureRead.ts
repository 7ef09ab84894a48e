import {
  VAULT_ROUTES,
  borneDays,
  criticalFaults,
  rolesAt,
  shownBoard,
  type MemberId,
  type Shaped,
} from "@sinetti/core";

import { confirmCall, deviceOf, type Call, type Handled } from "../call.ts";
import { isMemberFrozen } from "../policy/caller.ts";
import type { Held } from "../practiceStates.ts";
import { refuse } from "../problem.ts";
import { inPractice } from "../store/transaction.ts";

const { postureRead: readRoute, postureLook: lookRoute } = VAULT_ROUTES;
type Request = Shaped<typeof readRoute.request>;
type Answer = Shaped<typeof readRoute.answer>;

/** Who mends the database, and who watches over it. */
const looksAfterIt = ({ state }: Held, member: MemberId): boolean =>
  rolesAt(state, member).some((role) => role === "admin" || role === "privacy");

async function confirmed(call: Call): Promise<{ member: MemberId; held: Held }> {
  const { member } = deviceOf(call);
  const held = await inPractice(call.vault.sql, call.practice, (tx) => confirmCall(tx, call));
  return { member, held };
}

async function read(call: Call, { findings }: Request): Promise<Answer> {
  const { vault, practice } = call;
  const [{ member, held }, found] = await Promise.all([confirmed(call), vault.posture.read()]);
  const maySee = looksAfterIt(held, member);
  // A member is frozen when a device may be in other hands: what is weak here is not for those.
  if (findings && (!maySee || isMemberFrozen(held, member))) refuse("not-authorised");
  const at = vault.clock.now();
  if (typeof found === "string") return { at, state: found, borne: [], open: null, board: null };
  return {
    at,
    state: "seen",
    borne: borneDays(found),
    open: maySee ? criticalFaults(found) : null,
    board: findings ? shownBoard(found, practice) : null,
  };
}

async function askForLook(call: Call): Promise<object> {
  const { member, held } = await confirmed(call);
  if (!looksAfterIt(held, member) || isMemberFrozen(held, member)) refuse("not-authorised");
  const asked = await call.vault.posture.askForLook();
  return asked === "asked" ? {} : refuse(asked);
}

/** What posture found of this vault's database: until when faults are borne for everybody, all of it for who looks after it. */
export const postureRead: Handled<Request, Answer> = {
  route: readRoute,
  authors: ["device"],
  whileRestored: true,
  handle: read,
};

/** Has the launcher look at this vault's database now. */
export const postureLook: Handled<object, object> = {
  route: lookRoute,
  authors: ["device"],
  whileRestored: true,
  handle: askForLook,
};
