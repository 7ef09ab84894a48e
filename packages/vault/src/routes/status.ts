import { VAULT_ROUTES, type Shaped } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { isFrozen } from "../policy/caller.ts";
import { inPractice } from "../store/transaction.ts";

const { status: route } = VAULT_ROUTES;
type Answer = Shaped<typeof route.answer>;

async function readStatus(call: Call): Promise<Answer> {
  const held = await inPractice(call.vault.sql, call.practice, (tx) => confirmCall(tx, call));
  return {
    practice: held.mark.head,
    frozen: isFrozen(held, call.caller.member),
    week: call.week,
    restore: held.restore,
  };
}

export const status: Handled<object, Answer> = {
  route,
  authors: ["device", "kit", "recovery", "code"],
  whileRestored: true,
  handle: readStatus,
};
