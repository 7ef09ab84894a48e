import { encodeHint, mergeHints, type Hint } from "@sinetti/core";

/**
 * One answer that goes on. What nobody has read yet lies together in one hint of bounded size, so that a reader who is slow, or
 * gone, costs no memory.
 */
export class HintStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #gatherMs: number;
  readonly #onEnd: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #waiting: Hint | null = null;
  #gathering: NodeJS.Timeout | null = null;

  constructor({ gatherMs, onEnd }: { gatherMs: number; onEnd: () => void }) {
    this.#gatherMs = gatherMs;
    this.#onEnd = onEnd;
    this.body = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: () => {
        if (this.#gathering === null) this.#send();
      },
      cancel: () => this.#close(),
    });
  }

  /** Says something soon; what comes within a moment goes out as one. */
  tell(hint: Hint): void {
    if (this.#controller === null) return;
    this.#waiting = this.#waiting === null ? hint : mergeHints(this.#waiting, hint);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = null;
      this.#send();
    }, this.#gatherMs).unref();
  }

  /** Ends it; what was not sent is not sent. */
  end(): void {
    const controller = this.#controller;
    this.#close();
    controller?.close();
  }

  #send(): void {
    if (this.#controller === null || this.#waiting === null) return;
    if ((this.#controller.desiredSize ?? 0) <= 0) return;
    const hint = this.#waiting;
    this.#waiting = null;
    this.#controller.enqueue(encodeHint(hint));
  }

  #close(): void {
    if (this.#controller === null) return;
    this.#controller = null;
    this.#waiting = null;
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#onEnd();
  }
}
