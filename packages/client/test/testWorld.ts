import { createHmac, randomBytes } from "node:crypto";
import type { MemberId, Role } from "@sinetti/core";
import {
  Client,
  admitMembers,
  approvePerson,
  createDirectory,
  createPractice,
  finishDevice,
  openRoster,
  requestDevice,
  type Change,
  type Storage,
  type World,
  type CellWriteOptions,
} from "@sinetti/client";
import type { TestSystem } from "../../../tools/testSystem.ts";

export const PASSWORD = "correct horse battery staple";

/** Storage in memory that outlives the client that wrote it, as a disk does. */
export class MemoryStorage implements Storage {
  readonly cells = new Map<string, Uint8Array>();
  /** Writes that waited for the disk. */
  syncs = 0;
  /** What a loss of power would bring back; null: nothing was there. */
  readonly #unsynced = new Map<string, Uint8Array | null>();
  /** Called before each write; throwing is the program being killed there. */
  beforeWrite: () => void = () => undefined;
  get(name: string): Promise<Uint8Array | null> {
    return Promise.resolve(this.cells.get(name) ?? null);
  }
  list(prefix: string): Promise<string[]> {
    return Promise.resolve([...this.cells.keys()].filter((name) => name.startsWith(prefix)).sort());
  }
  async write(
    changes: readonly Change[],
    { isSyncedLater = false }: CellWriteOptions = {},
  ): Promise<void> {
    this.beforeWrite();
    if (!isSyncedLater) {
      this.syncs++;
      this.#unsynced.clear();
    }
    for (const { name, value } of changes) {
      if (isSyncedLater && !this.#unsynced.has(name))
        this.#unsynced.set(name, this.cells.get(name) ?? null);
      if (value === null) this.cells.delete(name);
      else this.cells.set(name, Uint8Array.from(value));
    }
    return Promise.resolve();
  }
  /** Takes back what was never waited for. */
  losePower(): void {
    for (const [name, value] of this.#unsynced) {
      if (value === null) this.cells.delete(name);
      else this.cells.set(name, value);
    }
    this.#unsynced.clear();
  }
}

/** The world of one device on a test system. */
export interface TestDeviceWorld extends World {
  readonly storage: MemoryStorage;
  /** Paths of the requests made, as `service path`. */
  readonly requests: string[];
  /** Called before and after each request; throwing is a cut connection. */
  interrupt: (at: "before" | "after", request: string) => void;
}

export function testWorld(system: TestSystem): TestDeviceWorld {
  const factor = randomBytes(32);
  const world: TestDeviceWorld = {
    clock: system.clock,
    storage: new MemoryStorage(),
    requests: [],
    interrupt: () => undefined,
    deviceFactor: (salt) =>
      Promise.resolve(new Uint8Array(createHmac("sha256", factor).update(salt).digest())),
    fetch: async (url, init) => {
      const { hostname, pathname } = new URL(url);
      const request = `${hostname.split(".")[0]} ${pathname}`;
      world.requests.push(request);
      world.interrupt("before", request);
      const response = await system.fetch(url, init);
      world.interrupt("after", request);
      return response;
    },
  };
  return world;
}

/** A founder with a directory, and a roster if a therapist. */
export async function foundPractice(
  system: TestSystem,
  roles: Role[] = ["therapist", "admin", "privacy"],
): Promise<{ client: Client; world: TestDeviceWorld }> {
  const world = testWorld(system);
  const { client } = await createPractice(world, {
    endpoints: system.endpoints,
    installationCode: system.code(),
    password: PASSWORD,
    roles,
  });
  await createDirectory(client.context, {
    name: "Practice",
    founder: { id: client.member, name: "Founder", roles },
    site: "Main",
  });
  if (roles.includes("therapist")) await openRoster(client.context, true);
  return { client, world };
}

/** Adds a member by the device ceremony, on a device of their own. */
export async function addMember(
  system: TestSystem,
  admin: Client,
  roles: Role[],
): Promise<{ client: Client; world: TestDeviceWorld; member: MemberId }> {
  const world = testWorld(system);
  const { code } = await requestDevice(world, {
    endpoints: system.endpoints,
    password: PASSWORD,
    isNewPerson: true,
  });
  const { member } = await approvePerson(admin.context, code, roles);
  await admitMembers(admin.context, [{ id: member, name: `Member ${roles.join(" ")}`, roles }]);
  const client = await finishDevice(world, { password: PASSWORD, endpoints: system.endpoints });
  return { client, world, member };
}

/** The same device after the program was killed: nothing of its memory is left. */
export async function restart(system: TestSystem, world: TestDeviceWorld): Promise<Client> {
  world.interrupt = () => undefined;
  world.storage.beforeWrite = () => undefined;
  return Client.unlock(world, { password: PASSWORD, endpoints: system.endpoints });
}
