import {
  CoreError,
  LIMITS,
  accessHead,
  epochAt,
  type BudgetClass,
  type FileId,
  type Outcome,
  type Purpose,
  type ReleasedItem,
} from "@sinetti/core";
import { checkFileKey, deriveFileKey, gateHalfFromBytes, openPriorKey } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { hardStop } from "./errors.ts";
import { fetchFiles, type Fetched, type SealedDrafts } from "./fetchFiles.ts";
import type { FileRef } from "./fileBook.ts";
import type { KnownFile } from "./fileCache.ts";
import { handAccessRun } from "./handOver.ts";
import { requestRelease, type ReleaseItem } from "./release.ts";

/** Others can only be so fast; a vault that gives headers alone is met where they are read. */
const GAP_TRIES = 5;

/** What opening one file gave: the file with its keys, or why the gate or vault said no. */
export type Opened =
  | {
      readonly ref: FileRef;
      readonly outcome: "released";
      readonly file: KnownFile;
      /** Where they were asked for and came along. */
      readonly drafts: SealedDrafts | null;
    }
  | { readonly ref: FileRef; readonly outcome: Exclude<Outcome, "released">; readonly file: null };

/** How to open. */
export interface OpenOptions {
  readonly purpose: Purpose;
  /** False: chains and keys alone, without boxes (prefetch, grants). */
  readonly boxes?: boolean;
  /** True: the drafts come along. */
  readonly drafts?: boolean;
  /** Told of the budgets that have reached 80 %. */
  readonly onWarn?: (classes: readonly BudgetClass[]) => void;
}

/**
 * Opens files: the gate and the vaults are asked side by side, every statement past the verified prefix is checked, and
 * a vault that is behind what the gate or any reader has seen is a hard stop. Reopening inside a lease asks no gate.
 */
export async function openFiles(
  context: Context,
  refs: readonly FileRef[],
  options: OpenOptions,
): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (let start = 0; start < refs.length; start += LIMITS.itemsPerBatch) {
    opened.push(
      ...(await openBatch(context, refs.slice(start, start + LIMITS.itemsPerBatch), options)),
    );
  }
  return opened;
}

async function openBatch(
  context: Context,
  refs: readonly FileRef[],
  options: OpenOptions,
): Promise<Opened[]> {
  const known = new Map<FileId, KnownFile | null>();
  for (const ref of refs) known.set(ref.file, await context.files.get(ref));
  const wanted = refs.filter(({ file }) => (known.get(file)?.keys.size ?? 0) === 0);
  const items = wanted.map(({ file }): ReleaseItem => {
    const held = known.get(file) ?? null;
    return {
      file,
      epoch: held === null ? 1 : epochAt(held.access).epoch,
      record: held?.record.head ?? null,
    };
  });
  const [answer, who, what] = await Promise.all([
    items.length === 0 ? null : requestRelease(context, items, options.purpose),
    fetchFiles(
      context,
      refs.filter(({ vault }) => vault === "who"),
      options,
    ),
    fetchFiles(
      context,
      refs.filter(({ vault }) => vault === "what"),
      options,
    ),
  ]);
  if (answer !== null && answer.warn.length > 0) options.onWarn?.(answer.warn);
  const released = new Map((answer?.items ?? []).map((item) => [item.file, item]));
  const fetched = new Map([...who, ...what]);
  const opened: Opened[] = [];
  for (const ref of refs)
    opened.push(
      await join(context, ref, {
        options,
        fetched: fetched.get(ref.file) ?? null,
        released: released.get(ref.file) ?? null,
      }),
    );
  await fillGaps(context, opened, options);
  return opened;
}

/** Fetches the boxes of appends that other work of this device has heard of meanwhile by their headers alone. */
async function fillGaps(
  context: Context,
  opened: readonly Opened[],
  options: OpenOptions,
): Promise<void> {
  if (options.boxes === false) return;
  for (let tries = 0; tries < GAP_TRIES; tries++) {
    const gaps = opened.filter(({ file }) => file?.links.some(({ boxes }) => boxes === null));
    if (gaps.length === 0) return;
    await fetchFiles(
      context,
      gaps.map(({ ref }) => ref),
      { boxes: true },
    );
  }
}

async function join(
  context: Context,
  ref: FileRef,
  got: { options: OpenOptions; fetched: Fetched | null; released: ReleasedItem | null },
): Promise<Opened> {
  const { released, options } = got;
  if (released !== null && released.outcome !== "released")
    return { ref, outcome: released.outcome, file: null };
  if (got.fetched === null) return { ref, outcome: "not-granted", file: null };
  let fetched = got.fetched;
  if (
    released !== null &&
    released.access !== null &&
    accessHead(fetched.file.access).seq < released.access.seq
  ) {
    await handAccessRun(context, ref, accessHead(fetched.file.access).seq + 1);
    fetched = (await fetchFiles(context, [ref], options)).get(ref.file) ?? fetched;
  }
  const { file } = fetched;
  if (released === null) {
    if (file.keys.has(epochAt(file.access).epoch))
      return { ref, outcome: "released", file, drafts: fetched.drafts };
    const again = await requestRelease(
      context,
      [{ file: ref.file, epoch: epochAt(file.access).epoch, record: file.record.head }],
      options.purpose,
    );
    return join(context, ref, { options, fetched, released: again.items[0] ?? null });
  }
  checkAgainstGate(file, released);
  takeKeys(context, fetched, released);
  context.files.lease(file);
  return { ref, outcome: "released", file, drafts: fetched.drafts };
}

/** A vault that shows less than a reader has reported, or something else, has been rolled back or forked. */
function checkAgainstGate(file: KnownFile, released: ReleasedItem): void {
  const { access, record } = released;
  if (access !== null && file.access.heads[access.seq] !== access.hash)
    throw hardStop("the vault shows another access chain than the gate ordered");
  if (record === null) return;
  const held = file.links[record.seq]?.link.hash ?? null;
  if (held === null) throw hardStop("the vault is behind what a reader has seen");
  if (held !== record.hash)
    throw hardStop("the vault shows another record chain than a reader has seen");
}

function takeKeys(context: Context, fetched: Fetched, released: ReleasedItem): void {
  try {
    openKeys(context, fetched, released);
  } catch (error) {
    throw error instanceof CoreError ? hardStop(`keys of a record: ${error.code}`, error) : error;
  }
}

function openKeys(
  context: Context,
  { file, wraps, batchKeys }: Fetched,
  released: ReleasedItem,
): void {
  const { access } = file;
  const { epoch } = epochAt(access);
  if (released.share === null || released.epoch !== epoch)
    throw hardStop("the gate released another epoch");
  const base = { practice: access.practice, file: access.file, compartment: access.compartment };
  const member = context.keyring.openMemberHalf(wraps, batchKeys, { ...base, epoch });
  let key = deriveFileKey({ member, gate: gateHalfFromBytes(released.share) }, { ...base, epoch });
  for (const step of access.epochs.toReversed()) {
    checkFileKey(key, step.commit);
    file.keys.set(step.epoch, key);
    if (step.prior === null) break;
    key = openPriorKey(key, step.prior, { ...base, epoch: step.epoch });
  }
}
