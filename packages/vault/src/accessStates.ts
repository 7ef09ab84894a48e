import { accessStateShape, decodeShape, type AccessState, type Hash } from "@sinetti/core";

const HELD_STATES = 5000;

/** Folded access chains in memory by the hash of their head; nobody changes what is held. */
export class AccessStates {
  readonly #held = new Map<Hash, AccessState>();

  read(head: Hash, bytes: Uint8Array): AccessState {
    const held = this.#held.get(head);
    if (held !== undefined) return held;
    const state = decodeAccessState(bytes);
    this.#held.set(head, state);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD_STATES && oldest !== undefined) this.#held.delete(oldest);
    return state;
  }
}

/** A copy of one's own, to fold more into. */
export function decodeAccessState(bytes: Uint8Array): AccessState {
  return decodeShape(accessStateShape, bytes, Number.MAX_SAFE_INTEGER);
}
