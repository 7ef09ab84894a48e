import {
  foldLedger,
  foldPutRemove,
  snapshotOf,
  type EntryBody,
  type LedgerBody,
  type LedgerState,
  type PutRemove,
} from "@sinetti/practice";
import { generateEntryId } from "@sinetti/core/secret";
import { appendEntries, type EntryWish } from "../appendEntries.ts";
import type { Context } from "../context.ts";
import { ClientError, isRefusal, mustWait } from "../errors.ts";
import { fetchFiles } from "../fetchFiles.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import { openFiles } from "../openFiles.ts";
import { epochAt, type Hash, type Purpose, type Secret } from "@sinetti/core";
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
  /** Place of the last append that is folded into the values; -1: none. For changes that must be exact. */
  after?: number;
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
  return foldOpened(context, opened.file, compartment);
}

/** Folds a file that is open. */
export function foldOpened<C extends FoldedCompartment>(
  context: Context,
  file: KnownFile,
  compartment: C,
): FoldedFile<C> {
  const after = file.record.head?.seq ?? -1;
  return { file, values: foldValues(context, file, compartment), after };
}

/** What a file came to where its chain ended, for as long as the key of its newest epoch is held: it goes with the key. */
const folds = new WeakMap<
  Secret<"file-key">,
  { readonly head: Hash; readonly values: ReadonlyMap<string, unknown> }
>();

/** The values where the chain ends; up to the same end they are opened and folded once in a lease. */
function foldValues<C extends FoldedCompartment>(
  context: Context,
  file: KnownFile,
  compartment: C,
): Map<string, FoldedValue<C>> {
  const key = file.keys.get(epochAt(file.access).epoch);
  const head = file.record.head?.hash;
  const known = key === undefined ? undefined : folds.get(key);
  if (known !== undefined && known.head === head)
    return new Map(known.values as ReadonlyMap<string, FoldedValue<C>>);
  const values = openValues(context, file, compartment);
  if (key !== undefined && head !== undefined) folds.set(key, { head, values: new Map(values) });
  return values;
}

/** The ledger has rules of its own: what breaks them counts for nobody, a snapshot among them. */
function openValues<C extends FoldedCompartment>(
  context: Context,
  file: KnownFile,
  compartment: C,
): Map<string, FoldedValue<C>> {
  const entries = readRecords(context, file, { compartment, all: false }).map(({ body }) => body);
  return compartment === "ledger"
    ? foldLedger(entries as LedgerBody[]).valueByKey
    : foldPutRemove(entries as unknown as PutRemove<FoldedValue<C>>[]);
}

/** An open ledger as it stands, with what its rules set aside, and the place of the last append that is folded in. */
export function foldOpenLedger(
  context: Context,
  file: KnownFile,
): LedgerState & { readonly after: number } {
  const records = readRecords(context, file, { compartment: "ledger", all: false });
  const after = file.record.head?.seq ?? -1;
  return { ...foldLedger(records.map(({ body }) => body)), after };
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

/** What one folded file is to get in one append. */
export interface FoldedWish<C extends FoldedCompartment> {
  readonly folded: FoldedFile<C>;
  readonly changes: readonly FoldedChange<C>[];
}

/** Puts and removes in one append; every 200 appends a snapshot follows, so that opening stays short. */
export async function changeFolded<C extends FoldedCompartment>(
  context: Context,
  folded: FoldedFile<C>,
  { compartment, changes }: { compartment: C; changes: readonly FoldedChange<C>[] },
): Promise<void> {
  await changeManyFolded(context, [{ folded, changes }], { compartment });
}

/**
 * Changes several folded files in one request, all or none. With `isExact` only where nobody has written since they were opened:
 * `refused` with `conflict`, and nothing is written.
 */
export async function changeManyFolded<C extends FoldedCompartment>(
  context: Context,
  wishes: readonly FoldedWish<C>[],
  { compartment, isExact = false }: { compartment: C; isExact?: boolean },
): Promise<void> {
  const at = authorTime(context);
  const changed = wishes.filter(({ changes }) => changes.length > 0);
  if (changed.length === 0) return;
  const appends = changed.map(({ folded, changes }) => ({
    file: folded.file,
    ...(folded.after !== undefined && { after: folded.after }),
    entries: changes.map((change): EntryWish => ({
      id: generateEntryId(),
      class: "entry",
      body: encodeBody(compartment, changeBody(at, change)),
    })),
  }));
  await appendEntries(context, appends, { isExact });
  for (const { folded, changes } of changed) {
    for (const { key, value } of changes) {
      if (value === null) folded.values.delete(key);
      else folded.values.set(key, value);
    }
    const { record } = folded.file;
    if (isExact && folded.after !== undefined) folded.after++;
    if ((record.head?.seq ?? 0) - (record.snapshotSeq ?? 0) >= SNAPSHOT_EVERY)
      await appendSnapshot(context, folded, compartment);
  }
}

/**
 * A snapshot replaces all before it, so it is made of what the vault holds now, others' changes among it. Where it is refused, or a
 * service does not answer, the next writer adds it: the change itself is written.
 */
async function appendSnapshot<C extends FoldedCompartment>(
  context: Context,
  folded: FoldedFile<C>,
  compartment: C,
): Promise<void> {
  try {
    const fetched = await fetchFiles(context, [folded.file], {});
    const file = fetched.get(folded.file.file)?.file;
    if (file === undefined) return;
    const values = foldValues(context, file, compartment);
    const body = encodeBody(compartment, snapshotOf(values, authorTime(context)) as EntryBody<C>);
    const entries = [{ id: generateEntryId(), class: "snapshot" as const, body }];
    await appendEntries(context, [{ file, entries }]);
  } catch (error) {
    if (!isRefusal(error) && !mustWait(error)) throw error;
  }
}
