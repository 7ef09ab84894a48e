import { createHash } from "node:crypto";

import { equalBytes, GatheredBytes } from "@sinetti/core";

import type { BodyBudget } from "./bodyBudget.ts";
import { allow, Refusal } from "./problem.ts";

/** On whose account a body is read, and what it must be. */
export interface Reading {
  readonly budget: BodyBudget;
  readonly name: string;
  /** The SHA-256 that its sender has signed; null: nobody has. */
  readonly digest: Uint8Array | null;
}

const FIRST_BYTES = 64 * 1024;

/** The body of a request, of which nothing is read until somebody asks: whoever asks says who answers for its bytes. */
export class RequestBody {
  readonly #request: Request;
  readonly #maxBytes: number;
  /** The length that its header field claims, or 0. */
  readonly #claimed: number;
  #giveBack: () => void = () => undefined;

  /** Refuses what the header fields alone tell. Errors: `malformed`, `too-large`. */
  constructor(request: Request, maxBytes: number) {
    allow(request.headers.get("content-type") === "application/cbor", "malformed");
    const claimed = request.headers.get("content-length") ?? "0";
    allow(/^\d{1,15}$/.test(claimed), "malformed");
    allow(Number(claimed) <= maxBytes, "too-large");
    this.#request = request;
    this.#maxBytes = maxBytes;
    this.#claimed = Number(claimed);
  }

  /**
   * Reads it whole, once, and gives it when it is what was signed. Errors: `too-large` at the limit, `rate-limited` beyond the
   * budget, `malformed` when it breaks off, `bad-signature` when it is another.
   */
  async read({ budget, name, digest }: Reading): Promise<Uint8Array> {
    let taken = 0;
    const take = (bytes: number): void => {
      if (bytes <= taken) return;
      allow(budget.take(name, bytes - taken), "rate-limited");
      taken = bytes;
    };
    this.#giveBack = () => budget.give(name, taken);
    take(this.#claimed);
    const hash = createHash("sha256");
    const first = this.#claimed === 0 ? FIRST_BYTES : this.#claimed;
    const gathered = new GatheredBytes({ first, most: this.#maxBytes });
    for await (const part of this.#parts()) {
      const length = gathered.length + part.length;
      allow(length <= this.#maxBytes, "too-large");
      take(length);
      hash.update(part);
      gathered.add(part);
    }
    allow(digest === null || equalBytes(hash.digest(), digest), "bad-signature");
    return gathered.join();
  }

  async *#parts(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.#request.body ?? [];
    } catch (cause) {
      // Whoever sent it has broken off.
      throw new Refusal("malformed", { cause });
    }
  }

  /** Gives the bytes back to the budget, once nobody holds them. */
  release(): void {
    this.#giveBack();
    this.#giveBack = () => undefined;
  }
}
