import {
  approveDevice,
  finishDevice,
  requestDevice,
  type Client,
  type Endpoints,
  type World,
} from "@sinetti/client";

import {
  INVENTED_PASSWORD,
  type OpenDevice,
  type StaffDevice,
} from "../../synthetic/admitStaff.ts";

/** The unlocked devices of a theft: the staff's own, further ones of theirs, and copies that a thief has made. */
export class StolenSessions {
  readonly #openDevice: OpenDevice;
  readonly #endpoints: Endpoints;
  readonly #devices = new Map<string, StaffDevice>();

  constructor(openDevice: OpenDevice, endpoints: Endpoints) {
    this.#openDevice = openDevice;
    this.#endpoints = endpoints;
  }

  /** The world of a device; it is made when it is not there yet. */
  world(name: string): World {
    const held = this.#devices.get(name) ?? this.#openDevice(name);
    this.#devices.set(name, held);
    return held.world;
  }

  /** Unlocks a device as its owner left it. */
  async unlock(name: string): Promise<Client> {
    return this.#unlock(this.world(name));
  }

  async #unlock(world: World): Promise<Client> {
    const client = await finishDevice(world, {
      password: INVENTED_PASSWORD,
      endpoints: this.#endpoints,
    });
    await client.resume();
    return client;
  }

  /** Gives a member one more device, as they would: the new one shows its code, the old one confirms it. */
  async addDevice(owner: Client, name: string): Promise<Client> {
    const ask = { endpoints: this.#endpoints, password: INVENTED_PASSWORD, isNewPerson: false };
    const { code } = await requestDevice(this.world(name), ask);
    await approveDevice(owner.context, code);
    return this.unlock(name);
  }

  /** A session on somebody else's machine, with everything that the device had: what it does there the device itself does not know. */
  async copy(from: string, to: string): Promise<Client> {
    const original = this.world(from);
    const copy = this.world(to);
    const names = await original.storage.list("");
    const cells = names.map(async (name) => ({ name, value: await original.storage.get(name) }));
    await copy.storage.write(await Promise.all(cells));
    return this.#unlock({ ...original, storage: copy.storage });
  }

  close(): void {
    for (const device of this.#devices.values()) device.close();
  }
}
