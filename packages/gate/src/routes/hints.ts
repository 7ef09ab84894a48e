import { transact } from "../transaction.ts";
import type { Gate } from "../gate.ts";
import type { SignedRequest } from "../signedRequest.ts";

/** Opens a stream of hints for the device that asks. */
export async function openHints(
  gate: Gate,
  request: SignedRequest,
): Promise<ReadableStream<Uint8Array>> {
  const view = await transact(gate, { request, lock: "none" }, async (unit) => unit.view);
  // What came between the answer of the database and now was told to those who listened then.
  return gate.hints.listen(gate.views.get(request.practice) ?? view, request.caller);
}
