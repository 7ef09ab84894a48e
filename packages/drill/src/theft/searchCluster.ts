import { readFile } from "node:fs/promises";
import { createReadStream } from "node:fs";

import { PAGE_BYTES, ToastValues, readChunk, toastChunks } from "./pages.ts";
import type { Search } from "./search.ts";
import { walRecords } from "./walPages.ts";
import { readWalRecord } from "./walRecord.ts";

/** Between a heap row's short header in the log and its columns. */
const LOGGED_HEADER = 5;
const LOGGED_COLUMNS = LOGGED_HEADER + 1;

/** Searches a file of a table: as it lies, and its long values put together and decompressed. */
export async function searchRelation(search: Search, path: string, name: string): Promise<void> {
  await search.stream(name, createReadStream(path, { highWaterMark: 1024 * 1024 }));
  const values = new ToastValues((_, bytes) => search.datum(`${name}!toast`, bytes));
  for await (const page of pagesOf(path))
    for (const chunk of toastChunks(page)) values.add(name, chunk);
  values.end();
}

async function* pagesOf(path: string): AsyncGenerator<Uint8Array> {
  let held: Buffer = Buffer.alloc(0);
  for await (const part of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    held = held.length === 0 ? (part as Buffer) : Buffer.concat([held, part as Buffer]);
    let at = 0;
    for (; at + PAGE_BYTES <= held.length; at += PAGE_BYTES)
      yield held.subarray(at, at + PAGE_BYTES);
    held = held.subarray(at);
  }
}

/** Searches a file of the write-ahead log: as it lies, record by record, and every page and long value that it carries. */
export async function searchWal(search: Search, path: string, name: string): Promise<void> {
  const segment = await readFile(path);
  await search.stream(
    name,
    (async function* () {
      yield segment;
    })(),
  );
  const values = new ToastValues((relation, bytes) =>
    search.datum(`${name}!toast ${relation}`, bytes),
  );
  for (const { bytes, isJoined } of walRecords(segment)) {
    if (isJoined) search.bytes(`${name}!record`, bytes);
    const record = readWalRecord(bytes);
    for (const { relation, image, isPacked, data } of record?.blocks ?? []) {
      if (image !== null) {
        if (isPacked) search.bytes(`${name}!page ${relation}`, image);
        for (const chunk of toastChunks(image)) values.add(relation, chunk);
      }
      const chunk = readChunk(data.subarray(LOGGED_COLUMNS));
      if (chunk !== null) values.add(relation, chunk);
    }
  }
  values.end();
}
