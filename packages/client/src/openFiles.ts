import {
  CoreError,
  FILE_AUTHORITY,
  LIMITS,
  VAULT_ROUTES,
  accessHead,
  applyAccessStatement,
  applyAppend,
  bytesToHash,
  epochAt,
  phaseAt,
  readStatement,
  sha256,
  startAccess,
  type BatchKey,
  type FileId,
  type Outcome,
  type Purpose,
  type ReleasedItem,
  type Shaped,
  type Signed,
  type Wrap,
} from "@sinetti/core";
import { checkFileKey, deriveFileKey, gateHalfFromBytes, openPriorKey } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { hardStop, isRefusal } from "./errors.ts";
import type { FileRef } from "./fileBook.ts";
import {
  fileChanges,
  newKnownFile,
  readRecordLink,
  type KnownFile,
  type RecordLink,
} from "./fileCache.ts";
import { handAccessRun } from "./handOver.ts";
import { requestRelease, type ReleaseItem } from "./release.ts";

/** What opening one file gave: the file with its keys, or why the gate or vault said no. */
export type Opened =
  | { readonly ref: FileRef; readonly outcome: "released"; readonly file: KnownFile }
  | { readonly ref: FileRef; readonly outcome: Exclude<Outcome, "released">; readonly file: null };

/** How to open. */
export interface OpenOptions {
  readonly purpose: Purpose;
  /** False: chains and keys alone, without boxes (prefetch, grants). */
  readonly boxes?: boolean;
}

type FetchedFile = Shaped<(typeof VAULT_ROUTES.fileOpen)["answer"]>["files"][number];
interface Fetched {
  readonly file: KnownFile;
  readonly wraps: readonly Wrap[];
  readonly batchKeys: readonly BatchKey[];
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
  return opened;
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
    if (file.keys.has(epochAt(file.access).epoch)) return { ref, outcome: "released", file };
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
  return { ref, outcome: "released", file };
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

/** Asks a vault for what this device lacks of files, and verifies and keeps it. Files that the vault refuses are left out. */
export async function fetchFiles(
  context: Context,
  refs: readonly FileRef[],
  { boxes = true }: Pick<OpenOptions, "boxes">,
): Promise<Map<FileId, Fetched>> {
  const fetched = new Map<FileId, Fetched>();
  let waiting = [...refs];
  while (waiting.length > 0) {
    const first = waiting[0] as FileRef;
    const known = await Promise.all(waiting.map((ref) => context.files.get(ref)));
    const items = waiting.map(({ file }, index) => ({
      file,
      access: known[index]?.access.heads.length ?? 0,
      record: firstMissing(known[index] ?? null, boxes),
    }));
    try {
      const { answer } = await context.services.call(first.vault, VAULT_ROUTES.fileOpen, {
        items,
        boxes,
      });
      const unfinished: FileRef[] = [];
      for (const [index, ref] of waiting.entries()) {
        const got = answer.files[index];
        if (got === undefined || got.file !== ref.file)
          throw hardStop("the vault answered for other files");
        const file = await takeFetched(context, ref, {
          got,
          known: known[index] ?? null,
          from: items[index]?.record ?? 0,
          boxes,
        });
        const before = fetched.get(ref.file);
        fetched.set(ref.file, {
          file,
          wraps: got.wraps.length > 0 ? got.wraps : (before?.wraps ?? []),
          batchKeys: got.batchKeys.length > 0 ? got.batchKeys : (before?.batchKeys ?? []),
        });
        if (got.more) unfinished.push(ref);
      }
      if (
        unfinished.length === waiting.length &&
        answer.files.every(({ records, access }) => records.length + access.length === 0)
      )
        throw hardStop("the vault promises more and gives nothing");
      waiting = unfinished;
    } catch (error) {
      if (!isRefusal(error, "not-granted", "unknown-file", "file-erased") || error.index === null)
        throw error;
      waiting = waiting.filter((_, index) => index !== error.index);
    }
  }
  return fetched;
}

/** The first place of the record chain that this device lacks; with boxes, also one whose boxes it lacks. */
function firstMissing(file: KnownFile | null, boxes: boolean): number {
  if (file === null) return 0;
  const gap = boxes ? file.links.findIndex((link) => link.boxes === null) : -1;
  return gap === -1 ? file.links.length : gap;
}

async function takeFetched(
  context: Context,
  ref: FileRef,
  fetch: { got: FetchedFile; known: KnownFile | null; from: number; boxes: boolean },
): Promise<KnownFile> {
  const { got, known, from } = fetch;
  try {
    const file = await foldAccess(context, ref, { statements: got.access, known });
    let changedFrom = file.links.length;
    for (const [index, { statement, boxes }] of got.records.entries()) {
      const next = readRecordLink(statement, boxes);
      checkBoxes(next);
      const held = file.links[from + index];
      if (held === undefined) {
        file.record = applyAppend(file.record, next.link, {
          access: file.access,
          practice: context.practice.state,
        });
        file.links.push(next);
      } else if (held.link.hash !== next.link.hash)
        throw hardStop("two statements at one place of a record chain");
      else file.links[from + index] = next;
      changedFrom = Math.min(changedFrom, from + index);
    }
    if (got.access.length > 0 || got.records.length > 0)
      await context.device.write(fileChanges(context.device, file, changedFrom));
    context.files.put(file);
    return file;
  } catch (error) {
    context.files.forget(ref.file);
    throw error instanceof CoreError ? hardStop(`chain of a record: ${error.code}`, error) : error;
  }
}

/** Boxes are compared with the signed headers before they are kept: a wrong one must not stay on this device. */
function checkBoxes({ body, boxes }: RecordLink): void {
  const isRight =
    boxes?.every((box, index) => bytesToHash(sha256(box)) === body.entries[index]?.box) ?? true;
  if (!isRight) throw hardStop("a box is not the one that its header names");
}

async function foldAccess(
  context: Context,
  ref: FileRef,
  { statements, known }: { statements: readonly Signed[]; known: KnownFile | null },
): Promise<KnownFile> {
  let file = known;
  for (const signed of statements) {
    const link = readStatement(signed);
    await syncTo(context, link);
    const fold = { practice: context.practice.state, week: null };
    if (file !== null) {
      applyAccessStatement(file.access, link, fold);
      continue;
    }
    const access = startAccess(link, fold);
    if (access.file !== ref.file || FILE_AUTHORITY[access.compartment].vault !== ref.vault)
      throw hardStop("the vault gave another file");
    file = newKnownFile(access, ref.vault);
  }
  if (file === null) throw hardStop("the vault gave no access chain");
  if (phaseAt(file.access) === "erased") for (const key of file.keys.values()) key.wipe();
  return file;
}

/** A statement may cite a place of the practice chain that this device has not seen yet. */
async function syncTo(context: Context, link: ReturnType<typeof readStatement>): Promise<void> {
  const { body } = link.statement;
  const seen = body instanceof Map ? body.get("seen") : null;
  const seq = seen instanceof Map ? seen.get("seq") : null;
  if (typeof seq === "number" && seq >= context.practice.state.heads.length)
    await context.practice.sync(context.services);
}
