import { hashOrder } from "@sinetti/core";

import { waitHours, type OrderCase } from "./policyWait.ts";
import { allow, Refusal } from "./problem.ts";
import { findPending } from "./store/orderStore.ts";
import type { Unit } from "./transaction.ts";

/** Whether the order has lain here as long as it must, and was not withdrawn. Errors: `second-person-missing`, `pending`, `not-authorised`. */
export async function checkWait(
  unit: Unit,
  orderCase: OrderCase,
  signed: Uint8Array,
): Promise<void> {
  await checkLain(unit, signed, waitHours(orderCase));
}

/** The same for hours that were counted before. */
export async function checkLain(
  { tx, practice, time }: Unit,
  signed: Uint8Array,
  hours: number,
): Promise<void> {
  const pending = await findPending(tx, practice, hashOrder(signed));
  allow(pending?.cancelled !== true, "not-authorised");
  if (hours === 0) return;
  if (pending === undefined) throw new Refusal("second-person-missing");
  allow(pending.dueAt !== null && time >= pending.dueAt, "pending");
}
