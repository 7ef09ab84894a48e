import type { Gate } from "../gate.ts";
import { allow } from "../problem.ts";
import type { Empty } from "./exchange.ts";
import type { Side } from "../rendezvousBoxes.ts";

interface Unsigned<Q> {
  readonly gate: Gate;
  readonly address: string;
  readonly body: Q;
}

/** Lays a sealed blob into one side of a mailbox. */
export function putRendezvous({
  gate,
  address,
  body,
}: Unsigned<{ mailbox: Uint8Array; side: Side; blob: Uint8Array }>): Empty {
  allow(gate.rendezvousByAddress.take(`put ${address}`), "rate-limited");
  gate.boxes.put(body, address);
  return {};
}

/** What lies in one side of a mailbox. */
export function getRendezvous({
  gate,
  address,
  body,
}: Unsigned<{ mailbox: Uint8Array; side: Side }>): { blob: Uint8Array | null } {
  allow(gate.rendezvousByAddress.take(`get ${address}`), "rate-limited");
  return { blob: gate.boxes.get(body.mailbox, body.side) };
}
