import { createHash } from "node:crypto";

import { GatheredBytes, equalBytes } from "@sinetti/core";

import type { BodyBudget } from "./bodyBudget.ts";
import { Refusal, refuse } from "./problem.ts";

const FIRST_BYTES = 64 * 1024;
const AT_ONCE_BYTES = 64 * 1024;

/** How a body is to be read, and on whose account. */
export interface Reading {
  readonly maxBytes: number;
  /** The SHA-256 that its sender has signed. */
  readonly digest: Uint8Array;
  readonly budget: BodyBudget;
  readonly name: string;
}

/** The body of a request, of which nothing is read until somebody asks: whoever asks says who answers for its bytes. */
export class RequestBody {
  readonly #request: Request;
  /** The length that its header field claims; null: none does. */
  readonly #claimed: number | null;
  #giveBack: () => void = () => undefined;

  /** Refuses a body whose length is claimed to be over the limit. Errors: `malformed`, `too-large`. */
  constructor(request: Request, maxBytes: number) {
    this.#request = request;
    const claimed = request.headers.get("content-length");
    if (claimed !== null && !/^\d{1,15}$/.test(claimed)) refuse("malformed");
    this.#claimed = claimed === null ? null : Number(claimed);
    if ((this.#claimed ?? 0) > maxBytes) refuse("too-large");
  }

  /**
   * Reads it whole, once, and gives it when it is what was signed. Errors: `too-large` at the limit, `rate-limited` beyond the
   * budget, `malformed` when it breaks off, `bad-signature` when it is another.
   */
  async read(reading: Reading): Promise<Uint8Array> {
    const { maxBytes, digest, budget, name } = reading;
    if ((this.#claimed ?? 0) > maxBytes) refuse("too-large");
    let taken = 0;
    const take = (bytes: number): void => {
      if (bytes <= taken) return;
      if (!budget.take(name, bytes - taken)) refuse("rate-limited");
      taken = bytes;
    };
    this.#giveBack = () => budget.give(name, taken);
    take(this.#claimed ?? 0);
    const hash = createHash("sha256");
    const gathered = new GatheredBytes({ first: this.#claimed ?? FIRST_BYTES, most: maxBytes });
    for await (const part of this.#parts()) {
      const length = gathered.length + part.length;
      if (length > maxBytes) refuse("too-large");
      take(length);
      hash.update(part);
      gathered.add(part);
    }
    return equalBytes(hash.digest(), digest) ? gathered.join() : refuse("bad-signature");
  }

  async *#parts(): AsyncGenerator<Uint8Array> {
    const isShort = this.#claimed !== null && this.#claimed <= AT_ONCE_BYTES;
    try {
      // The server hands over no more than is claimed, and a short body costs less at once than as a stream.
      if (isShort) yield new Uint8Array(await this.#request.arrayBuffer());
      else yield* this.#request.body ?? [];
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
