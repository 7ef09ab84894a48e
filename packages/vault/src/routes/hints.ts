import { HINT_ROUTES, type Hint } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { inPractice } from "../store/transaction.ts";

const { hints: route } = HINT_ROUTES;

async function listen(call: Call): Promise<ReadableStream<Uint8Array>> {
  const { vault, practice, caller } = call;
  const held = await inPractice(vault.sql, practice, (tx) => confirmCall(tx, call));
  // What came between the answer of the database and now was told to those who listened then.
  return vault.hints.listen(vault.practices.peek(practice) ?? held, caller);
}

export const hints: Omit<Handled<object, Hint>, "handle"> & { listen: typeof listen } = {
  route,
  authors: ["device"],
  listen,
};
