import { HintReader, NO_HINT, type Hint } from "@sinetti/core";

const isBeat = (hint: Hint): boolean => JSON.stringify(hint) === JSON.stringify(NO_HINT);

/** Whoever listens to a stream of hints in a test. */
export class TestEar {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #within = new HintReader();
  readonly #read: Hint[] = [];

  constructor(response: Response) {
    if (response.body === null) throw new TypeError("no stream");
    this.#reader = response.body.getReader();
  }

  /** The next hint, a beat too; null: the stream has ended. */
  async next(): Promise<Hint | null> {
    for (;;) {
      const read = this.#read.shift();
      if (read !== undefined) return read;
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#read.push(...this.#within.read(value));
    }
  }

  /** The next hint that says something; null: the stream has ended. */
  async heard(): Promise<Partial<Hint> | null> {
    for (;;) {
      const hint = await this.next();
      if (hint === null) return null;
      if (isBeat(hint)) continue;
      const { files, ...flags } = hint;
      const said = Object.entries(flags).filter(([, is]) => is);
      return { ...Object.fromEntries(said), ...(files.length === 0 ? {} : { files }) };
    }
  }

  /** Hangs up. */
  close(): Promise<void> {
    return this.#reader.cancel();
  }
}
