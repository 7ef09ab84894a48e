import type { EntryId } from "@sinetti/core";
import type { CareBody, DraftBody } from "@sinetti/practice";
import type { Context } from "../context.ts";
import { fetchFiles } from "../fetchFiles.ts";
import type { KnownFile } from "../fileCache.ts";
import { readRecords } from "../records/body.ts";
import { refill } from "./refill.ts";

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether an entry of a care or process file says what a draft said when it was signed. */
export function isSignedAs(
  context: Context,
  file: KnownFile,
  { entry, draft }: { entry: string; draft: DraftBody },
): boolean {
  if (file.access.compartment === "process") {
    const records = readRecords(context, file, { compartment: "process" });
    const body = records.find(({ id }) => id === entry)?.body;
    return (
      body?.type === "processNote" && draft.type === "processDraft" && body.text === draft.text
    );
  }
  const records = readRecords(context, file, { compartment: "care" });
  const body = records.find(({ id }) => id === entry)?.body;
  return body !== undefined && saysSame(body, draft);
}

function saysSame(body: CareBody, draft: DraftBody): boolean {
  if (body.type === "measure" && draft.type === "measureDraft")
    return isEqual(body.answers, draft.answers) && body.measure === draft.measure;
  if (draft.type !== "noteDraft") return false;
  if (body.type !== "sessionNote" && body.type !== "noteAmendment") return false;
  const written = draft.sections.filter(({ text }) => text.trim() !== "");
  return (
    body.template === draft.template &&
    isEqual(body.session, draft.session) &&
    isEqual(body.sections, written) &&
    isEqual(body.objectives, draft.objectives)
  );
}

/**
 * Whether an entry that was to be appended stands as it was meant. Another device may have signed the same draft first; then the vault
 * keeps that one, and what was signed here must not be lost.
 */
export async function standsAs(
  context: Context,
  file: KnownFile,
  { entry, draft }: { entry: EntryId; draft: DraftBody },
): Promise<boolean> {
  const isThere = file.links.some(({ body }) => body.entries.some(({ id }) => id === entry));
  if (!isThere) await fetchFiles(context, [file], {});
  await refill(context, file);
  return isSignedAs(context, file, { entry, draft });
}
