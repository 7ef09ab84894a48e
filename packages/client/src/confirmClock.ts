import { GATE_ROUTES } from "@sinetti/core";
import type { Context } from "./context.ts";

/** Takes the gate's clock as it is, after somebody has looked at it: for an administrator, and it stands in the log. ServiceRefusal `not-authorised`. */
export async function confirmClock(context: Context): Promise<void> {
  await context.services.call("gate", GATE_ROUTES.clockConfirm, {});
}
