import { sha256 } from "@noble/hashes/sha2.js";
import type { ByteSource, DocumentSource, FhirSource } from "@sinetti/client";
import { bytesToHex } from "@sinetti/core";

/** A file that somebody gave to the page, with its place in the folder that it came from. */
export interface GivenFile {
  readonly file: File;
  /** `package/documents/letter.pdf`; the name alone where it came alone. */
  readonly path: string;
}

/** A document with the patient to whom somebody says that it belongs. */
export interface GivenDocument extends GivenFile {
  readonly patient: string;
}

/** A bundle larger than this is no patient's. */
const MOST_BYTES = 256 * 1024 * 1024;
const LINE_LETTERS = 400;

/** A CSV file, read in slices: it is never held whole. */
export const byteSource = (file: File): ByteSource => ({
  name: file.name,
  sizeBytes: file.size,
  read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
});

async function* streamOf(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    reader.releaseLock();
  }
}

async function textOf(file: File): Promise<string> {
  const isPacked = file.name.toLowerCase().endsWith(".gz");
  const stream = isPacked
    ? file.stream().pipeThrough(new DecompressionStream("gzip"))
    : file.stream();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const reader = stream.getReader();
  let text = "";
  let bytes = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    bytes += read.value.length;
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      throw new RangeError("too large for a bundle");
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** Whether a file is a bundle by its name; what lies in a package's folder of documents is none. */
export const isBundle = ({ path }: GivenFile): boolean =>
  /\.json(\.gz)?$/i.test(path) && !/(^|\/)documents\/[^/]+$/.test(path);

/** The bundles among files that were given; each finds the documents of its package beside it. */
export function fhirSources(given: readonly GivenFile[]): FhirSource[] {
  const fileByPath = new Map(given.map(({ path, file }) => [path, file]));
  return given.filter(isBundle).map(({ file, path }) => ({
    name: path,
    read: () => textOf(file),
    document: async (place) => {
      // Only a plain name in the folder of the package's documents: the bundle may come from anybody.
      if (!/^documents\/[^/\\.][^/\\]*$/.test(place)) return null;
      const found = fileByPath.get(folderOf(path) + place);
      return found === undefined ? null : streamOf(found);
    },
  }));
}

async function hashOf(file: File): Promise<string> {
  const hash = sha256.create();
  for await (const bytes of streamOf(file)) hash.update(bytes);
  return bytesToHex(hash.digest());
}

const inOneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cc}/gu, " ")
    .slice(0, LINE_LETTERS);

/** Documents with their patients, hashed and sent as they are read. */
export const documentSources = (
  given: readonly GivenDocument[],
): (DocumentSource & { readonly sizeBytes: number })[] =>
  given.map(({ file, path, patient }) => ({
    name: inOneLine(path),
    patient,
    title: inOneLine(file.name.replace(/\.[^.]+$/, "")),
    mediaType: file.type === "" ? "application/octet-stream" : file.type,
    on: null,
    kind: null,
    sizeBytes: file.size,
    sha256: () => hashOf(file),
    stream: () => streamOf(file),
  }));
