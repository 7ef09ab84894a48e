import { bytesToHex, hexToBytes, randomBytes } from "@sinetti/core";
import {
  generateMasterKey,
  generateSlotSalt,
  openPasskeySlot,
  openPasswordSlot,
  sealPasskeySlot,
  sealPasswordSlot,
} from "@sinetti/core/secret";
import { reveal } from "./scene.ts";
import type { Vector, Vectors } from "./vector.ts";

const PASSWORD = "päivä ja yö";

/** Vectors of the locks of a device; made after all others, so that the randomness of those stays. */
export function unlockVectors(): { valid: Vectors; invalid: Vectors } {
  const master = generateMasterKey();
  const salt = generateSlotSalt();
  const deviceFactor = randomBytes(32);
  const byPassword = sealPasswordSlot(master, { password: PASSWORD, salt, deviceFactor });
  const prf = randomBytes(32);
  const ask = { credential: randomBytes(20), salt: randomBytes(32) };
  const byPasskey = sealPasskeySlot(master, { ...ask, prf });
  const password = (code: string, change: Record<string, string> = {}): Vector => ({
    check: "password-slot",
    password: PASSWORD,
    salt: bytesToHex(salt),
    factor: bytesToHex(deviceFactor),
    sealed: bytesToHex(byPassword.sealed),
    master: reveal(master),
    ...change,
    code,
  });
  const passkey = (code: string, change: Record<string, string> = {}): Vector => ({
    check: "passkey-slot",
    credential: bytesToHex(ask.credential),
    salt: bytesToHex(ask.salt),
    prf: bytesToHex(prf),
    sealed: bytesToHex(byPasskey.sealed),
    master: reveal(master),
    ...change,
    code,
  });
  const another = bytesToHex(randomBytes(32));
  return {
    valid: { "password-slot": password("accepted"), "passkey-slot": passkey("accepted") },
    invalid: {
      "password-slot-of-another-factor": password("open-failed", { factor: another }),
      "password-slot-with-another-password": password("open-failed", { password: "paiva ja yo" }),
      "passkey-slot-of-another-output": passkey("open-failed", { prf: another }),
      "passkey-slot-with-a-short-output": passkey("malformed", { prf: another.slice(2) }),
      "passkey-slot-sealed-as-a-password": passkey("open-failed", {
        sealed: bytesToHex(byPassword.sealed),
      }),
    },
  };
}

/** Opens the lock of a vector and compares what comes out; throws what core throws. */
export function readUnlock(vector: Vector): void {
  const bytes = (field: string): Uint8Array => hexToBytes(String(vector[field]));
  const sealed = bytes("sealed");
  const opened =
    vector.check === "password-slot"
      ? openPasswordSlot(
          { type: "password", salt: bytes("salt"), sealed },
          { password: String(vector["password"]), deviceFactor: bytes("factor") },
        )
      : openPasskeySlot(
          { type: "passkey", credential: bytes("credential"), salt: bytes("salt"), sealed },
          bytes("prf"),
        );
  if (reveal(opened) !== vector["master"]) throw new TypeError("opened to something else");
}
