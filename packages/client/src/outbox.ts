import {
  LIMITS,
  LINKS_PER_ANSWER,
  batchKeyShape,
  decodeShape,
  encodeShape,
  sealedShareShape,
  shapes,
  wrapShape,
  type FileId,
  type Shaped,
} from "@sinetti/core";
import type { Device } from "./device.ts";
import type { Change, CellWriteOptions } from "./world.ts";

const { bool, code, fixedBytes, id, list, maxBytes, nullable, optional, record, text, variant } =
  shapes;
const PREFIX = "outbox/";
const BYTES = 32 * 1024 * 1024;
const signed = maxBytes(BYTES);
const vault = code(["who", "what"]);

const itemShape = variant("kind", {
  /** Creates a practice: the gate, then both vaults. */
  genesis: record({ genesis: signed, code: text(256) }),
  /** Sequences orders of the practice chain, all or none: the gate, then both vaults. */
  order: record({
    orders: list(record({ order: signed, approvals: list(signed, { max: 16 }) }), {
      min: 1,
      max: LINKS_PER_ANSWER,
    }),
  }),
  /** Brings a stop to each service that has not had it; `vault`: where the file of a revocation lies. */
  stop: record({ order: signed, vault: nullable(vault), who: bool, what: bool, gate: bool }),
  /**
   * Stages wraps at the vault, has the gate accept, hands the vault what was accepted. `isFirm`: what was decided on one state of
   * a chain, and is not put after another.
   */
  access: record({
    vault,
    isFirm: optional(bool),
    items: list(
      record({
        statement: signed,
        share: nullable(fixedBytes(32)),
        wraps: list(wrapShape, { max: LIMITS.wrapsPerStatement }),
      }),
      { min: 1, max: 256 },
    ),
    batchKeys: list(batchKeyShape, { max: LIMITS.wrapsPerStatement }),
    accepted: nullable(
      record({ acceptance: signed, shares: list(sealedShareShape, { max: 256 }) }),
    ),
  }),
  /** Appends entries, already sealed, to record chains of one vault. */
  append: record({
    vault,
    appends: list(
      record({ file: id<FileId>(), statement: signed, boxes: list(maxBytes(BYTES), { max: 256 }) }),
      { min: 1, max: 256 },
    ),
  }),
});
/** Work that is not done until every service that it concerns has it. */
export type OutboxItem = Shaped<typeof itemShape>;
/** One kind of work. */
export type OutboxItemOf<K extends OutboxItem["kind"]> = Extract<OutboxItem, { kind: K }>;
/** Work with its place in the queue. */
export interface Waiting<K extends OutboxItem["kind"] = OutboxItem["kind"]> {
  readonly name: string;
  readonly item: OutboxItemOf<K>;
}

/** The first place of the queue: work that is kept in the same write that makes the device. */
export const firstOutboxCell = `${PREFIX}${"0".repeat(12)}`;

/** The bytes of work, before they are sealed. */
export function encodeOutboxItem(item: OutboxItem): Uint8Array {
  return encodeShape(itemShape, item);
}

/** Name of work that is not kept. */
const UNKEPT = "";

/** Sealed work on this device's disk: written before the first request, deleted after the last answer. */
export class Outbox {
  readonly #device: Device;
  #next: number | null = null;
  readonly #busy = new Set<string>();

  constructor(device: Device) {
    this.#device = device;
  }

  /** Keeps work, together with other changes, before it is begun. */
  async add<K extends OutboxItem["kind"]>(
    item: OutboxItemOf<K>,
    changes: readonly Change[] = [],
  ): Promise<Waiting<K>> {
    const name = await this.#nextName();
    this.#busy.add(name);
    await this.#device.write([this.#seal(name, item), ...changes]);
    return { name, item };
  }

  /** Work that is not kept, because who asks for it would ask again after a crash. */
  hold<K extends OutboxItem["kind"]>(item: OutboxItemOf<K>): Waiting<K> {
    return { name: UNKEPT, item };
  }

  /** Whether work, and what comes of it, is kept on this device. */
  isKept({ name }: Pick<Waiting, "name">): boolean {
    return name !== UNKEPT;
  }

  async #nextName(): Promise<string> {
    if (this.#next === null) {
      const last = (await this.#device.list(PREFIX)).at(-1);
      this.#next ??= last === undefined ? 0 : Number(last.slice(PREFIX.length)) + 1;
    }
    return `${PREFIX}${String(this.#next++).padStart(12, "0")}`;
  }

  #seal(name: string, item: OutboxItem): Change {
    return this.#device.seal(name, encodeOutboxItem(item));
  }

  /** Keeps how far the work has come. */
  async update<K extends OutboxItem["kind"]>(
    waiting: Waiting<K>,
    item: OutboxItemOf<K>,
  ): Promise<Waiting<K>> {
    if (this.isKept(waiting)) await this.#device.write([this.#seal(waiting.name, item)]);
    return { name: waiting.name, item };
  }

  /** Strikes work that is done, together with what it changed here. */
  async done(
    waiting: Pick<Waiting, "name">,
    changes: readonly Change[] = [],
    options: CellWriteOptions = {},
  ): Promise<void> {
    const struck = this.isKept(waiting) ? [{ name: waiting.name, value: null }] : [];
    if (struck.length + changes.length > 0)
      await this.#device.write([...struck, ...changes], options);
    this.#busy.delete(waiting.name);
  }

  /** Work that an earlier run left behind, oldest first; what this session is doing right now is not among it. */
  async left(): Promise<Waiting[]> {
    const waiting: Waiting[] = [];
    for (const name of await this.#device.list(PREFIX)) {
      const cell = this.#busy.has(name) ? null : await this.#device.read(name);
      if (cell !== null) waiting.push({ name, item: decodeShape(itemShape, cell, BYTES * 2) });
    }
    return waiting;
  }

  /** Lets a later run take up work that this session could not finish. */
  release(waiting: Pick<Waiting, "name">): void {
    this.#busy.delete(waiting.name);
  }
}
