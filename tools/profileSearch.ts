import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { Search } from "../packages/drill/src/theft/search.ts";
import { searchFolder } from "../packages/drill/src/theft/searchFolder.ts";
import { readTable } from "./levelDb.ts";

/** Where strings were found that should be nowhere, and how much was looked through. */
export interface ProfileYield {
  /** The string's place in the list, and the file that shows it, in which encoding. */
  readonly found: readonly string[];
  readonly files: number;
  readonly bytes: number;
  /** Blocks of the browser's databases that were decompressed. */
  readonly blocks: number;
}

/** Looks through everything below a folder that a browser left there: every file as it lies, and its databases decompressed. */
export async function searchProfile(
  folder: string,
  needles: readonly string[],
): Promise<ProfileYield> {
  const search = new Search(needles);
  if (search.tooShort.length > 0) throw new RangeError("a string is too short to be looked for");
  const files = await searchFolder(search, folder, { name: "", onFile: () => undefined });
  let blocks = 0;
  for (const path of globSync("**/*.{ldb,sst}", { cwd: folder })) {
    for (const block of readTable(readFileSync(join(folder, path)))) {
      search.bytes(`/${path}!block`, block);
      blocks++;
    }
  }
  const found = search.hits.map(
    ({ needle, source, encoding }) => `${needle} ${source} ${encoding}`,
  );
  return { found: [...new Set(found)], files, bytes: search.searchedBytes, blocks };
}
