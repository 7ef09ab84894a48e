import { bytesToHex } from "@sinetti/core";

import { allow } from "./problem.ts";

/** The two sides of a device ceremony. */
export type Side = "request" | "answer";

interface Box {
  readonly openUntil: number;
  readonly blobs: Map<Side, Uint8Array>;
}

const BOX_SECONDS = 15 * 60;
const BOXES = 1000;

/** Short-lived mailboxes, in memory only: what lies in them is sealed under a code that two people compare. */
export class RendezvousBoxes {
  readonly #monotonic: () => number;
  readonly #boxes = new Map<string, Box>();

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Each side can be laid down once. Errors: `conflict`, `unavailable` when all boxes are taken. */
  put(mailbox: Uint8Array, side: Side, blob: Uint8Array): void {
    this.#sweep();
    const name = bytesToHex(mailbox);
    const box = this.#boxes.get(name) ?? {
      openUntil: this.#monotonic() + BOX_SECONDS,
      blobs: new Map<Side, Uint8Array>(),
    };
    allow(!box.blobs.has(side), "conflict");
    allow(this.#boxes.has(name) || this.#boxes.size < BOXES, "unavailable");
    box.blobs.set(side, blob);
    this.#boxes.set(name, box);
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
