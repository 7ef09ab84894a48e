import { Zip, ZipDeflate } from "fflate";
import { bytesToHex } from "@sinetti/core";

/** SHA-256 over bytes that come one after another. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/** One file of a package: its bytes, or where they come from. */
export interface PackagePart {
  readonly name: string;
  readonly content: Uint8Array | (() => AsyncGenerator<Uint8Array>);
  /** True for what is compressed already, as documents are. */
  readonly isDense?: boolean;
}

/** What a package says of one of its files. */
export interface ManifestPart {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The file that names all others; the last of a package. */
export const MANIFEST = "manifest.json";
/** Every file carries this date: the same content gives the same bytes. */
const MTIME = new Date(1980, 0, 1);
const SLICE = 64 * 1024;

/** A zip of these parts, as its bytes become ready, with a manifest of their hashes at its end. */
export async function* zipParts(
  parts: AsyncIterable<PackagePart> | Iterable<PackagePart>,
  {
    startHash,
    manifest,
  }: {
    startHash: () => RunningHash;
    /** The manifest's text, once every part has gone in. */
    manifest: (parts: readonly ManifestPart[]) => Uint8Array;
  },
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    ready.push(chunk);
  });
  const written: ManifestPart[] = [];
  for await (const part of parts) {
    const hash = startHash();
    let sizeBytes = 0;
    const file = addFile(zip, part);
    for await (const bytes of slices(part.content)) {
      hash.update(bytes);
      sizeBytes += bytes.length;
      file.push(bytes);
      yield* ready.splice(0);
    }
    file.push(new Uint8Array(0), true);
    yield* ready.splice(0);
    written.push({ name: part.name, sizeBytes, sha256: bytesToHex(hash.digest()) });
  }
  addFile(zip, { name: MANIFEST, content: new Uint8Array(0) }).push(manifest(written), true);
  zip.end();
  yield* ready.splice(0);
}

function addFile(zip: Zip, { name, isDense = false }: PackagePart): ZipDeflate {
  const file = new ZipDeflate(name, { level: isDense ? 0 : 6 });
  file.mtime = MTIME;
  zip.add(file);
  return file;
}

async function* slices(content: PackagePart["content"]): AsyncGenerator<Uint8Array> {
  if (typeof content === "function") {
    yield* content();
    return;
  }
  for (let start = 0; start < content.length; start += SLICE)
    yield content.subarray(start, start + SLICE);
}
