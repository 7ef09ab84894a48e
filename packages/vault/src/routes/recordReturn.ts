import { VAULT_ROUTES, type Shaped } from "@sinetti/core";

import type { Call, Handled } from "../call.ts";
import { prepareAppends } from "../policy/appendCheck.ts";

const { recordReturn: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;

/** Takes back what the backup did not hold yet, from a reader who has it; only between a restore and its resumption. */
async function giveBack(call: Call, { appends }: Request): Promise<object> {
  const prepared = prepareAppends(appends, { practice: call.practice, device: null });
  await call.vault.appends.submit({ call, appends: prepared, isReturned: true });
  return {};
}

export const recordReturn: Handled<Request, object> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: giveBack,
};
