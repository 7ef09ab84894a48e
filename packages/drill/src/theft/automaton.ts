import type { Pattern } from "./patterns.ts";

/** Called with the pattern and the place in the stream after its last byte. */
export type OnMatch = (pattern: Pattern, end: number) => void;

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const isSkipped = (byte: number): boolean => byte === LINE_FEED || byte === CARRIAGE_RETURN;
const fold = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

interface Node {
  readonly next: Map<number, number>;
  readonly ends: number[];
  fail: number;
}

/**
 * Finds many patterns in one pass (Aho and Corasick, 1975), as a table of states by classes of bytes. Line ends are passed
 * over, so that what is broken into lines is found; A to Z count as a to z, and exact patterns are looked at again.
 */
export class Automaton {
  readonly #patterns: readonly Pattern[];
  readonly #classOf = new Uint8Array(256);
  /** By state and class, the next state times the classes. */
  readonly #table: Int32Array;
  /** From here on, states end a pattern. */
  readonly #firstEnd: number;
  readonly #ends: (readonly number[])[];
  readonly #classes: number;
  /** Bytes of the longest pattern. */
  readonly longest: number;

  constructor(patterns: readonly Pattern[]) {
    this.#patterns = patterns;
    this.longest = Math.max(0, ...patterns.map(({ bytes }) => bytes.length));
    this.#classes = this.#assignClasses();
    const nodes = this.#makeTrie();
    const order = linkFailures(nodes);
    // States that end something come last, so that one comparison tells.
    const ranked = [
      ...order.filter((node) => !endsAny(nodes, node)),
      ...order.filter((node) => endsAny(nodes, node)),
    ];
    const rank = new Int32Array(nodes.length);
    ranked.forEach((node, place) => (rank[node] = place));
    this.#firstEnd = ranked.filter((node) => !endsAny(nodes, node)).length * this.#classes;
    this.#ends = ranked.map((node) => nodes[node]?.ends ?? []);
    this.#table = this.#fillTable(nodes, order, rank);
  }

  /** Bytes that the table of these patterns would take, at most. */
  static tableBytes(patterns: readonly Pattern[]): number {
    const letters = new Set(patterns.flatMap(({ bytes }) => [...bytes].map(fold)));
    return patterns.reduce((sum, { bytes }) => sum + bytes.length, 1) * (letters.size + 1) * 4;
  }

  #assignClasses(): number {
    const letters = new Set(this.#patterns.flatMap(({ bytes }) => [...bytes].map(fold)));
    if (letters.size > 254) throw new RangeError("patterns of every byte");
    let classes = 1;
    for (const letter of letters) this.#classOf[letter] = classes++;
    for (let byte = 0x41; byte <= 0x5a; byte++)
      this.#classOf[byte] = this.#classOf[byte | 0x20] ?? 0;
    return classes;
  }

  #makeTrie(): Node[] {
    const nodes: Node[] = [{ next: new Map(), ends: [], fail: 0 }];
    for (const [index, { bytes }] of this.#patterns.entries()) {
      let at = 0;
      for (const byte of bytes) {
        if (isSkipped(byte)) continue;
        const letter = this.#classOf[byte] ?? 0;
        let next = nodes[at]?.next.get(letter);
        if (next === undefined) {
          next = nodes.push({ next: new Map(), ends: [], fail: 0 }) - 1;
          nodes[at]?.next.set(letter, next);
        }
        at = next;
      }
      nodes[at]?.ends.push(index);
    }
    return nodes;
  }

  #fillTable(nodes: readonly Node[], order: readonly number[], rank: Int32Array): Int32Array {
    const table = new Int32Array(nodes.length * this.#classes);
    for (const node of order) {
      const row = (rank[node] ?? 0) * this.#classes;
      const fallback = (rank[nodes[node]?.fail ?? 0] ?? 0) * this.#classes;
      if (node !== 0) table.copyWithin(row, fallback, fallback + this.#classes);
      for (const [letter, next] of nodes[node]?.next ?? [])
        table[row + letter] = (rank[next] ?? 0) * this.#classes;
    }
    return table;
  }

  /** The state before the first byte of a stream. */
  get start(): number {
    return 0;
  }

  /** Goes over bytes in a state, gives the state after them; matches are told as they end, places from `offset` on. */
  run(
    state: number,
    bytes: Uint8Array,
    { offset, onEnd }: { offset: number; onEnd: OnMatch },
  ): number {
    const table = this.#table;
    const classOf = this.#classOf;
    const firstEnd = this.#firstEnd;
    let at = state;
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number;
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) continue;
      at = table[at + (classOf[byte] as number)] as number;
      if (at >= firstEnd) this.#tell(at, offset + index + 1, onEnd);
    }
    return at;
  }

  #tell(state: number, end: number, onEnd: OnMatch): void {
    for (const index of this.#ends[state / this.#classes] ?? []) {
      const pattern = this.#patterns[index];
      if (pattern !== undefined) onEnd(pattern, end);
    }
  }
}

const endsAny = (nodes: readonly Node[], node: number): boolean =>
  (nodes[node]?.ends.length ?? 0) > 0;

/** Links every node to the longest suffix that begins a pattern, and gives the nodes in order of depth. */
function linkFailures(nodes: Node[]): number[] {
  const order = [0];
  for (let place = 0; place < order.length; place++) {
    const at = order[place] as number;
    const node = nodes[at] as Node;
    for (const [letter, next] of node.next) {
      let fail = node.fail;
      while (fail !== 0 && nodes[fail]?.next.has(letter) !== true) fail = nodes[fail]?.fail ?? 0;
      const link = at === 0 ? 0 : (nodes[fail]?.next.get(letter) ?? 0);
      const child = nodes[next] as Node;
      child.fail = link;
      child.ends.push(...(nodes[link]?.ends ?? []));
      order.push(next);
    }
  }
  return order;
}

/** Whether the bytes before `end` are the pattern letter by letter, line ends left out. */
export function endsWith(bytes: Uint8Array, end: number, pattern: Uint8Array): boolean {
  let at = end - 1;
  for (let index = pattern.length - 1; index >= 0; index--, at--) {
    while (at >= 0 && isSkipped(bytes[at] ?? 0)) at--;
    if (at < 0 || bytes[at] !== pattern[index]) return false;
  }
  return true;
}
