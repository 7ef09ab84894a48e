import { bytesToHex, parseId, sha256, type AttachmentId, type EntryId } from "@sinetti/core";
import { CHUNK_BYTES, generateEntryId } from "@sinetti/core/secret";
import { holding, type CareDocument, type Coding, type Versioned } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import { putAttachment, readAttachment, type SendOptions } from "../attachments.ts";
import type { Client } from "../client.ts";
import { ClientError, hardStop } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import { readCareState } from "./careEntries.ts";
import { sniffMediaType, type PreviewType } from "./mediaType.ts";
import { refill } from "./refill.ts";

/** A document that goes into a record is held in memory whole, for its hash and for looking at what it is. */
export const DOCUMENT_MAX_BYTES = 64 * 1024 * 1024;
/** A preview is drawn from memory: what is larger is only given out. */
export const PREVIEW_MAX_BYTES = 32 * 1024 * 1024;
const PART_BYTES = 256 * 1024;

/** A document to be put into a record. */
export interface DocumentWish {
  readonly bytes: Uint8Array;
  /** As the person calls it; the name of the file where they do not. */
  readonly title: string;
  /** What the sender or the platform says it is; what the bytes say counts before it. */
  readonly mediaType?: string;
  readonly kind?: Coding;
  readonly on?: string;
  readonly author?: string;
  readonly replaces?: string;
}

/** A document as lists show it. */
export interface DocumentRow {
  readonly entry: string;
  readonly title: string;
  readonly mediaType: string | null;
  /** Null: its words stand in the entry itself. */
  readonly sizeBytes: number | null;
  readonly on: string;
  readonly line: Versioned<"document">;
}

async function* partsOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    yield bytes.subarray(at, at + PART_BYTES);
    // Lets an abort through between two parts of a file that is whole in memory.
    await Promise.resolve();
  }
}

/**
 * Puts a document into a care file: sealed chunk by chunk, then the entry that names it. A signal ends it before the entry is written,
 * with its own reason. Errors: `input-rejected` for nothing or too much, `record-invalid` of practice before a byte is sent.
 */
export async function putDocument(
  client: Client,
  care: KnownFile,
  { bytes, ...wish }: DocumentWish,
  options: SendOptions = {},
): Promise<EntryId> {
  if (bytes.length === 0) throw new ClientError("input-rejected", { detail: "document: empty" });
  if (bytes.length > DOCUMENT_MAX_BYTES)
    throw new ClientError("input-rejected", {
      detail: `document: at most ${DOCUMENT_MAX_BYTES / 1024 / 1024} MiB`,
    });
  const { mediaType = "application/octet-stream", ...named } = wish;
  const body: CareDocument = {
    v: 1,
    type: "document",
    at: authorTime(client.context),
    ...named,
    mediaType: sniffMediaType(bytes) ?? mediaType,
  };
  encodeBody("care", body);
  const { link, carried } = await putAttachment(client.context, care, partsOf(bytes), options);
  const { attachment: id, key, chunks, sizeBytes } = link;
  const attachment = { id, key, chunks, sizeBytes, sha256: bytesToHex(sha256(bytes)) };
  const entry = {
    id: generateEntryId(),
    class: "attachment" as const,
    body: encodeBody("care", { ...body, attachment }),
    attachment: carried,
  };
  await appendEntries(client.context, [{ file: care, entries: [entry] }]);
  return entry.id;
}

/** The documents of an open care file that hold, newest last. */
export function listDocuments(client: Client, care: KnownFile): DocumentRow[] {
  return holding(readCareState(client, care).document).map((line) => {
    const { entry, body } = line.current;
    const { title, mediaType, attachment, on, at } = body;
    return {
      entry,
      title,
      mediaType: mediaType ?? null,
      sizeBytes: attachment?.sizeBytes ?? null,
      on: on ?? at.slice(0, 10),
      line,
    };
  });
}

/** A document's bytes. */
export interface ReadDocument {
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** What a preview may draw it as, by its bytes; null: give it out, and draw nothing. */
  readonly preview: PreviewType | null;
}

/** Reads a document. Errors: `unknown-record`; `verification-failed` where its bytes are not those that were put in. */
export async function readDocument(
  client: Client,
  care: KnownFile,
  entry: string,
  { signal, onProgress }: SendOptions = {},
): Promise<ReadDocument> {
  await refill(client.context, care);
  const versions = readCareState(client, care).document.flatMap(({ current, earlier }) => [
    current,
    ...earlier,
  ]);
  const found = versions.find((each) => each.entry === entry)?.body;
  if (found === undefined) throw new ClientError("unknown-record");
  const { title, attachment, text = "", mediaType = "application/octet-stream" } = found;
  if (attachment === undefined)
    return {
      title,
      bytes: new TextEncoder().encode(text),
      mediaType: "text/plain",
      preview: "text/plain",
    };
  const { id, key, chunks, sizeBytes } = attachment;
  if (chunks !== Math.max(1, Math.ceil(sizeBytes / CHUNK_BYTES)))
    throw hardStop("a document of another size than its chunks");
  if (sizeBytes > DOCUMENT_MAX_BYTES)
    throw new ClientError("input-rejected", { detail: "document: too large to be held here" });
  const bytes = new Uint8Array(sizeBytes);
  let length = 0;
  const link = { attachment: parseId<AttachmentId>(id), key, chunks, sizeBytes };
  for await (const part of readAttachment(client.context, care, link)) {
    signal?.throwIfAborted();
    bytes.set(part, length);
    length += part.length;
    onProgress?.(length);
  }
  const isWhole = length === sizeBytes;
  if (!isWhole || (attachment.sha256 ?? bytesToHex(sha256(bytes))) !== bytesToHex(sha256(bytes)))
    throw hardStop("a document is not the one that was put in");
  const isDrawn = sizeBytes <= PREVIEW_MAX_BYTES;
  return { title, bytes, mediaType, preview: isDrawn ? sniffMediaType(bytes) : null };
}
