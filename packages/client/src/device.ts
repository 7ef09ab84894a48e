import {
  CoreError,
  bytesToHex,
  decodeShape,
  encodeShape,
  randomBytes,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type Secret,
} from "@sinetti/core";
import {
  generateMasterKey,
  kemKeyFromSeed,
  localKey,
  lockedDeviceShape,
  openDeviceSeeds,
  openLocalCell,
  sealDeviceSeeds,
  sealLocalCell,
  sealPasskeySlot,
  signKeyFromSeed,
  type DeviceSeeds,
  type KemKey,
  type LockedDevice,
  type SignKey,
} from "@sinetti/core/secret";
import { ClientError } from "./errors.ts";
import {
  isPasskey,
  masterByPasskey,
  masterByPassword,
  passkeysIn,
  passwordSlot,
  sealAgain,
  type PasskeyAsk,
  type PasskeyPrf,
} from "./deviceLocks.ts";
import type { Change, World, CellWriteOptions } from "./world.ts";

const DEVICE_CELL = "device";
const MAX_SLOTS = 16;
const PASSKEY_SALT_BYTES = 32;

/** Who a device belongs to. */
export interface DeviceOwner {
  readonly practice: PracticeId;
  readonly member: MemberId;
  readonly device: DeviceId;
}

/** An unlocked device: its keys in memory, and the sealed cells of its storage. */
export class Device {
  readonly owner: DeviceOwner;
  readonly statement: SignKey;
  readonly request: SignKey;
  readonly #world: World;
  #master: Secret<"device-master">;
  #slots: LockedDevice["slots"];
  readonly #local: Secret<"local-key">;
  #seeds: DeviceSeeds;

  private constructor(
    world: World,
    locked: LockedDevice,
    opened: { master: Secret<"device-master">; seeds: DeviceSeeds },
  ) {
    this.owner = { practice: locked.practice, member: locked.member, device: locked.device };
    this.#world = world;
    this.#master = opened.master;
    this.#slots = locked.slots;
    this.#seeds = opened.seeds;
    this.statement = signKeyFromSeed(opened.seeds.statement);
    this.request = signKeyFromSeed(opened.seeds.request);
    this.#local = localKey(opened.seeds);
  }

  /** Whether this storage holds a device. */
  static async exists(world: World): Promise<boolean> {
    return (await world.storage.get(DEVICE_CELL)) !== null;
  }

