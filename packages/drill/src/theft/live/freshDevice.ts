import {
  Client,
  Device,
  type Change,
  type Endpoints,
  type Storage,
  type World,
} from "@sinetti/client";
import { decodeShape, encodeShape, type Route } from "@sinetti/core";

type Fetch = World["fetch"];

/** Cells of a device behind which nothing is written: what is written stays in memory, and what is hidden was never there. */
class Overlay implements Storage {
  readonly #below: Storage;
  #hidden: readonly string[] = [];
  readonly #written = new Map<string, Uint8Array | null>();

  constructor(below: Storage) {
    this.#below = below;
  }

  /** Forgets what was written; names that begin with one of these are not there. */
  reset(hidden: readonly string[]): void {
    this.#written.clear();
    this.#hidden = hidden;
  }

  #isHidden(name: string): boolean {
    return this.#hidden.some((prefix) => name.startsWith(prefix));
  }

  async get(name: string): Promise<Uint8Array | null> {
    const held = this.#written.get(name);
    if (held !== undefined) return held;
    return this.#isHidden(name) ? null : this.#below.get(name);
  }

  async list(prefix: string): Promise<string[]> {
    const below = (await this.#below.list(prefix)).filter(
      (name) => !this.#isHidden(name) && !this.#written.has(name),
    );
    const own = [...this.#written].flatMap(([name, value]) =>
      value !== null && name.startsWith(prefix) ? [name] : [],
    );
    return [...below, ...own].toSorted();
  }

  write(changes: readonly Change[]): Promise<void> {
    for (const { name, value } of changes) this.#written.set(name, value);
    return Promise.resolve();
  }
}

/** What a device forgets before a client starts on it, and what stands between it and the services. */
export interface FreshWish {
  readonly fetch?: Fetch;
  /** Beginnings of names of cells; all records when left out. */
  readonly hidden?: readonly string[];
}

/** Somebody's device that forgets: each client starts on a fresh cache, and nothing of what it took in stays. */
export class FreshDevice {
  readonly #world: World;
  readonly #storage: Overlay;
  readonly #device: Device;
  readonly #endpoints: Endpoints;

  private constructor(
    world: World,
    { storage, device, endpoints }: { storage: Overlay; device: Device; endpoints: Endpoints },
  ) {
    this.#world = world;
    this.#storage = storage;
    this.#device = device;
    this.#endpoints = endpoints;
  }

  /** Unlocks the device once. */
  static async unlock(
    world: World,
    { password, endpoints }: { password: string; endpoints: Endpoints },
  ): Promise<FreshDevice> {
    const storage = new Overlay(world.storage);
    const device = await Device.unlock({ ...world, storage }, password);
    return new FreshDevice(world, { storage, device, endpoints });
  }

  /** A client that starts now. */
  start({ fetch = this.#world.fetch, hidden = ["file/"] }: FreshWish = {}): Promise<Client> {
    this.#storage.reset(hidden);
    const world = { ...this.#world, storage: this.#storage, fetch };
    return Client.of(world, this.#device, this.#endpoints);
  }
}

/** A fetch whose answers on one route somebody changes on the wire. */
export function answerOtherwise<Q, A>(
  fetch: Fetch,
  { endpoint, route }: { endpoint: string; route: Route<Q, A> },
  change: (answer: A) => A,
): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (url !== endpoint + route.path || !response.ok) return response;
    const answer = decodeShape(route.answer, new Uint8Array(await response.arrayBuffer()));
    const changed = encodeShape(route.answer, change(answer));
    return new Response(changed as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": "application/cbor" },
    });
  };
}

/** A fetch that hands everything that passes to whoever stands there, and changes nothing. */
export function overhear(
  fetch: Fetch,
  endpoint: string,
  onBytes: (bytes: Uint8Array) => void,
): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!url.startsWith(`${endpoint}/`)) return response;
    if (init.body instanceof Uint8Array) onBytes(init.body);
    onBytes(new Uint8Array(await response.clone().arrayBuffer()));
    return response;
  };
}
