import type { FileId } from "@sinetti/core";
import { appendEntries, type AppendWish, type EntryWish } from "../appendEntries.ts";
import type { Context } from "../context.ts";
import type { KnownFile } from "../fileCache.ts";
import { openOne } from "./patients.ts";

/** Sealed bytes in one request: enough that a request costs little, few enough that nobody else waits long for the vault. */
const REQUEST_BYTES = 2 * 1024 * 1024;
const ENTRIES_PER_APPEND = 256;
/** While the vault commits one request, the next is sealed. */
const REQUESTS_AT_ONCE = 2;

/** What one file is to get. */
export interface FileEntries {
  readonly file: FileId;
  readonly entries: readonly EntryWish[];
}

/**
 * Appends many entries to many files of one vault, each statement whole; gives how many it appended. Their ids are such that a second
 * run finds what the first has written, so nothing of them is kept on this device.
 */
export async function appendInBatches(
  context: Context,
  vault: "who" | "what",
  missing: readonly FileEntries[],
): Promise<number> {
  const sending: Promise<void>[] = [];
  let batch: AppendWish[] = [];
  let bytes = 0;
  const send = async (): Promise<void> => {
    if (sending.length === REQUESTS_AT_ONCE) await sending.shift();
    const sent = appendEntries(context, batch, { isRepeatable: true });
    // Whoever awaits it below learns of a failure; until then it only waits to be asked.
    sent.catch(() => undefined);
    sending.push(sent);
    [batch, bytes] = [[], 0];
  };
  for (const { file: id, entries } of missing) {
    const file = await openFile(context, id, vault);
    for (const part of parts(entries)) {
      const size = sizeOf(part);
      const isSameFile = batch.some((wish) => wish.file === file);
      if (batch.length > 0 && (bytes + size > REQUEST_BYTES || isSameFile)) await send();
      batch.push({ file, entries: part });
      bytes += size;
    }
  }
  await send();
  await Promise.all(sending);
  return missing.reduce((sum, { entries }) => sum + entries.length, 0);
}

async function openFile(context: Context, file: FileId, vault: "who" | "what"): Promise<KnownFile> {
  const held = await context.files.get({ file });
  return held !== null && held.keys.size > 0 ? held : openOne(context, { file, vault }, "import");
}

/** Bytes of sealed entries at most: a body is padded to less than four times its size, or to the smallest class. */
function sizeOf(entries: readonly EntryWish[]): number {
  return entries.reduce(
    (sum, { body }) => sum + Math.max(512, Math.min(body.length * 4, body.length + 65_536)),
    0,
  );
}

/** Cuts entries into appends: at most 256, and at most one request's bytes. */
function* parts(entries: readonly EntryWish[]): Generator<EntryWish[]> {
  let part: EntryWish[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf([entry]);
    if (part.length === ENTRIES_PER_APPEND || (part.length > 0 && bytes + size > REQUEST_BYTES)) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(entry);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
