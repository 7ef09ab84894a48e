import {
  GATE_ROUTES,
  ORDER_AUTHORITY,
  hashOrder,
  isRecovered,
  readOrder,
  weekOf,
  type MemberId,
  type Shaped,
  type Signed,
} from "@sinetti/core";
import {
  deriveRecoveryKeys,
  recoverySecretFromBytes,
  signApproval,
  signRequest,
  type SignKey,
} from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";

type Approval = Shaped<(typeof GATE_ROUTES)["openingApprove"]["request"]>;

/** Weeks that the trustees' consent stays good. */
const APPROVAL_WEEKS = 2;

/** The key that the trustees joined, on a device of whom they brought in while it is in force; null: not here. */
export function trusteesKey({ device, practice }: Context): SignKey | null {
  const { recovery } = device.seeds;
  if (recovery.length === 0 || !isRecovered(practice.state, device.owner.member)) return null;
  return deriveRecoveryKeys(recoverySecretFromBytes(recovery)).sign;
}

/** The consent of the trustees to an order of this device, where core takes it as the second person's. */
export function trusteesConsent(context: Context, order: Signed): Signed[] {
  const key = trusteesKey(context);
  if (key === null || !ORDER_AUTHORITY[readOrder(order).kind].recoverySeconds) return [];
  const { practice } = context.device.owner;
  const until = weekOf(context.world.clock.now()) + APPROVAL_WEEKS;
  const consent = {
    practice,
    order: hashOrder(order),
    author: { by: "recovery" as const, id: practice },
    until,
  };
  return [signApproval(consent, key.secret)];
}

/**
 * Consents, by the trustees' key, to openings of this member, whom they brought in: they read every record of the practice
 * beyond any budget. Errors: `refused` for everybody else.
 */
export async function approveOwnOpenings(
  context: Context,
  wish: Omit<Approval, "subject" | "reason">,
): Promise<void> {
  const key = trusteesKey(context);
  if (key === null) throw new ClientError("refused", { detail: "no-recovery-secret" });
  const { practice, member } = context.device.owner;
  const services = context.services.as({
    practice,
    author: { by: "recovery", id: practice },
    sign: (base) => Promise.resolve(signRequest(key, base)),
  });
  const subject: MemberId = member;
  await services.call("gate", GATE_ROUTES.openingApprove, { ...wish, subject, reason: "recovery" });
}
