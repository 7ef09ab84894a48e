import { accessStateShape, decodeShape, type AccessState, type FileId } from "@sinetti/core";

const HELD_STATES = 5000;

interface Held {
  readonly bytes: Buffer;
  readonly state: AccessState;
}

/** Folded access chains in memory, each beside the very bytes that it was read from; nobody changes what is held. */
export class AccessStates {
  readonly #held = new Map<FileId, Held>();

  /** The state in these bytes; other bytes than those held, by one bit, are read anew. */
  read(file: FileId, row: Uint8Array): AccessState {
    const held = this.#held.get(file);
    if (held?.bytes.equals(row) === true) return held.state;
    const state = decodeShape(accessStateShape, row);
    this.#held.delete(file);
    this.#held.set(file, { bytes: Buffer.from(row), state });
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD_STATES && oldest !== undefined) this.#held.delete(oldest);
    return state;
  }
}
