import { GATE_ROUTES, VAULT_ROUTES, readOrder, readStatement } from "@sinetti/core";
import { sendAppends } from "./appendEntries.ts";
import { takeUpRevoke } from "./changeAccess.ts";
import type { Context } from "./context.ts";
import { isRefused, mustWait } from "./errors.ts";
import { runOrder, runStop, submitOrder } from "./giveOrder.ts";
import type { Waiting } from "./outbox.ts";
import { runAccess } from "./submitAccess.ts";

/** What a run over the outbox gave. */
export interface Flushed {
  readonly done: number;
  /** Work that still waits because a service does not answer. */
  readonly waiting: number;
  /** Work that a service has refused for good, by what it answered; it is struck. */
  readonly refused: readonly string[];
}

/** Takes up what an earlier run left behind, oldest first; what a service that is down is waiting for stays. */
export async function flushOutbox(context: Context): Promise<Flushed> {
  let done = 0;
  let waiting = 0;
  const refused: string[] = [];
  for (const work of await context.outbox.left()) {
    try {
      await takeUp(context, work);
      done++;
    } catch (error) {
      if (mustWait(error)) waiting++;
      else if (isRefused(error)) refused.push(error.detail ?? error.code);
      else throw error;
    }
  }
  return { done, waiting, refused };
}

async function takeUp(context: Context, work: Waiting): Promise<void> {
  const { name, item } = work;
  switch (item.kind) {
    case "genesis":
      return runGenesis(context, { name, item });
    case "order":
      return runOrder(context, { name, item });
    case "stop":
      return takeUpStop(context, { name, item });
    case "access":
      return takeUpAccess(context, { name, item });
    case "append":
      return sendAppends(context, { name, item });
  }
}

/** A new epoch carries nothing that anybody wrote: where another was first, there is nothing to tell. */
async function takeUpAccess(context: Context, waiting: Waiting<"access">): Promise<void> {
  const kinds = waiting.item.items.map(({ statement }) => readStatement(statement).statement.kind);
  try {
    await runAccess(context, waiting);
  } catch (error) {
    if (!isRefused(error) || kinds.some((kind) => kind !== "rekey")) throw error;
  }
}

/** Creates the practice: the gate spends the installation code and accepts the genesis, both vaults take it. */
export async function runGenesis(context: Context, waiting: Waiting<"genesis">): Promise<void> {
  const { genesis, code } = waiting.item;
  try {
    const { answer } = await context.services.call("gate", GATE_ROUTES.practiceCreate, {
      genesis,
      code,
    });
    const link = { statement: genesis, acceptance: answer.acceptance };
    await context.practice.take([link]);
    await Promise.all(
      (["who", "what"] as const).map((vault) =>
        context.services.call(vault, VAULT_ROUTES.practiceTake, { links: [link] }),
      ),
    );
    await context.outbox.done(waiting);
  } catch (error) {
    context.outbox.release(waiting);
    throw error;
  }
}

/** A stop that did not reach everybody, or that was cut off before it stood in its chain. */
async function takeUpStop(context: Context, waiting: Waiting<"stop">): Promise<void> {
  const { order: signed, vault } = waiting.item;
  const order = readOrder(signed);
  if (order.kind === "revoke" && vault !== null)
    return takeUpRevoke(context, waiting, { file: order.body.file, vault });
  await runStop(context, waiting, async () => {
    if (context.practice.state.orders[order.id] === undefined)
      await submitOrder(context, { order: signed, approvals: [] });
  });
}
