const QUOTE = 34;
const LF = 10;
const CR = 13;
const NONE = Number.MAX_SAFE_INTEGER;
/** Units of the longest row: a quote that is still open after it was never closed. */
const LONGEST_ROW = 1024 * 1024;

/** Text before it is decoded: bytes of an encoding that keeps ASCII, or UTF-16 code units. */
export type Units = Uint8Array | Uint16Array;

/** One row as it lies in the units: `end` is after its last cell, `next` where the next row begins. */
export interface CutRow {
  readonly from: number;
  readonly end: number;
  readonly next: number;
  /** False: its quotes do not fit, or it holds what looks like a row; up to `next` nothing can be told. */
  readonly isWhole: boolean;
  /** Line breaks from `from` to `next`. */
  readonly lines: number;
}

/** What tells a row from a line of text: the units of one line at a time. */
export type Plausible = (units: Units) => boolean;

/**
 * Cuts a window of a CSV file into rows (RFC 4180 §2): quotes count at the beginning of a cell, and line breaks inside them belong to
 * the cell. A row whose quotes do not fit, or that swallowed a plausible row, ends at the next line that is a plausible row by itself,
 * so that one broken row costs no other.
 */
export class RowCutter {
  readonly #units: Units;
  readonly #delimiter: number;
  readonly #lineBreak: number;
  readonly #isPlausible: Plausible;
  /** The first quote, and the first line break, at or after the last place that was asked for; `NONE`: there is none. */
  #quote = -1;
  #line = -1;

  /** A window: `delimiter` and `lineBreak` (LF, or CR alone) as units. */
  constructor(
    units: Units,
    options: { delimiter: number; lineBreak: number; isPlausible: Plausible },
  ) {
    this.#units = units;
    this.#delimiter = options.delimiter;
    this.#lineBreak = options.lineBreak;
    this.#isPlausible = options.isPlausible;
  }

  /** The row that begins at `from`, which is inside the window. */
  cut(from: number): CutRow {
    const end = this.#endOfRow(from);
    if (end === null) return this.#recover(from);
    const lines = this.#countLines(from, end);
    if (lines > 1) {
      const swallowed = this.#plausibleLine(from, end);
      if (swallowed !== null) return this.#broken(from, swallowed);
    }
    const next = Math.min(end + 1, this.#units.length);
    return { from, end: this.#withoutReturn(from, end), next, isWhole: true, lines };
  }

  /** Where the line break lies that ends the row; null: quotes that do not fit. */
  #endOfRow(from: number): number | null {
    const units = this.#units;
    let at = from;
    for (;;) {
      const stop = this.#lineEnd(at);
      const quote = this.#nextQuote(at);
      if (quote >= stop) return stop;
      if (quote !== from && units[quote - 1] !== this.#delimiter) {
        at = quote + 1;
        continue;
      }
      const closed = this.#afterQuotes(quote, from);
      if (closed === null) return null;
      if (closed === units.length || units[closed] === this.#lineBreak) return closed;
      at = closed;
    }
  }

  /** The place after a quoted cell: a delimiter, a line break or the end; null: something else follows, or nothing closes it. */
  #afterQuotes(open: number, from: number): number | null {
    const units = this.#units;
    let close = units.indexOf(QUOTE, open + 1);
    while (close !== -1 && units[close + 1] === QUOTE) close = units.indexOf(QUOTE, close + 2);
    if (close === -1 || close - from > LONGEST_ROW) return null;
    this.#quote = -1;
    let after = close + 1;
    if (units[after] === CR && (units[after + 1] === LF || after + 1 === units.length))
      after += this.#lineBreak === LF ? 1 : 0;
    const isEnd = after === units.length || units[after] === this.#lineBreak;
    return isEnd || units[after] === this.#delimiter ? after : null;
  }

  #recover(from: number): CutRow {
    const last = Math.min(this.#units.length, from + LONGEST_ROW);
    return this.#broken(from, this.#plausibleLine(from, last) ?? this.#lineStart(last));
  }

  #broken(from: number, next: number): CutRow {
    return { from, end: next, next, isWhole: false, lines: this.#countLines(from, next - 1) };
  }

  /** The first line after the one at `from` and before `to` that is a plausible row. */
  #plausibleLine(from: number, to: number): number | null {
    let found: number | null = null;
    for (let line = this.#lineStart(from); line < to && found === null;) {
      this.#forget();
      const end = this.#endOfRow(line);
      const isRow =
        end !== null &&
        this.#isPlausible(this.#units.subarray(line, this.#withoutReturn(line, end)));
      if (isRow) found = line;
      else line = this.#lineStart(line);
    }
    this.#forget();
    return found;
  }

  /** What is remembered holds only while places rise. */
  #forget(): void {
    this.#quote = -1;
    this.#line = -1;
  }

  /** The first line that begins after `at`. */
  #lineStart(at: number): number {
    const found = this.#units.indexOf(this.#lineBreak, at);
    return found === -1 ? this.#units.length : found + 1;
  }

  #countLines(from: number, end: number): number {
    let lines = 1;
    for (let at = this.#units.indexOf(this.#lineBreak, from); at !== -1 && at < end; lines++)
      at = this.#units.indexOf(this.#lineBreak, at + 1);
    return lines;
  }

  #withoutReturn(from: number, end: number): number {
    return end > from && this.#lineBreak === LF && this.#units[end - 1] === CR ? end - 1 : end;
  }

  #lineEnd(from: number): number {
    if (this.#line < from) {
      const found = this.#units.indexOf(this.#lineBreak, from);
      this.#line = found === -1 ? this.#units.length : found;
    }
    return this.#line;
  }

  #nextQuote(from: number): number {
    if (this.#quote < from) {
      const found = this.#units.indexOf(QUOTE, from);
      this.#quote = found === -1 ? NONE : found;
    }
    return this.#quote;
  }
}
