import { VAULT_ROUTES, type Shaped } from "@sinetti/core";

import { checkNotFrozen, confirmCall, deviceOf, type Call, type Handled } from "../call.ts";
import { refuse } from "../problem.ts";
import { readKit, writeKit } from "../store/kits.ts";
import { inPractice } from "../store/transaction.ts";

const { kitPut: putRoute, kitGet: getRoute } = VAULT_ROUTES;
type Put = Shaped<typeof putRoute.request>;
type Get = Shaped<typeof getRoute.request>;
type Blob = Shaped<typeof getRoute.answer>;

async function put(call: Call, { blob }: Put): Promise<object> {
  const { member } = deviceOf(call);
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    await confirmCall(tx, call);
    await writeKit(tx, call.practice, { member, blob });
    return {};
  });
}

async function get(call: Call, { member }: Get): Promise<Blob> {
  if (call.caller.member !== member) return refuse("not-authorised");
  return inPractice(call.vault.sql, call.practice, async (tx) => {
    const [held, blob] = await Promise.all([
      confirmCall(tx, call),
      readKit(tx, call.practice, member),
    ]);
    checkNotFrozen(held, call);
    return { blob: blob ?? refuse("not-found") };
  });
}

export const kitPut: Handled<Put, object> = {
  route: putRoute,
  authors: ["device"],
  whileRestored: true,
  whoOnly: true,
  handle: put,
};
export const kitGet: Handled<Get, Blob> = {
  route: getRoute,
  authors: ["kit"],
  whileRestored: true,
  whoOnly: true,
  handle: get,
};
