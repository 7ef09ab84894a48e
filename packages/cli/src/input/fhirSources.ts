import { createReadStream } from "node:fs";
import { lstat, readFile, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import type { FhirSource } from "@sinetti/client";

const unzip = promisify(gunzip);
/** A bundle larger than this is no patient's. */
const MOST_BYTES = 256 * 1024 * 1024;
const FORM = /\.json(?:\.gz)?$/i;

/** The bundles under these paths: files as named, folders with everything beneath them, in order. */
export async function findFhirSources(paths: readonly string[]): Promise<FhirSource[]> {
  const found = await Promise.all(paths.map((path) => expand(path)));
  return [...new Set(found.flat())].map((name) => ({
    name,
    read: () => readBundle(name),
    document: (path) => openDocument(name, path),
  }));
}

async function expand(path: string): Promise<string[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && FORM.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Only a plain name in the folder of the package's documents: the bundle may come from anybody. */
async function openDocument(
  bundle: string,
  path: string,
): Promise<AsyncIterable<Uint8Array> | null> {
  const [, name] = /^documents\/([^/\\]+)$/.exec(path) ?? [];
  if (name === undefined || name.startsWith(".")) return null;
  const file = join(dirname(bundle), "documents", name);
  const found = await lstat(file).catch(() => null);
  return found?.isFile() === true ? createReadStream(file) : null;
}

async function readBundle(path: string): Promise<string> {
  const bytes = await readFile(path);
  const plain = path.toLowerCase().endsWith(".gz")
    ? await unzip(bytes, { maxOutputLength: MOST_BYTES })
    : bytes;
  return new TextDecoder("utf-8", { fatal: true }).decode(plain);
}
