import type { FileId, PracticeId } from "@sinetti/core";

import type { Broken, BrokenCode, StoreName } from "./broken.ts";

/** A damage that may be work on its way: only a second look tells. */
export interface Suspect {
  readonly service: StoreName;
  readonly practice: PracticeId;
  readonly file: FileId | null;
  readonly what: BrokenCode;
  readonly table: string;
  readonly where: string;
  /** Length that the chain must have reached by then. */
  readonly length: number;
}

/** What a check has counted and found. */
export interface Tally {
  chains: number;
  entries: number;
  /** Statements, acceptances and orders whose signature was verified. */
  statements: number;
  readonly broken: Broken[];
  readonly suspects: Suspect[];
}

export function emptyTally(): Tally {
  return { chains: 0, entries: 0, statements: 0, broken: [], suspects: [] };
}

/** Adds what another thread has found. */
export function addTally(sum: Tally, part: Tally): void {
  sum.chains += part.chains;
  sum.entries += part.entries;
  sum.statements += part.statements;
  sum.broken.push(...part.broken);
  sum.suspects.push(...part.suspects);
}
