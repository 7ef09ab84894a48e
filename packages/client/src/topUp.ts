import {
  GATE_ROUTES,
  generateNonce,
  type Assertion,
  type DeviceId,
  type Passkey,
  type TopUpReason,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { isRefusal } from "./errors.ts";
import { rememberAsked } from "./release.ts";

/** A passkey of this member as the gate knows it. */
export interface GatePasskey {
  readonly credential: Uint8Array;
  /** The device that registered it; when that one is ended, the passkey is worth nothing here. */
  readonly device: DeviceId;
  /** ISO instants of the gate. */
  readonly addedAt: string;
  readonly countsFrom: string;
  readonly counts: boolean;
}

/** What this member may add to their own budget. */
export interface TopUpView {
  readonly passkeys: readonly GatePasskey[];
  /** Cases that one top-up adds; 0: the practice allows none. */
  readonly cases: number;
  /** ISO instant from which on the next one is possible; null: now. */
  readonly nextAt: string | null;
  /** Whether one would be taken now. */
  readonly isReady: boolean;
}

/**
 * Asks the person for a user-verified answer of one of these passkeys to the challenge, as `navigator.credentials.get` does;
 * null: they gave none.
 */
export type PasskeyAssert = (ask: {
  readonly challenge: Uint8Array;
  readonly credentials: readonly Uint8Array[];
}) => Promise<Assertion | null>;

const toIso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/**
 * Registers a passkey of this member at the gate; gives the ISO instant from which on it counts. It stands in the gate's log.
 * ServiceRefusal `conflict`: the id is another's; `too-large`: there are enough.
 */
export async function registerPasskeyAtGate(context: Context, passkey: Passkey): Promise<string> {
  const nonce = generateNonce();
  await rememberAsked(context, nonce);
  const { passkeyPut } = GATE_ROUTES;
  const { answer } = await context.services.call("gate", passkeyPut, passkey, nonce);
  return toIso(answer.countsFrom);
}

/** Takes a passkey of this member away from the gate; one that it does not know is none. */
export async function removePasskeyAtGate(context: Context, credential: Uint8Array): Promise<void> {
  const nonce = generateNonce();
  await rememberAsked(context, nonce);
  try {
    await context.services.call("gate", GATE_ROUTES.passkeyRemove, { credential }, nonce);
  } catch (error) {
    if (!isRefusal(error, "not-found")) throw error;
  }
}

/** The passkeys that the gate knows of this member, and whether the budget may be raised now. One request. */
export async function readTopUp(context: Context): Promise<TopUpView> {
  const { answer } = await context.services.call("gate", GATE_ROUTES.passkeyList, {});
  const now = context.world.clock.now();
  const passkeys = answer.passkeys.map(
    ({ credential, device, addedAt, countsFrom }): GatePasskey => ({
      credential,
      device,
      addedAt: toIso(addedAt),
      countsFrom: toIso(countsFrom),
      counts: countsFrom <= now,
    }),
  );
  const nextAt = answer.topUpFrom === null ? null : toIso(answer.topUpFrom);
  const isReady = answer.cases > 0 && nextAt === null && passkeys.some(({ counts }) => counts);
  return { passkeys, cases: answer.cases, nextAt, isReady };
}

/**
 * Raises this member's budgets for a day, by a passkey that verifies its user; it stands in the gate's log, where a privacy
 * officer sees it. Null: no passkey was given. ServiceRefusal `too-early` (a second time in a day, a young passkey),
 * `not-found` (no passkey), `passkey-refused`, `frozen`.
 */
export async function topUp(
  context: Context,
  { reason, assert }: { reason: TopUpReason; assert: PasskeyAssert },
): Promise<{ cases: number; until: string } | null> {
  const { services } = context;
  const { answer: ask } = await services.call("gate", GATE_ROUTES.topUpChallenge, { reason });
  const assertion = await assert(ask);
  if (assertion === null) return null;
  const nonce = generateNonce();
  await rememberAsked(context, nonce);
  const body = { reason, assertion };
  const { cases, until } = (await services.call("gate", GATE_ROUTES.topUp, body, nonce)).answer;
  return { cases, until: toIso(until) };
}
