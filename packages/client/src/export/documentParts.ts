import { parseId, type AttachmentId } from "@sinetti/core";
import type { RecordEntry } from "@sinetti/practice";
import { readAttachment } from "../attachments.ts";
import type { Context } from "../context.ts";
import type { OpenPart } from "./openPatient.ts";
import type { PackagePart } from "./zipFile.ts";

const EXTENSION_BY_TYPE: Record<string, string> = {
  "application/pdf": "pdf",
  "application/json": "json",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/tiff": "tif",
  "text/plain": "txt",
  "text/html": "html",
  "text/csv": "csv",
  "application/msword": "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
};

/** Where each attachment goes in the package, by its id: numbered, since two documents may be called the same. */
export function documentPaths(entries: readonly RecordEntry[]): Map<string, string> {
  const paths = new Map<string, string>();
  for (const { body } of entries) {
    if (!("attachment" in body) || typeof body.attachment !== "object") continue;
    const number = String(paths.size + 1).padStart(3, "0");
    const type = "mediaType" in body ? body.mediaType : undefined;
    paths.set(body.attachment.id, `documents/${number}-${safeName(body.title, type)}`);
  }
  return paths;
}

/** A title as a name that every system can hold: letters and digits, no path, no leading dot, at most 60 characters. */
export function safeName(title: string, mediaType: string | undefined): string {
  const [, stem = title, given = ""] = /^(.*?)(?:\.([A-Za-z0-9]{1,5}))?$/s.exec(title) ?? [];
  const known = EXTENSION_BY_TYPE[(mediaType ?? "").split(";")[0]?.trim().toLowerCase() ?? ""];
  const plain = stem
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  const extension = known ?? (given === "" ? "bin" : given.toLowerCase());
  return `${plain === "" ? "document" : plain}.${extension}`;
}

/** The attachments of these entries as parts of a package, opened chunk by chunk while they go in. */
export function* documentParts(
  context: Context,
  {
    entries,
    open,
    paths,
  }: {
    entries: readonly RecordEntry[];
    open: readonly OpenPart[];
    paths: ReadonlyMap<string, string>;
  },
): Generator<PackagePart> {
  const done = new Set<string>();
  for (const { compartment, body } of entries) {
    if (!("attachment" in body) || typeof body.attachment !== "object") continue;
    const { id, key, chunks, sizeBytes } = body.attachment;
    const name = paths.get(id);
    const part = open.find((each) => each.compartment === compartment);
    if (name === undefined || part === undefined || done.has(id)) continue;
    done.add(id);
    const link = { attachment: parseId<AttachmentId>(id), key, chunks, sizeBytes };
    yield { name, content: () => readAttachment(context, part.file, link), isDense: true };
  }
}
