import { parseId, type EntryId, type FileId } from "@sinetti/core";
import { importEntryId } from "@sinetti/core/secret";
import { sourceKeys } from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import { putAttachment } from "../attachments.ts";
import type { Client } from "../client.ts";
import { authorTime, encodeBody } from "./body.ts";
import { heldEntries } from "./importGroup.ts";
import { beginRun, type ImportRun } from "./importRun.ts";
import { importedFile } from "./mappedCandidate.ts";
import { findPatientFiles, openOne } from "./patients.ts";
import { ClientError } from "../errors.ts";

/** One document to import. */
export interface DocumentSource {
  /** Shown in the report; a file's name. */
  readonly name: string;
  /** Whose it is: the record's id, or the patient's number or identity code at the source of an earlier import. */
  readonly patient: string;
  readonly title: string;
  readonly mediaType: string;
  /** `YYYY-MM-DD`; null: not known. */
  readonly on: string | null;
  /** What kind of document, in words; null: not known. */
  readonly kind: string | null;
  /** SHA-256 of the bytes, 64 lowercase hexadecimal digits. */
  sha256(): Promise<string>;
  /** The bytes, from their beginning. */
  stream(): AsyncIterable<Uint8Array>;
}

/** What an import of documents did. */
export interface DocumentReport {
  /** Patients who got a document. */
  patients: number;
  /** Documents written. */
  entries: number;
  kept: number;
  /** Documents that were here already. */
  unchanged: number;
  readonly rejected: { file: string; reason: "unknown-patient" | "unreadable" | "too-large" }[];
  readonly byType: { documents: number };
}

/** Bytes of the largest document: 16,384 chunks of 256 KiB. */
const MOST_BYTES = 16_384 * 256 * 1024;

/**
 * Imports documents as sealed attachments of care files, each with an entry that names it, streamed chunk by chunk. A document is named
 * by its bytes, so that a second run adds nothing. One that cannot be read, or whose patient nobody knows, is named and left out.
 */
export async function importDocuments(
  client: Client,
  sources: readonly (DocumentSource & { readonly sizeBytes: number })[],
  options: {
    dryRun: boolean;
    onProgress: (done: number, total: number) => void;
    isStopped: () => boolean;
  },
): Promise<DocumentReport> {
  const run = await beginRun(client);
  const report: DocumentReport = {
    patients: 0,
    entries: 0,
    kept: 0,
    unchanged: 0,
    rejected: [],
    byType: { documents: 0 },
  };
  const touched = new Set<FileId>();
  for (const [index, source] of sources.entries()) {
    if (options.isStopped()) break;
    const care = await findCare(client, run, source.patient);
    const sha256 = await source.sha256().catch(() => null);
    const reason =
      care === null
        ? "unknown-patient"
        : sha256 === null
          ? "unreadable"
          : source.sizeBytes > MOST_BYTES
            ? "too-large"
            : null;
    if (care === null || sha256 === null || reason !== null)
      report.rejected.push({ file: source.name, reason: reason ?? "unreadable" });
    else {
      report.byType.documents++;
      const id = documentEntry(run, { care, sha256 });
      const held = await heldEntries(client, [{ file: care, vault: "what" }]);
      if (held.has(id)) report.unchanged++;
      else if (!options.dryRun) {
        await writeDocument(client, source, { care, id, sha256 });
        report.entries++;
        touched.add(care);
      }
      client.context.files.forget(care);
    }
    options.onProgress(index + 1, sources.length);
  }
  report.patients = touched.size;
  return report;
}

function documentEntry(
  { importKey }: ImportRun,
  { care, sha256 }: { care: FileId; sha256: string },
): EntryId {
  return importEntryId(importKey, new TextEncoder().encode(`care\n${care}\ndocument/${sha256}`));
}

/** The care file of a patient whom this member holds; null: nobody whom the text names. */
async function findCare(client: Client, run: ImportRun, patient: string): Promise<FileId | null> {
  const text = patient.trim();
  for (const key of sourceKeys(text)) {
    const file = importedFile(run.importKey, "care", key);
    if (run.granted.has(file)) return file;
  }
  if (!/^[0-9a-f]{32}$/.test(text)) return null;
  try {
    const { care } = await findPatientFiles(client, parseId<FileId>(text));
    return care?.file ?? null;
  } catch (error) {
    if (error instanceof ClientError && error.code === "unknown-record") return null;
    throw error;
  }
}

/** The chunks lie at the vault before the entry that names them: cut off in between, they are named by nothing. */
async function writeDocument(
  { context }: Client,
  source: DocumentSource,
  { care, id, sha256 }: { care: FileId; id: EntryId; sha256: string },
): Promise<void> {
  const file = await openOne(context, { file: care, vault: "what" }, "import");
  const { link, carried } = await putAttachment(context, file, source.stream());
  const { title, mediaType, on, kind, name } = source;
  const body = encodeBody("care", {
    v: 1,
    type: "document",
    at: authorTime(context),
    title,
    mediaType,
    ...(on !== null && { on }),
    ...(kind !== null && { kind: { text: kind } }),
    attachment: {
      id: link.attachment,
      key: link.key,
      chunks: link.chunks,
      sizeBytes: link.sizeBytes,
      sha256,
    },
    source: { sourceType: "document", sourceId: name, sha256 },
  });
  const entry = { id, class: "attachment" as const, body, attachment: carried };
  await appendEntries(context, [{ file, entries: [entry] }]);
}
