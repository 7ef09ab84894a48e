import {
  SIZE_CLASSES,
  applyAppend,
  phaseAt,
  readAppend,
  readStatement,
  startRecord,
  type AccessState,
  type AppendBody,
  type AttachmentId,
  type EntryId,
  type Hash,
  type Link,
  type RecordState,
} from "@sinetti/core";

import type { FileScene } from "./accessCheck.ts";
import type { Report } from "./broken.ts";
import { codeOf } from "./practiceCheck.ts";
import type { EntryRow, RecordLinkRow } from "./tables.ts";

const BOX_OVERHEAD = 40;
const LARGEST_CLASS = 64 * 1024;

/** Whether a box has a size that padding makes. */
export function isPadded(boxBytes: number): boolean {
  const size = boxBytes - BOX_OVERHEAD;
  return SIZE_CLASSES.some((each) => each === size) || (size > 0 && size % LARGEST_CLASS === 0);
}

/** A record chain as far as it holds. */
export interface FoldedRecord {
  readonly state: RecordState;
  readonly isWhole: boolean;
  /** Hash of each statement, by seq. */
  readonly heads: readonly Hash[];
  /** The hash over its chunks that the carrier of each attachment states. */
  readonly carried: ReadonlyMap<AttachmentId, Hash>;
}

/** The rows of a record, statement by statement. */
export interface RecordRows {
  readonly links: AsyncIterable<RecordLinkRow>;
  /** The entries of the file in the order of their places. */
  readonly entries: AsyncIterator<EntryRow>;
}

/** Entries that come one by one, taken statement by statement. */
class EntryQueue {
  readonly #rows: AsyncIterator<EntryRow>;
  #head: EntryRow | null | undefined;

  constructor(rows: AsyncIterator<EntryRow>) {
    this.#rows = rows;
  }

  async #peek(): Promise<EntryRow | null> {
    if (this.#head !== undefined) return this.#head;
    const next = await this.#rows.next();
    this.#head = next.done === true ? null : next.value;
    return this.#head;
  }

  /** The rows up to and with this statement; those of earlier ones belong to none. */
  async upTo(seq: number): Promise<EntryRow[]> {
    const taken: EntryRow[] = [];
    for (
      let head = await this.#peek();
      head !== null && head.seq <= seq;
      head = await this.#peek()
    ) {
      taken.push(head);
      this.#head = undefined;
    }
    return taken;
  }
}

const placeOf = (seq: number, position: number): string => `seq ${seq} entry ${position + 1}`;

/** Compares the boxes of one statement with its headers. */
function checkEntries(
  rows: readonly EntryRow[],
  { seq, body, seen }: { seq: number; body: AppendBody; seen: Set<EntryId> },
  report: Report,
): void {
  for (const [position, header] of body.entries.entries()) {
    const where = placeOf(seq, position);
    if (seen.has(header.id)) report("entry-doubled", "entries", where);
    seen.add(header.id);
    const here = rows.filter((row) => row.seq === seq && row.position === position);
    const [row] = here;
    if (row === undefined) {
      report("entry-missing", "entries", where);
      continue;
    }
    if (here.length > 1) report("entry-doubled", "entries", where);
    if (!isPadded(row.size)) report("box-size", "entries", where);
    const isOther = row.hash.toString("hex") !== header.box;
    const isElsewhere = body.entries.some(({ box }) => box === row.hash.toString("hex"));
    if (isOther) report(isElsewhere ? "entry-order" : "box", "entries", where);
    else if (row.entry.toString("hex") !== header.id) report("entry-order", "entries", where);
  }
  for (const row of rows)
    if (row.seq !== seq || row.position >= body.entries.length)
      report("entry-extra", "entries", placeOf(row.seq, row.position));
}

interface Fold {
  state: RecordState;
  isWhole: boolean;
  heads: Hash[];
  carried: Map<AttachmentId, Hash>;
  seen: Set<EntryId>;
}

/** Verifies one statement; null: what follows cannot hang on it. */
function foldLink(
  fold: Fold,
  row: RecordLinkRow,
  { scene, access, report }: { scene: FileScene; access: AccessState; report: Report },
): { link: Link; body: AppendBody } | null {
  const where = `seq ${row.seq}`;
  if (row.seq !== fold.heads.length) {
    report("link-missing", "record_links", `seq ${fold.heads.length}`);
    return null;
  }
  try {
    const link = readStatement(row.statement);
    if (link.statement.practice !== scene.practice || link.statement.id !== scene.file) {
      report("foreign-row", "record_links", where);
      return null;
    }
    if (link.hash !== row.hash.toString("hex")) report("link-hash", "record_links", where);
    scene.tally.statements++;
    fold.state = applyAppend(fold.state, link, { access, practice: scene.known.state });
    fold.heads.push(link.hash);
    return { link, body: readAppend(link) };
  } catch (error) {
    report(codeOf(error), "record_links", where);
    return null;
  }
}

/** Verifies the record chain of a file and its boxes; of an erased one the statements alone are there. */
export async function foldRecord(
  { links, entries }: RecordRows,
  { scene, access, report }: { scene: FileScene; access: AccessState; report: Report },
): Promise<FoldedRecord> {
  const { practice, file, tally } = scene;
  const isErased = phaseAt(access) === "erased";
  const queue = new EntryQueue(entries);
  const state = startRecord(practice, file);
  const fold: Fold = { state, isWhole: true, heads: [], carried: new Map(), seen: new Set() };
  for await (const row of links) {
    const folded = fold.isWhole ? foldLink(fold, row, { scene, access, report }) : null;
    if (folded === null) {
      fold.isWhole = false;
      continue;
    }
    const { body } = folded;
    for (const { attachment } of body.entries)
      if (attachment !== undefined) fold.carried.set(attachment.id, attachment.chunks);
    if (isErased) continue;
    const boxes = await queue.upTo(row.seq);
    tally.entries += body.entries.length;
    checkEntries(boxes, { seq: row.seq, body, seen: fold.seen }, report);
    const bytes = boxes.reduce((sum, { size }) => sum + size, row.statement.length);
    if (bytes !== row.bytes && boxes.length === body.entries.length)
      report("link-size", "record_links", `seq ${row.seq}`);
  }
  for (const row of await queue.upTo(Number.MAX_SAFE_INTEGER)) {
    const where = placeOf(row.seq, row.position);
    if (isErased) report("left-behind", "entries", where);
    else if (fold.isWhole) report("entry-extra", "entries", where);
  }
  return fold;
}
