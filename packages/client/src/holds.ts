import {
  bytesToId,
  holdsNow,
  practiceHead,
  randomBytes,
  readOrder,
  weekOf,
  weekStart,
  type AccessState,
  type FileId,
  type HoldId,
  type HoldState,
  type Signed,
} from "@sinetti/core";
import { signFileAct } from "./changeAccess.ts";
import type { Context } from "./context.ts";
import { propose, signOwnOrder, type Given } from "./giveOrder.ts";
import { readAccess } from "./heldAccess.ts";
import { submitAccess } from "./submitAccess.ts";

/** A legal hold on one file. */
export interface Hold {
  readonly file: FileId;
  readonly hold: HoldId;
  readonly reason: HoldState["reason"];
  readonly by: HoldState["by"];
  /** ISO date of the Monday on which it ends; null: until it is lifted. */
  readonly until: string | null;
}

/** The holds that stand on a file now. */
export function holdsOn(context: Context, access: AccessState): Hold[] {
  const week = weekOf(context.world.clock.now());
  return holdsNow(access, week).map(({ hold, reason, by, ends }) => ({
    file: access.file,
    hold,
    reason,
    by,
    until: ends === null ? null : new Date(weekStart(ends) * 1000).toISOString().slice(0, 10),
  }));
}

/** Places a legal hold: nobody erases the file while it stands. `until`: the week on whose Monday it ends; null: until it is lifted. */
export async function placeHold(
  context: Context,
  file: FileId,
  { reason, until }: { reason: HoldState["reason"]; until: number | null },
): Promise<HoldId> {
  const held = await readAccess(context, file);
  const hold = bytesToId<HoldId>(randomBytes(16));
  const body = { seen: practiceHead(context.practice.state), hold, reason, until };
  const statement = signFileAct(context, held, { kind: "hold", body });
  const items = [{ statement, share: null, wraps: [] }];
  await submitAccess(context, { vault: held.vault, items, batchKeys: [] });
  return hold;
}

/** Lays down the order to lift a hold, for a second person to approve at the gate. */
export async function proposeUnhold(context: Context, file: FileId, hold: HoldId): Promise<Given> {
  await readAccess(context, file);
  return propose(context, signOwnOrder(context, "unhold", { file, hold }));
}

/** Lifts a hold with the approvals of its order. ServiceRefusal `second-person-missing` while they do not suffice. */
export async function liftHold(
  context: Context,
  { order, approvals }: { order: Signed; approvals: readonly Signed[] },
): Promise<void> {
  const carried = readOrder(order);
  if (carried.kind !== "unhold") throw new TypeError("not an order to lift a hold");
  const held = await readAccess(context, carried.body.file);
  const body = { seen: practiceHead(context.practice.state), order, approvals: [...approvals] };
  const statement = signFileAct(context, held, { kind: "unhold", body });
  const items = [{ statement, share: null, wraps: [] }];
  await submitAccess(context, { vault: held.vault, items, batchKeys: [] });
}
