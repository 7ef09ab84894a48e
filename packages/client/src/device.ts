import {
  CoreError,
  decodeShape,
  encodeShape,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type Secret,
} from "@sinetti/core";
import {
  generateMasterKey,
  generateSlotSalt,
  kemKeyFromSeed,
  localKey,
  lockedDeviceShape,
  openDeviceSeeds,
  openLocalCell,
  openPasswordSlot,
  sealDeviceSeeds,
  sealLocalCell,
  sealPasswordSlot,
  signKeyFromSeed,
  type DeviceSeeds,
  type KemKey,
  type LockedDevice,
  type SignKey,
} from "@sinetti/core/secret";
import { ClientError } from "./errors.ts";
import type { Change, World } from "./world.ts";

const DEVICE_CELL = "device";

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
  readonly #master: Secret<"device-master">;
  readonly #slots: LockedDevice["slots"];
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
    const salt = generateSlotSalt();
    const slot = sealPasswordSlot(master, {
      password,
      salt,
      deviceFactor: await world.deviceFactor(salt),
    });
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
    const bytes = await world.storage.get(DEVICE_CELL);
    if (bytes === null) throw new ClientError("no-profile");
    const locked = decodeShape(lockedDeviceShape, bytes);
    for (const slot of locked.slots) {
      if (slot.type !== "password") continue;
      try {
        const master = openPasswordSlot(slot, {
          password,
          deviceFactor: await world.deviceFactor(slot.salt),
        });
        return new Device(world, locked, { master, seeds: openDeviceSeeds(master, locked) });
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
      }
    }
    throw new ClientError("wrong-password");
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
  async write(changes: readonly Change[]): Promise<void> {
    await this.#world.storage.write(changes);
  }

  /** Names of cells. */
  async list(prefix: string): Promise<string[]> {
    return this.#world.storage.list(prefix);
  }
}
