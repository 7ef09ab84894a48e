import {
  LIMITS,
  decodeShape,
  encodeShape,
  equalBytes,
  hashOrder,
  isRecovered,
  practiceHead,
  recoveryAt,
  shapes,
  weekOf,
  type Secret,
  type Signed,
} from "@sinetti/core";
import {
  deriveRecoveryKeys,
  generateRecoverySecret,
  recoverySecretBytes,
  recoverySecretFromBytes,
  sealPriorSeed,
  signApproval,
  signOrder,
  splitRecoverySecret,
  type RecoveryShare,
} from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import { deviceAuthor, submitOrder } from "./giveOrder.ts";

const ROTATING = "recovery-rotate";
/** Weeks that the consent to a rotation stays good. */
const APPROVAL_WEEKS = 2;
const rotatingShape = shapes.record({
  next: shapes.fixedBytes(32),
  order: shapes.maxBytes(LIMITS.statementBytes),
});

/** The practice's recovery secret, for as long as it lies on this device and is the one in force; null: it does not. */
export function heldRecoverySecret({ device, practice }: Context): Secret<"recovery"> | null {
  const { recovery } = device.seeds;
  if (recovery.length === 0) return null;
  const secret = recoverySecretFromBytes(recovery);
  const { sign } = deriveRecoveryKeys(secret);
  return equalBytes(sign.publicKey, recoveryAt(practice.state).sign) ? secret : null;
}

/**
 * Splits the secret of this device among trustees. On a device that the trustees brought back the secret is replaced first,
 * so that the shares which were joined give nothing any more. The secret stays here until `strikeRecoverySecret`.
 * Errors: `refused` where this device does not hold it; RangeError for another split than core makes.
 */
export async function splitHeldSecret(
  context: Context,
  split: { threshold: number; count: number },
): Promise<RecoveryShare[]> {
  await finishRotation(context);
  const { practice, device } = context;
  const held = heldRecoverySecret(context);
  if (held !== null && isRecovered(practice.state, device.owner.member))
    await rotateRecovery(context, held);
  const secret = heldRecoverySecret(context);
  if (secret === null) throw new ClientError("refused", { detail: "no-recovery-secret" });
  const { version } = recoveryAt(practice.state);
  return splitRecoverySecret(secret, { practice: practice.state.practice, version, ...split });
}

/** Strikes the secret from this device: from now on it is nowhere but in the shares. */
export async function strikeRecoverySecret({ device }: Context): Promise<void> {
  await device.changeSeeds({ recovery: new Uint8Array(0) });
}

/**
 * Replaces the recovery secret: new keys in the chain, the old secret sealed under the new, which lies on this device until it
 * is split. Takes, beside the old secret, an administrator or whom the trustees brought in. Errors: `refused`.
 */
export async function rotateRecovery(context: Context, secret: Secret<"recovery">): Promise<void> {
  await context.practice.sync(context.services);
  const next = generateRecoverySecret();
  const order = signRotation(context, { secret, next });
  const rotating = { next: recoverySecretBytes(next), order };
  await context.device.write([context.device.seal(ROTATING, encodeShape(rotatingShape, rotating))]);
  await finishRotation(context);
}

function signRotation(
  { practice: { state } }: Context,
  { secret, next }: { secret: Secret<"recovery">; next: Secret<"recovery"> },
): Signed {
  const { practice } = state;
  const keys = deriveRecoveryKeys(next);
  const version = recoveryAt(state).version + 1;
  const seeds = { next: recoverySecretBytes(next), prior: recoverySecretBytes(secret) };
  const prior = sealPriorSeed("recovery", seeds, { practice, owner: practice, version });
  const body = { kem: keys.kem.publicKey, sign: keys.sign.publicKey, version, prior };
  return signOrder(
    {
      practice,
      author: { by: "recovery", id: practice },
      seen: practiceHead(state),
      kind: "recovery.rotate",
      body,
    },
    deriveRecoveryKeys(secret).sign.secret,
  );
}

/** Finishes a replacement that was begun, if one was. Errors: `pending` while nobody who may has consented, `refused`. */
async function finishRotation(context: Context): Promise<void> {
  await adoptRotation(context);
  const cell = await context.device.read(ROTATING);
  if (cell === null) return;
  await submitRotation(context, decodeShape(rotatingShape, cell).order);
  await adoptRotation(context);
  if ((await context.device.read(ROTATING)) !== null) throw new ClientError("pending");
}

/** Puts a secret that was replaced here among the seeds, once the chain names its keys. */
export async function adoptRotation({ device, practice }: Context): Promise<void> {
  const cell = await device.read(ROTATING);
  if (cell === null) return;
  const { next } = decodeShape(rotatingShape, cell);
  const { sign } = deriveRecoveryKeys(recoverySecretFromBytes(next));
  if (practice.state.recoveries.some((each) => equalBytes(each.sign, sign.publicKey)))
    await device.changeSeeds({ recovery: next }, [{ name: ROTATING, value: null }]);
}

async function submitRotation(context: Context, order: Signed): Promise<void> {
  const { practice, device, world } = context;
  const until = weekOf(world.clock.now()) + APPROVAL_WEEKS;
  const approval = signApproval(
    {
      practice: practice.state.practice,
      order: hashOrder(order),
      author: deviceAuthor(context),
      until,
    },
    device.statement.secret,
  );
  try {
    await submitOrder(context, { order, approvals: [approval] });
  } catch (error) {
    // Refused for good: the key that signed it is not the newest any more.
    if (error instanceof ClientError && error.code === "refused")
      await device.write([{ name: ROTATING, value: null }]);
    throw error;
  }
}
