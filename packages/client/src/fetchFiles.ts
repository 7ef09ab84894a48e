import {
  CoreError,
  FILE_AUTHORITY,
  VAULT_ROUTES,
  applyAccessStatement,
  applyAppend,
  bytesToHash,
  phaseAt,
  readStatement,
  sha256,
  startAccess,
  type BatchKey,
  type FileId,
  type Shaped,
  type Signed,
  type Wrap,
} from "@sinetti/core";
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

type FetchedFile = Shaped<(typeof VAULT_ROUTES.fileOpen)["answer"]>["files"][number];

/** The drafts of a file, sealed. */
export type SealedDrafts = NonNullable<FetchedFile["drafts"]>;

/** A file with the wraps that the vault gave for this member. */
export interface Fetched {
  readonly file: KnownFile;
  /** Null: not asked for, not this member's to see, or too large to come along. */
  readonly drafts: SealedDrafts | null;
  readonly wraps: readonly Wrap[];
  readonly batchKeys: readonly BatchKey[];
}

/** How to fetch. */
export interface FetchOptions {
  /** False: chains alone. */
  readonly boxes?: boolean;
  /** False: for this session alone, nothing of it on the disk of this device. */
  readonly isKept?: boolean;
  /** True: the drafts too, in the same answer. */
  readonly drafts?: boolean;
}

/** Asks a vault for what this device lacks of files, and verifies and keeps it. Files that the vault refuses are left out. */
export async function fetchFiles(
  context: Context,
  refs: readonly FileRef[],
  { boxes = true, isKept = true, drafts = false }: FetchOptions,
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
        ...(drafts ? { drafts } : {}),
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
          isKept,
        });
        const before = fetched.get(ref.file);
        fetched.set(ref.file, {
          file,
          drafts: got.drafts ?? before?.drafts ?? null,
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
      if (error.index >= waiting.length)
        throw hardStop("the vault refuses a file that was not asked");
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
  fetch: { got: FetchedFile; known: KnownFile | null; from: number; isKept: boolean },
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
    if (fetch.isKept && (got.access.length > 0 || got.records.length > 0))
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
      // Two looks at once get the same statement: the second finds it held.
      const held = file.access.heads[link.statement.seq];
      if (held === undefined) applyAccessStatement(file.access, link, fold);
      else if (held !== link.hash) throw hardStop("two statements at one place of an access chain");
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
