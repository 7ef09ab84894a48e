import {
  CoreError,
  applyAccessStatement,
  epochAt,
  hashWrapHashes,
  readAccessBody,
  readStatement,
  startAccess,
  type AccessState,
  type FileId,
  type Hash,
  type Link,
  type PracticeId,
} from "@sinetti/core";

import type { AcceptanceBook } from "./acceptances.ts";
import type { Report } from "./broken.ts";
import { codeOf } from "./practiceCheck.ts";
import type { KnownPractice } from "./practiceKnown.ts";
import type { AccessLinkRow } from "./tables.ts";
import type { Tally } from "./tally.ts";

const TABLE = "access_links";

/** The hashes of the wraps that came with one statement. */
export interface StatedWraps {
  readonly epoch: number;
  readonly hashes: readonly Hash[];
}

/** An access chain as far as it holds. */
export interface FoldedAccess {
  readonly state: AccessState | null;
  /** Whether every row was folded. */
  readonly isWhole: boolean;
  readonly wraps: readonly StatedWraps[];
  /** What the gate said of the half of each epoch. */
  readonly shares: ReadonlyMap<number, Hash>;
}

/** What a chain is checked against. */
export interface FileScene {
  readonly practice: PracticeId;
  readonly file: FileId;
  readonly known: KnownPractice;
  readonly book: AcceptanceBook;
  readonly tally: Tally;
}

/** Folds a link at the week of its acceptance; where a later one names it again, at no week, as a replay does. */
function foldLink(
  before: AccessState | null,
  link: Link,
  { known, week }: { known: KnownPractice; week: number },
): AccessState {
  const fold = (at: number | null): AccessState => {
    const context = { practice: known.state, week: at };
    if (before === null) return startAccess(link, context);
    // Changed only when every check has passed.
    applyAccessStatement(before, link, context);
    return before;
  };
  try {
    return fold(week);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return fold(null);
  }
}

/** The hashes of a statement's wraps as its row has them, compared with the hash that it carries; null: it brings none. */
function readWraps(link: Link, wraps: Buffer | null, report: Report): Hash[] | null {
  const { kind } = link.statement;
  const where = `seq ${link.statement.seq}`;
  if (kind !== "create" && kind !== "grant" && kind !== "rekey") {
    if (wraps !== null) report("wrap-hashes", TABLE, where);
    return null;
  }
  const hex = (wraps ?? Buffer.alloc(0)).toString("hex");
  const hashes = (hex.match(/.{64}/g) ?? []) as Hash[];
  if (hashWrapHashes(hashes) === readAccessBody(link, kind).wraps) return hashes;
  report("wrap-hashes", TABLE, where);
  return [];
}

interface Fold {
  state: AccessState | null;
  wraps: StatedWraps[];
  shares: Map<number, Hash>;
}

/** Folds one row; gives whether it hangs on the one before. */
function foldRow(
  fold: Fold,
  row: AccessLinkRow,
  { scene, report }: { scene: FileScene; report: Report },
): boolean {
  const { practice, file, known, book, tally } = scene;
  const where = `seq ${row.seq}`;
  const next = fold.state?.heads.length ?? 0;
  if (row.seq !== next) {
    report("link-missing", TABLE, `seq ${next}`);
    return false;
  }
  try {
    const link = readStatement(row.statement);
    if (link.statement.practice !== practice || link.statement.id !== file) {
      report("foreign-row", TABLE, where);
      return false;
    }
    if (row.hash !== undefined && link.hash !== row.hash.toString("hex"))
      report("link-hash", TABLE, where);
    const named = { name: row.acceptance, signed: row.signed, practice, known };
    const word = book.wordOn(link, named);
    if (typeof word === "string") report(word, TABLE, where);
    tally.statements++;
    const week = typeof word === "string" ? known.state.week : word.week;
    fold.state = foldLink(fold.state, link, { known, week });
    const { epoch } = epochAt(fold.state);
    // What a restore lost is told where somebody needs it: as a wrap that is missing.
    const isLost = row.restored === true && row.wraps === null;
    const hashes = row.wraps === undefined || isLost ? null : readWraps(link, row.wraps, report);
    if (hashes !== null) fold.wraps.push({ epoch, hashes });
    if (typeof word !== "string" && word.share !== null) fold.shares.set(epoch, word.share);
    return true;
  } catch (error) {
    report(codeOf(error), TABLE, where);
    return false;
  }
}

/** Verifies the access chain of a file at one service, from `start` on when its rows were compared with a verified chain. */
export function foldAccess(
  rows: readonly AccessLinkRow[],
  { scene, report, start = null }: { scene: FileScene; report: Report; start?: AccessState | null },
): FoldedAccess {
  const fold: Fold = { state: start, wraps: [], shares: new Map() };
  const isWhole = rows.every((row) => foldRow(fold, row, { scene, report }));
  return { ...fold, isWhole };
}
