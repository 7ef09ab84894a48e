/** The body of a request whose bytes are made when somebody reads them, and counted. */
export class CountedBody {
  /** Bytes that somebody has asked for. */
  pulled = 0;
  readonly stream: ReadableStream<Uint8Array>;
  /** Settles when somebody begins to read. */
  readonly asked: Promise<void>;

  constructor(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.asked = promise;
    const iterator = (async function* () {
      yield* pieces;
    })();
    this.stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          resolve();
          const { done, value } = await iterator.next();
          if (done === true) return controller.close();
          this.pulled += value.length;
          controller.enqueue(value);
        },
        cancel: async () => void (await iterator.return()),
      },
      // Nothing is made before it is asked for.
      { highWaterMark: 0 },
    );
  }

  /** As a request sends it. */
  init(headers: Record<string, string>): RequestInit {
    // A body that is a stream needs it (Fetch standard §5.3); TypeScript's own library does not have it.
    const streaming = { duplex: "half" };
    return { method: "POST", headers, body: this.stream, ...streaming };
  }
}

/** Bytes cut into pieces of one size. */
export function* piecesOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.slice(from, from + size);
}

/** So many bytes of nothing, 64 KiB at a time. */
export function* nothing(bytes: number): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= 64 * 1024)
    yield new Uint8Array(Math.min(left, 64 * 1024));
}