  /** Seals seeds under a new master key and a password, and keeps them. Error: `profile-exists`. */
  static async create(
    world: World,
    owner: DeviceOwner,
    {
      password,
      seeds,
      cells = [],
    }: {
      password: string;
      seeds: DeviceSeeds;
      cells?: readonly { name: string; body: Uint8Array }[];
    },
  ): Promise<Device> {
    if (await Device.exists(world)) throw new ClientError("profile-exists");
    const master = generateMasterKey();
    const slot = await passwordSlot(world, master, password);
    const locked = {
      v: 1 as const,
      ...owner,
      slots: [slot],
      sealed: sealDeviceSeeds(master, owner, seeds),
    };
    const device = new Device(world, locked, { master, seeds });
    await device.#write(
      locked,
      cells.map(({ name, body }) => device.seal(name, body)),
    );
    return device;
  }

  /** Unlocks with a password. Errors: `no-profile`, `wrong-password`. */
  static async unlock(world: World, password: string): Promise<Device> {
    const locked = await readLocked(world);
    const master = await masterByPassword(world, locked.slots, password);
    return new Device(world, locked, { master, seeds: seedsOf(locked, master, "wrong-password") });
  }

  /** Unlocks with a passkey of this device. Errors: `no-profile`, `wrong-passkey`. */
  static async unlockWithPasskey(world: World, prf: PasskeyPrf): Promise<Device> {
    const locked = await readLocked(world);
    const master = await masterByPasskey(locked.slots, prf);
    return new Device(world, locked, { master, seeds: seedsOf(locked, master, "wrong-passkey") });
  }

  /** The passkeys that open this device. */
  get passkeys(): readonly PasskeyAsk[] {
    return passkeysIn(this.#slots);
  }

  /**
   * Puts another password in the place of the old one, under a new master key, in one write: neither the old password nor a copy of the
   * old locks opens what is sealed from then on. A passkey goes on where `prf` gives its output again; the others are gone and given
   * back. Error: `wrong-password`, and nothing is changed.
   */
  async changePassword({
    from,
    to,
    prf = () => Promise.resolve(null),
  }: {
    from: string;
    to: string;
    prf?: PasskeyPrf;
  }): Promise<{ removed: readonly PasskeyAsk[] }> {
    await masterByPassword(this.#world, this.#slots, from);
    if (to === "") throw new ClientError("input-rejected", { detail: "password: empty" });
    const before = this.passkeys;
    const master = generateMasterKey();
    const slots = [
      await passwordSlot(this.#world, master, to),
      ...(await sealAgain(this.#slots, master, prf)),
    ];
    await this.#relock(master, slots);
    const kept = new Set(this.passkeys.map(({ credential }) => bytesToHex(credential)));
    return { removed: before.filter(({ credential }) => !kept.has(bytesToHex(credential))) };
  }

  /**
   * Lets a passkey open this device beside its password; whoever adds it gives the password once more. The same credential again takes
   * the place of its old lock. Errors: `wrong-password`; `wrong-passkey` without an output; `input-rejected` beyond 15 passkeys.
   */
  async addPasskey({
    password,
    credential,
    prf,
  }: {
    password: string;
    credential: Uint8Array;
    prf: PasskeyPrf;
  }): Promise<void> {
    await masterByPassword(this.#world, this.#slots, password);
    const others = this.#slots.filter((slot) => !isPasskey(slot, credential));
    if (others.length >= MAX_SLOTS)
      throw new ClientError("input-rejected", {
        detail: "passkey: this device has enough of them",
      });
    const ask = { credential, salt: randomBytes(PASSKEY_SALT_BYTES) };
    const given = await prf([ask]);
    if (given === null || bytesToHex(given.credential) !== bytesToHex(credential))
      throw new ClientError("wrong-passkey");
    const slot = sealPasskeySlot(this.#master, { ...ask, prf: given.output });
    await this.#relock(this.#master, [...others, slot]);
  }

  /** Takes a passkey away; the password stays. Error: `unknown-record`. */
  async removePasskey(credential: Uint8Array): Promise<void> {
    const others = this.#slots.filter((slot) => !isPasskey(slot, credential));
    if (others.length === this.#slots.length) throw new ClientError("unknown-record");
    await this.#relock(this.#master, others);
  }

  async #relock(master: Secret<"device-master">, slots: LockedDevice["slots"]): Promise<void> {
    const sealed = sealDeviceSeeds(master, this.owner, this.#seeds);
    await this.#write({ v: 1, ...this.owner, slots, sealed }, []);
    this.#master = master;
    this.#slots = slots;
  }

  /** Gives the device to another owner with other seeds: the end of a ceremony. */
  async become(
    owner: DeviceOwner,
    seeds: DeviceSeeds,
    cells: readonly Change[] = [],
  ): Promise<Device> {
    const locked = {
      v: 1 as const,
      ...owner,
      slots: this.#slots,
      sealed: sealDeviceSeeds(this.#master, owner, seeds),
    };
    await this.#write(locked, cells);
    return new Device(this.#world, locked, { master: this.#master, seeds });
  }

  /** Keeps other seeds of the same device: a new member key, or the recovery secret come or gone. */
  async changeSeeds(
    change: Partial<Pick<DeviceSeeds, "member" | "recovery">>,
    cells: readonly Change[] = [],
  ): Promise<void> {
    const seeds = { ...this.#seeds, ...change };
    const { owner } = this;
    const sealed = sealDeviceSeeds(this.#master, owner, seeds);
    await this.#write({ v: 1, ...owner, slots: this.#slots, sealed }, cells);
    this.#seeds = seeds;
  }

  async #write(locked: LockedDevice, cells: readonly Change[]): Promise<void> {
    if (!locked.slots.some(({ type }) => type === "password"))
      throw new TypeError("a device without a password");
    await this.#world.storage.write([
      { name: DEVICE_CELL, value: encodeShape(lockedDeviceShape, locked) },
      ...cells,
    ]);
  }

  /** The member's own key of a version. Errors: `refused` when another device has made a newer one, else `verification-failed`. */
  memberKey(version: number): KemKey {
    const found = this.#seeds.member.find((seed) => seed.version === version);
    if (found === undefined && this.#seeds.member.every((seed) => seed.version < version))
      throw new ClientError("refused", { detail: "key-renewed-elsewhere" });
    if (found === undefined)
      throw new ClientError("verification-failed", { detail: "member key of another version" });
    return kemKeyFromSeed(Uint8Array.from(found.seed));
  }

  /** The seeds, for ceremonies. */
  get seeds(): DeviceSeeds {
    return this.#seeds;
  }

  /** A sealed cell of this device, to be written. */
  seal(name: string, body: Uint8Array): Change {
    return { name, value: sealLocalCell(this.#local, name, body) };
  }

  /** A cell of this device; null: there is none. Error of core: `open-failed`. */
  async read(name: string): Promise<Uint8Array | null> {
    const sealed = await this.#world.storage.get(name);
    return sealed === null ? null : openLocalCell(this.#local, name, sealed);
  }

  /** Writes cells, all or nothing. */
  async write(changes: readonly Change[], options: CellWriteOptions = {}): Promise<void> {
    await this.#world.storage.write(changes, options);
  }

  /** Names of cells. */
  async list(prefix: string): Promise<string[]> {
    return this.#world.storage.list(prefix);
  }
}

/** A lock of another time opens to a master key under which nothing here is sealed. */
function seedsOf(
  locked: LockedDevice,
  master: Secret<"device-master">,
  code: "wrong-password" | "wrong-passkey",
): DeviceSeeds {
  try {
    return openDeviceSeeds(master, locked);
  } catch (cause) {
    if (cause instanceof CoreError) throw new ClientError(code, { cause });
    throw cause;
  }
}

async function readLocked(world: World): Promise<LockedDevice> {
  const bytes = await world.storage.get(DEVICE_CELL);
  if (bytes === null) throw new ClientError("no-profile");
  return decodeShape(lockedDeviceShape, bytes);
}

/** The passkeys that open the device of this storage, before anything is unlocked. Error: `no-profile`. */
export async function listPasskeys(world: World): Promise<readonly PasskeyAsk[]> {
  return passkeysIn((await readLocked(world)).slots);
}
