import {
  CoreError,
  approvedPolicy,
  authorKey,
  checkOrder,
  weekOf,
  type Hash,
  type MemberId,
  type Order,
  type ServiceName,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { giveOrders, type Given } from "./giveOrder.ts";
import { readPendingOrders, type LyingOrder } from "./pending.ts";

/** A declared policy that an administrator proposed, and that waits for its second person. */
export interface PolicyProposal {
  readonly order: Hash;
  readonly database: ServiceName;
  /** SHA-256 of the file. */
  readonly policy: Hash;
  readonly by: MemberId | null;
  readonly approvals: number;
  /** Unix seconds from which it may stand without a second person; null: it waits for the person. */
  readonly dueAt: number | null;
  /** Another one was approved since: this one cannot stand any more. */
  readonly isOvertaken: boolean;
}

type PolicyOrder = Extract<Order, { kind: "posture.policy" }>;

/** Why an order that waits cannot stand, its second person apart; null: it can. */
function obstacleOf({ practice, world }: Context, { signed, order }: LyingOrder): string | null {
  const week = Math.max(weekOf(world.clock.now()), practice.state.week);
  try {
    checkOrder(practice.state, { signed, order, approvals: [], week });
    return null;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return error.code === "second-person-missing" ? null : error.code;
  }
}

/** The policies that are proposed. Whatever else the gate shows under that name, its signature or author not in order, is left out. */
export async function readPolicyProposals(context: Context): Promise<PolicyProposal[]> {
  await context.practice.sync(context.services);
  const lying = await readPendingOrders(context);
  return lying.flatMap((each): PolicyProposal[] => {
    if (each.order.kind !== "posture.policy") return [];
    const obstacle = obstacleOf(context, each);
    if (obstacle !== null && obstacle !== "broken-chain") return [];
    const { author, body } = each.order satisfies PolicyOrder;
    return [
      {
        order: each.hash,
        database: body.database,
        policy: body.policy,
        by: authorKey(context.practice.state, author).member,
        approvals: each.approvals.length,
        dueAt: each.dueAt,
        isOvertaken: obstacle !== null,
      },
    ];
  });
}

/** Proposes policies in the place of those that are approved now; for an administrator. */
export async function proposePolicies(
  context: Context,
  wishes: readonly { readonly database: ServiceName; readonly policy: Hash }[],
): Promise<Given[]> {
  await context.practice.sync(context.services);
  const { state } = context.practice;
  const bodies = wishes.map(({ database, policy }) => ({
    database,
    policy,
    replaces: approvedPolicy(state, database)?.policy ?? null,
  }));
  return giveOrders(context, "posture.policy", bodies);
}

const policyCell = (policy: Hash): string => `posture-policy/${policy}`;

/** Keeps the bytes of a policy on this device, so that what changes can be said when another one comes. */
export async function keepPolicyFile(
  { device }: Context,
  { policy, bytes }: { policy: Hash; bytes: Uint8Array },
): Promise<void> {
  await device.write([device.seal(policyCell(policy), bytes)]);
}

/** The bytes of a policy that was proposed or approved on this device; null: it was not. */
export async function readPolicyFile(
  { device }: Context,
  policy: Hash,
): Promise<Uint8Array | null> {
  return device.read(policyCell(policy));
}
