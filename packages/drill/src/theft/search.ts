import { Automaton, endsWith } from "./automaton.ts";
import { inflateAt, inflateDatum, nextSign, type Inflated } from "./decompress.ts";
import { SHORTEST_NEEDLE, patternsOf, type Encoding, type Pattern } from "./patterns.ts";

/** One place where a string was found; never the string itself. */
export interface Hit {
  readonly needle: number;
  readonly encoding: Encoding;
  /** Of what: a file or a row, and through which decompressions. */
  readonly source: string;
  /** Of its last byte in the innermost bytes. */
  readonly offset: number;
}

/** Table of one automaton at most; more strings make more of them. */
const TABLE_BYTES = 96 * 1024 * 1024;
/** Decompressions inside each other. */
const DEEPEST = 4;
/** Hits that are kept, of one string in one encoding the first of each source; the rest is counted. */
const MOST_HITS = 500_000;
/** What may lie compressed in a stream is looked at with so much behind it. */
const LOOK_AHEAD = 1024 * 1024;
const CHUNK = 1024 * 1024;

/** Looks for strings in bytes, in every encoding and inside whatever decompresses, in one pass and bounded memory. */
export class Search {
  readonly #automata: readonly Automaton[];
  readonly #longest: number;
  readonly hits: Hit[] = [];
  #lastSource = "";
  readonly #toldOfLast = new Set<string>();
  /** All that was found, also what was not kept. */
  hitCount = 0;
  searchedBytes = 0;
  /** Compressed parts that were too large to look into whole. */
  cut = 0;
  /** Numbers of strings that are too short to be told from chance. */
  readonly tooShort: number[] = [];
  readonly #isKept: (hit: Hit) => boolean;

  /** Hits that are not kept are counted. */
  constructor(
    needles: readonly string[],
    { isKept = () => true }: { isKept?: (hit: Hit) => boolean } = {},
  ) {
    this.#isKept = isKept;
    const patterns = needles.flatMap((text, index) => {
      if (Buffer.byteLength(text) >= SHORTEST_NEEDLE) return patternsOf(text, index);
      this.tooShort.push(index);
      return [];
    });
    this.#automata = splitPatterns(patterns).map((part) => new Automaton(part));
    this.#longest = Math.max(0, ...this.#automata.map(({ longest }) => longest));
  }

  /** Searches bytes that are all there. */
  bytes(source: string, bytes: Uint8Array, depth = 0): void {
    this.searchedBytes += bytes.length;
    for (const automaton of this.#automata)
      automaton.run(automaton.start, bytes, {
        offset: 0,
        onEnd: (pattern, end) => this.#match(pattern, { source, bytes, end, offset: end }),
      });
    this.#inflateAll(source, { bytes, depth, base: 0, until: bytes.length });
  }

  /** Searches what begins as a TOAST datum may: its size and method before the stream. */
  datum(source: string, bytes: Uint8Array): void {
    const inflated = inflateDatum(bytes);
    if (inflated !== null) this.bytes(`${source}!${inflated.format}`, inflated.bytes, 1);
    this.bytes(source, bytes);
  }

  /** Searches a stream; what lies across two of its chunks is found. */
  async stream(source: string, stream: AsyncIterable<Uint8Array>): Promise<void> {
    const states = this.#automata.map(({ start }) => start);
    const window = new Window(LOOK_AHEAD, this.#longest * 2);
    for await (const part of stream)
      for (let from = 0; from < part.length; from += CHUNK) {
        const chunk = part.subarray(from, from + CHUNK);
        this.searchedBytes += chunk.length;
        const { bytes, base, fresh } = window.push(chunk);
        for (const [index, automaton] of this.#automata.entries())
          states[index] = automaton.run(states[index] ?? 0, bytes.subarray(fresh), {
            offset: base + fresh,
            onEnd: (pattern, offset) =>
              this.#match(pattern, { source, bytes, end: offset - base, offset }),
          });
        this.#lookInto(source, window, window.lookable);
      }
    this.#lookInto(source, window, window.length);
  }

  #lookInto(source: string, window: Window, until: number): void {
    const { bytes, base, looked } = window;
    if (until <= looked) return;
    const ahead = bytes.subarray(looked, Math.min(bytes.length, until + LOOK_AHEAD));
    this.#inflateAll(source, {
      bytes: ahead,
      depth: 0,
      base: base + looked,
      until: until - looked,
    });
    window.looked = until;
  }

  #match(
    { needle, encoding, bytes: written, exact }: Pattern,
    {
      source,
      bytes,
      end,
      offset,
    }: { source: string; bytes: Uint8Array; end: number; offset: number },
  ): void {
    if (exact && !endsWith(bytes, end, written)) return;
    this.hitCount++;
    if (source !== this.#lastSource) this.#toldOfLast.clear();
    this.#lastSource = source;
    const told = `${needle} ${encoding}`;
    if (this.#toldOfLast.has(told) || this.hits.length >= MOST_HITS) return;
    this.#toldOfLast.add(told);
    const hit = { needle, encoding, source, offset };
    if (this.#isKept(hit)) this.hits.push(hit);
  }

  /** Looks into everything compressed that begins before `until`. */
  #inflateAll(
    source: string,
    {
      bytes,
      depth,
      base,
      until,
    }: { bytes: Uint8Array; depth: number; base: number; until: number },
  ): void {
    if (depth >= DEEPEST) return;
    for (let at = nextSign(bytes, 0); at < until; at = nextSign(bytes, at + 1)) {
      const inflated = this.#inflate(bytes, at);
      if (inflated !== null)
        this.bytes(`${source}!${inflated.format}@${base + at}`, inflated.bytes, depth + 1);
    }
  }

  #inflate(bytes: Uint8Array, at: number): Inflated | null {
    try {
      return inflateAt(bytes, at);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.cut++;
      return null;
    }
  }
}

function splitPatterns(patterns: readonly Pattern[]): Pattern[][] {
  const parts: Pattern[][] = [];
  let part: Pattern[] = [];
  for (const pattern of patterns) {
    part.push(pattern);
    // A sum over the letters of each is dear; every few hundred is often enough.
    if (part.length % 256 === 0 && Automaton.tableBytes(part) > TABLE_BYTES) {
      parts.push(part);
      part = [];
    }
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/** The part of a stream that is held: what is not yet looked into, and a little before it. */
class Window {
  readonly #ahead: number;
  readonly #behind: number;
  bytes: Uint8Array = new Uint8Array(0);
  /** Place in the stream of the first byte held. */
  base = 0;
  /** Up to here everything compressed was looked for. */
  looked = 0;

  constructor(ahead: number, behind: number) {
    this.#ahead = ahead;
    this.#behind = behind;
  }

  get length(): number {
    return this.bytes.length;
  }

  /** Up to here, so much is held behind each byte that it may be looked into. */
  get lookable(): number {
    return this.bytes.length - this.#ahead;
  }

  /** Takes a chunk; `fresh` is where it begins among the bytes held. */
  push(chunk: Uint8Array): { bytes: Uint8Array; base: number; fresh: number } {
    const dropped = Math.max(0, Math.min(this.looked, this.bytes.length - this.#behind));
    const kept = this.bytes.subarray(dropped);
    const bytes = new Uint8Array(kept.length + chunk.length);
    bytes.set(kept);
    bytes.set(chunk, kept.length);
    this.bytes = bytes;
    this.base += dropped;
    this.looked -= dropped;
    return { bytes, base: this.base, fresh: kept.length };
  }
}
