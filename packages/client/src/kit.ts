import { VAULT_ROUTES } from "@sinetti/core";
import type { Context } from "./context.ts";

/** Leaves this member's kit blob, already sealed, with vault `who`. */
export async function putKitBlob(context: Context, blob: Uint8Array): Promise<void> {
  await context.services.call("who", VAULT_ROUTES.kitPut, { blob });
}
