import { CsvError, type CsvEncoding } from "@sinetti/practice";
import type { ByteSource } from "./byteSource.ts";

const PART_BYTES = 1024 * 1024;
const HEAD_BYTES = 64 * 1024;
/** Bytes that Windows-1252 leaves undefined. */
const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** How the bytes of a file become text, and how many of them are a byte order mark. */
export interface DetectedEncoding {
  readonly encoding: CsvEncoding;
  readonly markBytes: number;
}

/**
 * Tells an encoding by its byte order mark, else by strict decoding of the whole file: UTF-8, else Windows-1252. CsvError
 * `encoding-unknown` for what is neither, `encoding-mixed` for a file that is partly both.
 */
export async function detectEncoding(
  source: ByteSource,
  told: CsvEncoding | undefined,
): Promise<DetectedEncoding> {
  const head = await source.read(0, HEAD_BYTES);
  const marked = byMark(head);
  if (told !== undefined)
    return { encoding: told, markBytes: marked?.encoding === told ? marked.markBytes : 0 };
  if (marked !== null) return marked;
  if (head.includes(0)) throw new CsvError("encoding-unknown");
  if (await isUtf8(source)) return { encoding: "utf-8", markBytes: 0 };
  await checkWindows1252(source);
  return { encoding: "windows-1252", markBytes: 0 };
}

function byMark([first, second, third]: Uint8Array): DetectedEncoding | null {
  if (first === 0xef && second === 0xbb && third === 0xbf)
    return { encoding: "utf-8", markBytes: 3 };
  if (first === 0xff && second === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  return null;
}

async function isUtf8(source: ByteSource): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for (let at = 0; at < source.sizeBytes; at += PART_BYTES)
      decoder.decode(await source.read(at, at + PART_BYTES), { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Letters beyond ASCII are E0 to FF there; in the code pages of DOS they are below A0, and in UTF-8 a pair that begins with C3. */
async function checkWindows1252(source: ByteSource): Promise<void> {
  let pairs = 0;
  let letters = 0;
  let controls = 0;
  let before = 0;
  for (let at = 0; at < source.sizeBytes; at += PART_BYTES)
    for (const byte of await source.read(at, at + PART_BYTES)) {
      if (UNDEFINED.has(byte)) throw new CsvError("encoding-unknown");
      if (byte >= 0xc0) letters++;
      else if (byte >= 0x80 && byte < 0xc0 && before === 0xc3) pairs++;
      else if (byte >= 0x80 && byte < 0xa0 && isLetter(before)) controls++;
      before = byte;
    }
  if (pairs > 0) throw new CsvError("encoding-mixed");
  if (controls > letters) throw new CsvError("encoding-unknown");
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}
