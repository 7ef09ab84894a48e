import {
  CHAIN_ROUTES,
  CoreError,
  SERVICES,
  checkResume,
  hashOrder,
  readOrder,
  weekOf,
  type LostHeads,
  type RestoreId,
  type ServiceName,
  type Signed,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import { propose, type Given } from "./giveOrder.ts";
import { withCatchUp } from "./handOver.ts";

/** The services that a restore brought back and that nobody has resumed, with the run that did. */
export async function readRestores(context: Context): Promise<Map<ServiceName, RestoreId>> {
  const answers = await Promise.all(
    SERVICES.map(async (service) => {
      const { answer } = await context.services.call(service, CHAIN_ROUTES.status, {});
      return [service, answer.restore] as const;
    }),
  );
  return new Map(
    answers.flatMap(([service, restore]) => (restore === null ? [] : [[service, restore]])),
  );
}

/** What is to be resumed, and what is given up with it. */
export interface Wanted {
  readonly restore: RestoreId;
  readonly services: readonly ServiceName[];
  readonly lost: LostHeads;
}

/** The vaults first: until the gate has lowered what is lost, its order lies there and can be brought again. */
async function present(
  context: Context,
  { services, lost }: Wanted,
  { order, approvals }: { order: Signed; approvals: readonly Signed[] },
): Promise<void> {
  const body = { order, approvals: [...approvals], lost };
  for (const vault of ["who", "what"] as const)
    if (services.includes(vault))
      await withCatchUp(context, vault, () =>
        context.services.call(vault, CHAIN_ROUTES.resume, body),
      );
  await context.services.call("gate", CHAIN_ROUTES.resume, body);
}

/** Presents an order that has its second person, or lays it down. */
export async function give(
  context: Context,
  wanted: Wanted,
  signed: { order: Signed; approvals: readonly Signed[] },
): Promise<Given> {
  const { lost } = wanted;
  const week = weekOf(context.world.clock.now());
  try {
    checkResume(context.practice.state, signed.order, { ...signed, lost, week });
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    if (error.code === "second-person-missing") return propose(context, signed.order);
    throw new ClientError("refused", { detail: error.code, cause: error });
  }
  await present(context, wanted, signed);
  return { state: "done" };
}

/** Brings an approved order of this kind to the services that it is for; one that gives records up is left to whoever may compare them. */
export async function presentResume(
  context: Context,
  { order, approvals }: { order: Signed; approvals: Signed[] },
): Promise<Given> {
  const read = readOrder(order);
  if (read.kind !== "resume") throw new TypeError("an order of another kind");
  const { restore, lost } = read.body;
  if (lost !== null) return { state: "pending", order: hashOrder(order), dueAt: null };
  const restores = await readRestores(context);
  const services = SERVICES.filter((service) => restores.get(service) === restore);
  return give(context, { restore, services, lost: [] }, { order, approvals });
}
