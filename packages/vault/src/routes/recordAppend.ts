import { VAULT_ROUTES, type Shaped } from "@sinetti/core";

import { deviceOf, type Call, type Handled } from "../call.ts";
import { prepareAppends } from "../policy/appendCheck.ts";

const { recordAppend: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;

async function append(call: Call, { appends }: Request): Promise<object> {
  const { practice } = call;
  const { device } = deviceOf(call);
  await call.vault.appends.submit({ call, appends: prepareAppends(appends, { practice, device }) });
  return {};
}

export const recordAppend: Handled<Request, object> = {
  route,
  authors: ["device"],
  handle: append,
};
