import { SIGNATURE_BYTES, cborTexts } from "./cborTexts.ts";
import { declaredKind, type ColumnKind } from "./declaredColumns.ts";

/** Something about a column that its declaration does not say. */
export interface ColumnFinding {
  /** `who.entries.box`. */
  readonly column: string;
  readonly why:
    | "undeclared"
    | "uneven-bytes"
    | "wrong-length"
    | "no-statement"
    | "not-a-code"
    | "time"
    | "not-a-week";
}

/** What was measured of a column that holds bytes. */
export interface ColumnMeasure {
  readonly column: string;
  readonly kind: ColumnKind | null;
  readonly rows: number;
  /** Bits a byte, over values that differ; null: too few to tell. */
  readonly entropy: number | null;
  /** Against even bytes, 255 degrees of freedom; null: too few to tell. */
  readonly chiSquare: number | null;
}

/** Bytes from which on evenness can be told. */
const ENOUGH_BYTES = 20_000;
/** Eight deviations above the mean of chi-square with 255 degrees: chance comes there once in 10^12. */
const CHI_SQUARE_MOST = 255 + 8 * Math.sqrt(2 * 255);
const WRAPPED_ENTROPY = 7.9;
const DISTINCT_MOST = 200_000;
/** Texts of statements, kinds and field names together. */
const TEXTS_MOST = 400;
const CODES_MOST = 64;
/** Ids by which a state names members, devices and teams; a practice may have any number of them. */
const ID_TEXT = /^[0-9a-f]{32}$/;
const TEXT = /^[a-z0-9][a-z0-9./:-]{0,63}$/i;
const CODE = /^[a-z][a-z0-9.-]{0,39}$/i;
const WEEK_MOST = 10_000;
/** 2015 to 2060, in seconds, milliseconds and microseconds. */
const EPOCHS = [1, 1000, 1_000_000].map((unit) => [1.42e9 * unit, 2.84e9 * unit] as const);
const CLOCK_TYPES = /^(timestamp|timestamptz|date|time|timetz|interval)$/;
const LENGTH_BY_KIND: Partial<Record<ColumnKind, readonly number[]>> = {
  id: [12, 16, 32],
  hash: [16, 32],
};

/** Looks at one column while its table is read. */
export class ColumnCheck {
  readonly column: string;
  readonly kind: ColumnKind | undefined;
  readonly #service: "who" | "what" | "gate";
  readonly #counts = new Float64Array(256);
  readonly #seen = new Set<string>();
  readonly #texts = new Set<string>();
  readonly #codes = new Set<string>();
  readonly #whys = new Set<ColumnFinding["why"]>();
  #bytes = 0;
  #rows = 0;
  #hasBytes = false;

  constructor(
    service: "who" | "what" | "gate",
    table: string,
    { name, type }: { name: string; type: string },
  ) {
    this.column = `${service}.${table}.${name}`;
    this.#service = service;
    this.kind = declaredKind(service, table, name);
    if (this.kind === undefined) this.#whys.add("undeclared");
    if (CLOCK_TYPES.test(type) || (this.kind === "time" && service !== "gate"))
      this.#whys.add("time");
  }

  /** Looks at one value as the driver gives it. */
  add(value: unknown): void {
    if (value === null || value === undefined) return;
    this.#rows++;
    if (value instanceof Uint8Array) this.#addBytes(value);
    else if (Array.isArray(value)) for (const each of value) this.add(each);
    else if (typeof value === "string" && !/^-?\d+$/.test(value)) this.#addCode(value);
    else if (typeof value !== "boolean") this.#addNumber(Number(value));
  }

  #addBytes(value: Uint8Array): void {
    this.#hasBytes = true;
    const lengths = this.kind === undefined ? undefined : LENGTH_BY_KIND[this.kind];
    if (lengths !== undefined && !lengths.includes(value.length)) this.#whys.add("wrong-length");
    if (this.#seen.size >= DISTINCT_MOST) return;
    const key = Buffer.from(value.subarray(0, 64)).toString("latin1");
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    for (const byte of value) this.#counts[byte] = (this.#counts[byte] ?? 0) + 1;
    this.#bytes += value.length;
    if (this.kind === "signed") this.#addStatement(value.subarray(SIGNATURE_BYTES));
    if (this.kind === "state") this.#addStatement(value);
  }

  /** A statement or state: whatever text it holds is a word of a closed list. */
  #addStatement(value: Uint8Array): void {
    const texts = cborTexts(value);
    if (texts === null) this.#whys.add("no-statement");
    for (const text of texts ?? []) {
      if (ID_TEXT.test(text)) continue;
      if (this.#texts.size > TEXTS_MOST) return;
      this.#texts.add(text);
      if (!TEXT.test(text) || this.#texts.size > TEXTS_MOST) this.#whys.add("not-a-code");
    }
  }

  #addCode(value: string): void {
    if (this.kind !== "code") return;
    this.#codes.add(value);
    if (!CODE.test(value) || this.#codes.size > CODES_MOST) this.#whys.add("not-a-code");
  }

  #addNumber(value: number): void {
    const isTime = EPOCHS.some(([from, to]) => value > from && value < to);
    if (isTime && (this.#service !== "gate" || this.kind !== "time")) this.#whys.add("time");
    if (this.kind === "week" && value > WEEK_MOST) this.#whys.add("not-a-week");
  }

  get measure(): ColumnMeasure {
    const enough = this.#bytes >= ENOUGH_BYTES;
    return {
      column: this.column,
      kind: this.kind ?? null,
      rows: this.#rows,
      entropy: enough ? entropyOf(this.#counts, this.#bytes) : null,
      chiSquare: enough ? chiSquareOf(this.#counts, this.#bytes) : null,
    };
  }

  get hasBytes(): boolean {
    return this.#hasBytes;
  }

  findings(): ColumnFinding[] {
    const { entropy, chiSquare } = this.measure;
    const isEven = this.kind === "sealed" || this.kind === "hashes";
    if (isEven && chiSquare !== null && chiSquare > CHI_SQUARE_MOST) this.#whys.add("uneven-bytes");
    if (this.kind === "wrapped" && entropy !== null && entropy < WRAPPED_ENTROPY)
      this.#whys.add("uneven-bytes");
    return [...this.#whys].map((why) => ({ column: this.column, why }));
  }
}

function entropyOf(counts: Float64Array, total: number): number {
  return counts.reduce(
    (sum, count) => (count === 0 ? sum : sum - (count / total) * Math.log2(count / total)),
    0,
  );
}

function chiSquareOf(counts: Float64Array, total: number): number {
  const expected = total / 256;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
