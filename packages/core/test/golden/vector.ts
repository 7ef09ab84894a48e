/** One golden vector: what is done with `input` after the base chains of `valid/`, and what comes of it. */
export interface Vector {
  /** What is checked; `readVector` knows how. */
  readonly check: string;
  /** The code of the refusal, or "accepted". */
  readonly code: string;
  /** Bytes in hexadecimal, ids, hashes and numbers. */
  readonly [field: string]: string | number | boolean | readonly string[];
}
/** Vectors by file name, without folder and ending. */
export type Vectors = Record<string, Vector>;
