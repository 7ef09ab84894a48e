import { CoreError, bytesToHex, type Secret } from "@sinetti/core";
import {
  generateSlotSalt,
  openPasskeySlot,
  openPasswordSlot,
  sealPasskeySlot,
  sealPasswordSlot,
  type LockedDevice,
} from "@sinetti/core/secret";
import { ClientError } from "./errors.ts";
import type { World } from "./world.ts";

type Slots = LockedDevice["slots"];
type Slot = Slots[number];

/** A passkey and the salt that its PRF is asked with. */
export interface PasskeyAsk {
  readonly credential: Uint8Array;
  readonly salt: Uint8Array;
}

/**
 * Asks the person for one of these passkeys and evaluates its PRF over that passkey's salt, as WebAuthn's extension `prf` does
 * (WebAuthn Level 3 §10.1.4; over CTAP, hmac-secret, CTAP 2.1 §12.5): 32 bytes. Null: none was given, or it has no PRF.
 */
export type PasskeyPrf = (
  asks: readonly PasskeyAsk[],
) => Promise<{ readonly credential: Uint8Array; readonly output: Uint8Array } | null>;

/** The passkeys among the locks of a device. */
export function passkeysIn(slots: Slots): readonly PasskeyAsk[] {
  return slots.flatMap((slot) =>
    slot.type === "passkey" ? [{ credential: slot.credential, salt: slot.salt }] : [],
  );
}

/** Whether a lock is of this passkey. */
export function isPasskey(slot: Slot, credential: Uint8Array): boolean {
  return slot.type === "passkey" && bytesToHex(slot.credential) === bytesToHex(credential);
}

/** The lock of a password: a fresh salt, and this device's factor over it. */
export async function passwordSlot(
  world: Pick<World, "deviceFactor">,
  master: Secret<"device-master">,
  password: string,
): Promise<Slot> {
  const salt = generateSlotSalt();
  return sealPasswordSlot(master, { password, salt, deviceFactor: await world.deviceFactor(salt) });
}

/** Opens a lock with a password. Error: `wrong-password`. */
export async function masterByPassword(
  world: Pick<World, "deviceFactor">,
  slots: Slots,
  password: string,
): Promise<Secret<"device-master">> {
  for (const slot of slots) {
    if (slot.type !== "password") continue;
    const deviceFactor = await world.deviceFactor(slot.salt);
    const master = ifOpen(() => openPasswordSlot(slot, { password, deviceFactor }));
    if (master !== null) return master;
  }
  throw new ClientError("wrong-password");
}

/** Opens a lock with the passkey that the person gives. Error: `wrong-passkey`. */
export async function masterByPasskey(
  slots: Slots,
  prf: PasskeyPrf,
): Promise<Secret<"device-master">> {
  const asks = passkeysIn(slots);
  const given = asks.length === 0 ? null : await prf(asks);
  const slot = given === null ? undefined : slots.find((each) => isPasskey(each, given.credential));
  if (given === null || slot === undefined) throw new ClientError("wrong-passkey");
  const master = ifOpen(() => openPasskeySlot(slot, given.output));
  if (master === null) throw new ClientError("wrong-passkey");
  return master;
}

/** The locks of those passkeys whose output is given again, around another master key, each with its own salt. */
export async function sealAgain(
  slots: Slots,
  master: Secret<"device-master">,
  prf: PasskeyPrf,
): Promise<Slot[]> {
  const sealed: Slot[] = [];
  for (const slot of slots) {
    if (slot.type !== "passkey") continue;
    const { credential, salt } = slot;
    const given = await prf([{ credential, salt }]);
    if (given === null || !isPasskey(slot, given.credential)) continue;
    // An output that does not open the old lock would make a lock that nothing opens.
    if (ifOpen(() => openPasskeySlot(slot, given.output)) === null) continue;
    sealed.push(sealPasskeySlot(master, { credential, salt, prf: given.output }));
  }
  return sealed;
}

function ifOpen(open: () => Secret<"device-master">): Secret<"device-master"> | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof CoreError) return null;
    throw error;
  }
}
