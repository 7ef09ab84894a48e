import { Search } from "./search.ts";
import { countFiles, searchFolder } from "./searchFolder.ts";

/** One encrypted file of a backup, opened. */
export interface OpenedFile {
  readonly name: string;
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** A backup as it lies on its shelf, and what whoever holds its identity sees of it. */
export interface StolenBackup {
  readonly folder: string;
  /** Its encrypted files, each opened. */
  readonly opened: () => readonly OpenedFile[];
}

/** What a backup gives, with and without the identity that opens it. */
export interface BackupYields {
  readonly files: number;
  /** Planted strings in the files as they lie. */
  readonly found: number;
  /** The same in what is inside, once somebody has the identity. */
  readonly foundOpened: number;
  readonly openedBytes: number;
  /** Words that every dump of a service has in its rows: seen in so many of the opened files, and in so many that were not. */
  readonly control: { readonly of: number; readonly opened: number; readonly closed: number };
}

/** What each service's rows say in clear, so that a search which looks past them is found out. */
export const CLEAR_WORDS = ["identity", "portal", "release"] as const;

const CLOSED = "backup";
const OPENED = "opened backup";

/** Steals a backup, and the identity that opens it apart from it, and searches both. */
export async function searchBackup(backup: StolenBackup, search: Search): Promise<BackupYields> {
  const words = new Search(CLEAR_WORDS);
  const files = await countFiles(backup.folder);
  for (const each of [search, words])
    await searchFolder(each, backup.folder, { name: CLOSED, onFile: () => undefined });
  const before = search.searchedBytes;
  for (const { name, bytes } of backup.opened())
    for (const each of [search, words]) await each.stream(`${OPENED} ${name}`, bytes());
  const hitsIn = ({ hits }: Search, place: string): number =>
    new Set(
      hits
        .filter(({ source }) => source.startsWith(place))
        .map(({ needle, source }) => `${needle} ${source}`),
    ).size;
  const wordsIn = (place: string): number =>
    new Set(words.hits.filter(({ source }) => source.startsWith(place)).map(({ needle }) => needle))
      .size;
  return {
    files,
    found: hitsIn(search, CLOSED),
    foundOpened: hitsIn(search, OPENED),
    openedBytes: search.searchedBytes - before,
    control: { of: CLEAR_WORDS.length, opened: wordsIn(OPENED), closed: wordsIn(CLOSED) },
  };
}
