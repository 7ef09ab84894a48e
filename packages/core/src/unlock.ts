import type { DeviceId, MemberId, PracticeId } from "./brand.ts";
import { concatBytes } from "./bytes.ts";
import { CoreError, ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import {
  type Shaped,
  decodeShape,
  encodeShape,
  fixedBytes,
  id,
  list,
  maxBytes,
  record,
  uint,
  variant,
  version,
} from "./shape.ts";
import { Secret } from "./secretValue.ts";
import { argon2id, boxOpen, boxSeal, hkdf, randomBytes, utf8ToBytes } from "./suite.ts";

const SALT_BYTES = 16;
const SLOTS = 16;
const CREDENTIAL_BYTES = 1024;

const slotShape = variant("type", {
  password: record({ salt: fixedBytes(SALT_BYTES), sealed: maxBytes(256) }),
  passkey: record({
    credential: maxBytes(CREDENTIAL_BYTES),
    salt: fixedBytes(32),
    sealed: maxBytes(256),
  }),
});
/** One way to unlock a device: the device master key, sealed. */
export type UnlockSlot = Shaped<typeof slotShape>;

/** The seeds of a device and its member; 32 bytes each. */
export const deviceSeedsShape = record({
  v: version,
  statement: fixedBytes(32),
  request: fixedBytes(32),
  /** Member key seeds by version, newest last. */
  member: list(record({ version: uint(), seed: fixedBytes(32) }), { min: 1, max: 1000 }),
  /** Key of the local cache and outbox. */
  local: fixedBytes(32),
  /** The practice recovery secret until it is split; empty afterwards. */
  recovery: maxBytes(32),
});
/** What a device keeps sealed. */
export type DeviceSeeds = Shaped<typeof deviceSeedsShape>;

/** What lies on the device's disk: no secret in clear. */
export const lockedDeviceShape = record({
  v: version,
  practice: id<PracticeId>(),
  member: id<MemberId>(),
  device: id<DeviceId>(),
  slots: list(slotShape, { min: 1, max: SLOTS }),
  sealed: maxBytes(256 * 1024),
});
/** A locked device. */
export type LockedDevice = Shaped<typeof lockedDeviceShape>;

/** A fresh device master key. */
export function generateMasterKey(): Secret<"device-master"> {
  return Secret.own("device-master", randomBytes(32));
}

/** A fresh salt of a password slot, 16 bytes (RFC 9106 §3.1). */
export function generateSlotSalt(): Uint8Array {
  return randomBytes(SALT_BYTES);
}

function passwordKey(password: string, salt: Uint8Array, deviceFactor: Uint8Array): Uint8Array {
  ensure(deviceFactor.length === 32, "malformed");
  const stretched = argon2id(utf8ToBytes(password.normalize("NFKC")), salt);
  return hkdf(concatBytes(stretched, deviceFactor), labelled(LABELS.passwordSlot));
}

/** Seals the master key under a password and the device factor (32 bytes, an HMAC over the slot's salt by a key of this device). */
export function sealPasswordSlot(
  master: Secret<"device-master">,
  {
    password,
    salt,
    deviceFactor,
  }: { password: string; salt: Uint8Array; deviceFactor: Uint8Array },
): UnlockSlot {
  const key = passwordKey(password, salt, deviceFactor);
  return {
    type: "password",
    salt,
    sealed: boxSeal(key, labelled(LABELS.passwordSlot), Secret.reveal(master)),
  };
}

/** Opens a password slot. Error: `open-failed`. */
export function openPasswordSlot(
  slot: UnlockSlot,
  { password, deviceFactor }: { password: string; deviceFactor: Uint8Array },
): Secret<"device-master"> {
  ensure(slot.type === "password", "open-failed");
  return Secret.own(
    "device-master",
    boxOpen(
      passwordKey(password, slot.salt, deviceFactor),
      labelled(LABELS.passwordSlot),
      slot.sealed,
    ),
  );
}

/**
 * From the output of a passkey's PRF: WebAuthn Level 3 §10.1.4 (extension `prf`), over CTAP hmac-secret (CTAP 2.1 §12.5). The output is
 * uniform, so it is expanded and not stretched.
 */
function passkeyKey(prf: Uint8Array): Uint8Array {
  ensure(prf.length === 32, "malformed");
  return hkdf(prf, labelled(LABELS.passkeySlot));
}

/** Seals the master key under a passkey's PRF output over `salt` (32 bytes). Error: `malformed`. */
export function sealPasskeySlot(
  master: Secret<"device-master">,
  { credential, salt, prf }: { credential: Uint8Array; salt: Uint8Array; prf: Uint8Array },
): UnlockSlot {
  const key = passkeyKey(prf);
  return {
    type: "passkey",
    credential,
    salt,
    sealed: boxSeal(key, labelled(LABELS.passkeySlot), Secret.reveal(master)),
  };
}

/** Opens a passkey slot. Errors: `open-failed`, `malformed` when the PRF output is not 32 bytes. */
export function openPasskeySlot(slot: UnlockSlot, prf: Uint8Array): Secret<"device-master"> {
  ensure(slot.type === "passkey", "open-failed");
  return Secret.own(
    "device-master",
    boxOpen(passkeyKey(prf), labelled(LABELS.passkeySlot), slot.sealed),
  );
}

function seedsAad({
  practice,
  member,
  device,
}: Pick<LockedDevice, "practice" | "member" | "device">): Uint8Array {
  const shape = record({
    practice: id<PracticeId>(),
    member: id<MemberId>(),
    device: id<DeviceId>(),
  });
  return labelled(LABELS.deviceSeeds, encodeShape(shape, { practice, member, device }));
}

/** Seals the seeds under the master key, bound to whose device it is. */
export function sealDeviceSeeds(
  master: Secret<"device-master">,
  owner: Pick<LockedDevice, "practice" | "member" | "device">,
  seeds: DeviceSeeds,
): Uint8Array {
  return boxSeal(Secret.reveal(master), seedsAad(owner), encodeShape(deviceSeedsShape, seeds));
}

/** Opens the seeds. Error: `open-failed`. */
export function openDeviceSeeds(
  master: Secret<"device-master">,
  locked: LockedDevice,
): DeviceSeeds {
  const bytes = boxOpen(Secret.reveal(master), seedsAad(locked), locked.sealed);
  try {
    return decodeShape(deviceSeedsShape, bytes);
  } catch (cause) {
    throw new CoreError("open-failed", { cause });
  }
}

/** Seals a cell of the local cache or outbox under its name. */
export function sealLocalCell(
  local: Secret<"local-key">,
  name: string,
  body: Uint8Array,
): Uint8Array {
  return boxSeal(Secret.reveal(local), labelled(LABELS.localCell, utf8ToBytes(name)), body);
}

/** Opens a cell of the local cache or outbox. Error: `open-failed`. */
export function openLocalCell(
  local: Secret<"local-key">,
  name: string,
  sealed: Uint8Array,
): Uint8Array {
  return boxOpen(Secret.reveal(local), labelled(LABELS.localCell, utf8ToBytes(name)), sealed);
}

/** The key of the local cache. */
export function localKey(seeds: DeviceSeeds): Secret<"local-key"> {
  return Secret.own("local-key", Uint8Array.from(seeds.local));
}
