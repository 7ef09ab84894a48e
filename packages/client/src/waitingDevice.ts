import { decodeShape, encodeShape, shapes, type Shaped } from "@sinetti/core";
import type { Device } from "./device.ts";
import type { Change } from "./world.ts";

const CELL = "pending";
const waitingShape = shapes.record({ code: shapes.text(128), kit: shapes.text(64) });
/** What a device keeps until the chain names it: the code of its ceremony, and the kit of somebody new ("": none). */
type Waiting = Shaped<typeof waitingShape>;

/** The cell of a device that waits, to be written when it is made. */
export function waitingCell(waiting: Waiting): { name: string; body: Uint8Array } {
  return { name: CELL, body: encodeShape(waitingShape, waiting) };
}

/** What a device waits with; null: it does not wait. */
export async function readWaiting(device: Device): Promise<Waiting | null> {
  const cell = await device.read(CELL);
  return cell === null ? null : decodeShape(waitingShape, cell);
}

/** The end of the wait. */
export const NO_MORE_WAITING: Change = { name: CELL, value: null };
