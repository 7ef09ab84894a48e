import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import type { Search } from "./search.ts";
import { searchRelation, searchWal } from "./searchCluster.ts";

const WAL_FILE = /(^|\/)pg_wal\/[0-9A-F]{24}$/;
const RELATION_FILE = /(^|\/)(base\/\d+|global)\/\d+(_\w+)?(\.\d+)?$/;

/** Every file below a folder; one that goes away meanwhile is passed over, as in any copy of a running system. */
async function* filesBelow(folder: string): AsyncGenerator<string> {
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Searches every file below a folder: tables and log of PostgreSQL by their formats, everything as it lies. Gives how many. */
export async function searchFolder(
  search: Search,
  folder: string,
  { name, onFile }: { name: string; onFile: () => void },
): Promise<number> {
  let files = 0;
  for await (const path of filesBelow(folder)) {
    try {
      await searchFile(search, path, name + path.slice(folder.length));
    } catch (error) {
      if (!isGone(error)) throw error;
      continue;
    }
    files++;
    onFile();
  }
  return files;
}

async function searchFile(search: Search, path: string, shown: string): Promise<void> {
  if (WAL_FILE.test(path)) await searchWal(search, path, shown);
  else if (RELATION_FILE.test(path)) await searchRelation(search, path, shown);
  else await search.stream(shown, createReadStream(path, { highWaterMark: 1024 * 1024 }));
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** How many files there are below a folder. */
export async function countFiles(folder: string): Promise<number> {
  let files = 0;
  for await (const _ of filesBelow(folder)) files++;
  return files;
}
