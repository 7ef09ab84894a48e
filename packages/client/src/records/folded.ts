import { foldPutRemove, snapshotOf, type EntryBody, type PutRemove } from "@sinetti/practice";
import { generateEntryId } from "@sinetti/core/secret";
import { appendEntries, type EntryWish } from "../appendEntries.ts";
import type { Context } from "../context.ts";
import { ClientError } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import { openFiles } from "../openFiles.ts";
import type { Purpose } from "@sinetti/core";
import { authorTime, encodeBody, readRecords } from "./body.ts";

/** The compartments that are folded from put and remove entries. */
export type FoldedCompartment = "roster" | "directory" | "schedule" | "ledger";
/** What a folded compartment holds under a key. */
export type FoldedValue<C extends FoldedCompartment> = Extract<
  EntryBody<C>,
  { op: "put" }
>["value"];

/** Appends after which the next writer adds a snapshot (3-protocol §4). */
const SNAPSHOT_EVERY = 200;

/** A folded file, open. */
export interface FoldedFile<C extends FoldedCompartment> {
  readonly file: KnownFile;
  readonly values: Map<string, FoldedValue<C>>;
}

/** Opens a folded file and folds it from its newest snapshot on. */
export async function openFolded<C extends FoldedCompartment>(
  context: Context,
  ref: FileRef,
  { compartment, purpose }: { compartment: C; purpose: Purpose },
): Promise<FoldedFile<C>> {
  const [opened] = await openFiles(context, [ref], { purpose });
  if (opened === undefined || opened.file === null)
    throw new ClientError("refused", { detail: `gate: ${opened?.outcome ?? "unknown-file"}` });
  const records = readRecords(context, opened.file, { compartment, all: false });
  const entries = records.map(({ body }) => body) as unknown as PutRemove<FoldedValue<C>>[];
  return { file: opened.file, values: foldPutRemove(entries) };
}

/** One change of a folded file; null removes. */
export interface FoldedChange<C extends FoldedCompartment> {
  readonly key: string;
  readonly value: FoldedValue<C> | null;
}

function changeBody<C extends FoldedCompartment>(
  at: string,
  { key, value }: FoldedChange<C>,
): EntryBody<C> {
  return (
    value === null ? { v: 1, at, op: "remove", key } : { v: 1, at, op: "put", key, value }
  ) as EntryBody<C>;
}

/** Puts and removes in one append; every 200 appends a snapshot follows, so that opening stays short. */
export async function changeFolded<C extends FoldedCompartment>(
  context: Context,
  folded: FoldedFile<C>,
  { compartment, changes }: { compartment: C; changes: readonly FoldedChange<C>[] },
): Promise<void> {
  if (changes.length === 0) return;
  const at = authorTime(context);
  const entries = changes.map((change): EntryWish => ({
    id: generateEntryId(),
    class: "entry",
    body: encodeBody(compartment, changeBody(at, change)),
  }));
  await appendEntries(context, [{ file: folded.file, entries }]);
  for (const { key, value } of changes) {
    if (value === null) folded.values.delete(key);
    else folded.values.set(key, value);
  }
  const { record } = folded.file;
  if ((record.head?.seq ?? 0) - (record.snapshotSeq ?? 0) < SNAPSHOT_EVERY) return;
  const body = encodeBody(compartment, snapshotOf(folded.values, at) as EntryBody<C>);
  await appendEntries(context, [
    { file: folded.file, entries: [{ id: generateEntryId(), class: "snapshot", body }] },
  ]);
}
