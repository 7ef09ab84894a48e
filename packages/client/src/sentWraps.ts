import {
  BACKUP_DAYS,
  LIMITS,
  VAULT_ROUTES,
  batchKeyShape,
  decodeShape,
  encodeShape,
  readStatement,
  shapes,
  wrapShape,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { isRefusal } from "./errors.ts";
import { withCatchUp } from "./handOver.ts";
import type { OutboxItemOf } from "./outbox.ts";
import type { Change } from "./world.ts";

const { code, hash, list, record } = shapes;
const PREFIX = "sent/";
const DAY_SECONDS = 86_400;
const CELL_BYTES = 32 * 1024 * 1024;
const sentShape = record({
  vault: code(["who", "what"]),
  items: list(record({ statement: hash, wraps: list(wrapShape, { max: 64 }) }), {
    max: LIMITS.itemsPerBatch,
  }),
  batchKeys: list(batchKeyShape, { max: LIMITS.wrapsPerStatement }),
});

function dayOf({ world }: Context): number {
  return Math.floor(world.clock.now() / DAY_SECONDS);
}

/**
 * Keeps the wraps of accepted statements for as long as a backup may be restored that lacks them: no service but their vault
 * ever has them. To be written together with what strikes the work.
 */
export function keepSentWraps(context: Context, work: OutboxItemOf<"access">): Change[] {
  const items = work.items.flatMap(({ statement, wraps }) =>
    wraps.length === 0 ? [] : [{ statement: readStatement(statement).hash, wraps }],
  );
  const [first] = items;
  if (first === undefined) return [];
  const { vault, batchKeys } = work;
  const name = `${PREFIX}${String(dayOf(context)).padStart(6, "0")}/${first.statement}`;
  return [context.device.seal(name, encodeShape(sentShape, { vault, items, batchKeys }))];
}

/** Drops what no backup can lack any more. */
export async function dropSentWraps(context: Context): Promise<void> {
  const until = `${PREFIX}${String(dayOf(context) - BACKUP_DAYS).padStart(6, "0")}`;
  const over = (await context.device.list(PREFIX)).filter((name) => name < until);
  if (over.length > 0) await context.device.write(over.map((name) => ({ name, value: null })));
}

/** Brings a restored vault the wraps that this device has sent it; what it has, or nobody holds any more, it passes over. */
export async function returnSentWraps(context: Context, vault: "who" | "what"): Promise<number> {
  let returned = 0;
  for (const name of await context.device.list(PREFIX)) {
    const cell = await context.device.read(name);
    if (cell === null) continue;
    const { vault: of, ...body } = decodeShape(sentShape, cell, CELL_BYTES);
    if (of !== vault) continue;
    try {
      await withCatchUp(context, vault, () =>
        context.services.call(vault, VAULT_ROUTES.wrapsStage, body),
      );
      returned += body.items.length;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return returned;
}
