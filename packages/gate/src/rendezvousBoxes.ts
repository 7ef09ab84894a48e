import { bytesToHex } from "@sinetti/core";

import { allow } from "./problem.ts";

/** The two sides of a device ceremony. */
export type Side = "request" | "answer";

interface Box {
  /** Of whom laid the first side down. */
  readonly address: string;
  readonly openUntil: number;
  readonly blobs: Map<Side, Uint8Array>;
}

const BOX_SECONDS = 15 * 60;
const BOXES = 1000;
/** What one address may take of them, so that no stranger alone keeps new devices out. */
const BOXES_OF_ADDRESS = 250;

/** Short-lived mailboxes, in memory only: what lies in them is sealed under a code that two people compare. */
export class RendezvousBoxes {
  readonly #monotonic: () => number;
  readonly #boxes = new Map<string, Box>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Each side can be laid down once. Errors: `conflict`, `unavailable` when all boxes are taken, or all of the address. */
  put(
    { mailbox, side, blob }: { mailbox: Uint8Array; side: Side; blob: Uint8Array },
    address: string,
  ): void {
    this.#sweep();
    const name = bytesToHex(mailbox);
    const box = this.#boxes.get(name) ?? {
      address,
      openUntil: this.#monotonic() + BOX_SECONDS,
      blobs: new Map<Side, Uint8Array>(),
    };
    allow(!box.blobs.has(side), "conflict");
    allow(this.#boxes.has(name) || this.#hasRoom(address), "unavailable");
    box.blobs.set(side, blob);
    this.#boxes.set(name, box);
  }

  #hasRoom(address: string): boolean {
    const own = [...this.#boxes.values()].filter((box) => box.address === address);
    return this.#boxes.size < BOXES && own.length < BOXES_OF_ADDRESS;
  }

  /** What lies there, if anything. */
  get(mailbox: Uint8Array, side: Side): Uint8Array | null {
    this.#sweep();
    return this.#boxes.get(bytesToHex(mailbox))?.blobs.get(side) ?? null;
  }

  /** In the order of their making, so the first that is still open ends the sweep. */
  #sweep(): void {
    const now = this.#monotonic();
    for (const [name, { openUntil }] of this.#boxes) {
      if (openUntil > now) return;
      this.#boxes.delete(name);
    }
  }
}
