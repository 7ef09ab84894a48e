import { GATE_ROUTES } from "@sinetti/core";
import type { Context } from "./context.ts";
import { ASKED_PREFIX, readAsked } from "./release.ts";

const CELL = "reconciled";
const KEEP_SECONDS = 40 * 86_400;
const PAGE = 500;

/** What the gate's log says that this device asked for, against what it did ask. */
export interface Reconciled {
  readonly checked: number;
  /** Log lines of this device that it never asked for: an alarm. */
  readonly unknown: readonly number[];
}

/** Compares the log with what this device remembers; a release that it did not ask for is an alarm. Remembers older than 40 days are dropped. */
export async function reconcile(context: Context): Promise<Reconciled> {
  const cell = await context.device.read(CELL);
  let from = cell === null ? 0 : Number(new TextDecoder().decode(cell));
  const unknown = new Set<number>();
  const seen = new Set<number>();
  for (;;) {
    const { answer } = await context.services.call("gate", GATE_ROUTES.logRead, {
      scope: "device",
      file: null,
      from,
      limit: PAGE,
    });
    for (const row of answer.rows) {
      if (row.kind !== "release" && row.kind !== "machine") continue;
      seen.add(row.index);
      if ((await readAsked(context, row.nonce)) === null) unknown.add(row.index);
    }
    if (answer.next === null) {
      from = Math.max(from, ...answer.rows.map(({ index }) => index + 1));
      break;
    }
    from = answer.next;
  }
  await context.device.write([
    context.device.seal(CELL, new TextEncoder().encode(String(from))),
    ...(await forgetOld(context)),
  ]);
  return { checked: seen.size, unknown: [...unknown] };
}

async function forgetOld(context: Context): Promise<{ name: string; value: null }[]> {
  const old: { name: string; value: null }[] = [];
  for (const name of await context.device.list(ASKED_PREFIX)) {
    const nonce = Uint8Array.from(name.slice(ASKED_PREFIX.length).match(/../g) ?? [], (pair) =>
      Number.parseInt(pair, 16),
    );
    const asked = await readAsked(context, nonce);
    if (asked !== null && asked.time < context.world.clock.now() - KEEP_SECONDS)
      old.push({ name, value: null });
  }
  return old;
}
