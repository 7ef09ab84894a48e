import {
  CoreError,
  SERVICES,
  VAULT_ROUTES,
  checkOrder,
  readOrder,
  weekOf,
  type Order,
  type OrderKind,
  type ServiceName,
  type Shaped,
  type Signed,
} from "@sinetti/core";
import { sequenceRevoke } from "./changeAccess.ts";
import type { Context } from "./context.ts";
import { ClientError, hardStop, isRefusal, type ClientErrorCode } from "./errors.ts";
import { giveStop } from "./giveOrder.ts";
import { readAccess } from "./heldAccess.ts";

interface Stray {
  readonly signed: Signed;
  readonly order: Order;
}

/** What the services say at the start of a session. */
export interface Told {
  /** Stops that a service obeys and that no chain carried when it answered. */
  readonly stops: readonly Signed[];
  /** Services that a restore brought back and that nobody has resumed. */
  readonly restored: readonly ServiceName[];
}

/** Asks all services for stray stops, and whether they are still; one that is down or refuses tells nothing. */
export async function readStrays(context: Context): Promise<Told> {
  const answers = await Promise.all(
    SERVICES.map(async (service) => [service, await askService(context, service)] as const),
  );
  return {
    stops: answers.flatMap(([, { orders }]) => orders),
    restored: answers.flatMap(([service, { restore }]) => (restore === null ? [] : [service])),
  };
}

type Answer = Shaped<(typeof VAULT_ROUTES.stopsRead)["answer"]>;

async function askService(context: Context, service: ServiceName): Promise<Answer> {
  try {
    return (await context.services.call(service, VAULT_ROUTES.stopsRead, {})).answer;
  } catch (error) {
    const isSilent =
      isRefusal(error) || (error instanceof ClientError && error.code === "unreachable");
    if (!isSilent) throw error;
    return { orders: [], restore: null };
  }
}

/**
 * Puts stops into their chains that somebody gave to one service and to nobody else: nothing could be thawed that stands in no
 * chain. What the gate wants a second person for is laid down there. Gives the kinds of those that stand now.
 */
export async function sequenceStrays(
  context: Context,
  found: readonly Signed[],
): Promise<OrderKind[]> {
  const stood: OrderKind[] = [];
  for (const stray of sortStrays(found)) {
    try {
      if (await sequenceStray(context, stray)) stood.push(stray.order.kind);
    } catch (error) {
      // One that is refused must not keep a member from their work; the next session tries again.
      const isLeft = error instanceof ClientError && LEFT.has(error.code);
      if (!isLeft) throw error;
    }
  }
  return stood;
}

/** What is left for the next session, or for somebody who knows the record. */
const LEFT = new Set<ClientErrorCode>(["refused", "unreachable", "restored", "unknown-record"]);

/** Each once, freezes first: who has ended gives none any more. */
function sortStrays(found: readonly Signed[]): Stray[] {
  const byId = new Map(
    found.map((signed) => readStray(signed)).map((each) => [each.order.id, each]),
  );
  const isFreeze = ({ order }: Stray): number => Number(order.kind === "freeze");
  return [...byId.values()].sort((a, b) => isFreeze(b) - isFreeze(a));
}

function readStray(signed: Signed): Stray {
  try {
    return { signed, order: readOrder(signed) };
  } catch (error) {
    throw error instanceof CoreError ? hardStop(`a stop: ${error.code}`, error) : error;
  }
}

async function sequenceStray(context: Context, { signed, order }: Stray): Promise<boolean> {
  if (order.kind === "revoke") {
    const { file } = order.body;
    const { vault } = await readAccess(context, file);
    await sequenceRevoke(context, { file, vault }, signed);
    return true;
  }
  if (!STOPS_OF_PRACTICE.has(order.kind) || !mayStand(context, { signed, order })) return false;
  return (await giveStop(context, signed)).state === "done";
}

const STOPS_OF_PRACTICE = new Set<OrderKind>(["freeze", "member.end", "device.end"]);

/** Whether the chain does not carry it and may, as far as this device knows: a service may hand out anything. */
function mayStand({ practice, world }: Context, { signed, order }: Stray): boolean {
  if (practice.state.orders[order.id] !== undefined) return false;
  try {
    checkOrder(practice.state, { signed, order, approvals: [], week: weekOf(world.clock.now()) });
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return error.code === "second-person-missing";
  }
  return true;
}
