import { PracticeError, type Issue } from "../error.ts";
import type { NoteTemplate } from "./template.ts";
import { findNoteTemplate } from "./templates.ts";

type Label = NoteTemplate["label"];

/** One section as a practice words it; `id`: null where it is new. An empty hint is none. */
export interface OwnSection {
  id: string | null;
  label: Label;
  hint: Label;
  required: boolean;
  carryForward: boolean;
}

/** A template as a practice words it; `id`: null where it is new. */
export interface OwnTemplate {
  id: string | null;
  label: Label;
  needsSession: boolean;
  sections: OwnSection[];
}

const ID_MAX = 40;

/** An id out of words: lower case, letters without their marks, what is left joined by hyphens. */
function idOf(words: string, isTaken: (id: string) => boolean): string {
  const plain = words
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, ID_MAX)
    .replaceAll(/^-+|-+$/g, "");
  const start = plain === "" ? "section" : plain;
  let id = start;
  for (let count = 2; isTaken(id); count++) id = `${start}-${count}`;
  return id;
}

const trimmed = ({ en, fi }: Label): Label => ({ en: en.trim(), fi: fi.trim() });
const isSaid = ({ en, fi }: Label): boolean => en !== "" && fi !== "";
const isSilent = ({ en, fi }: Label): boolean => en === "" && fi === "";

/**
 * A practice's own template, its ids made from its words and kept from then on; `taken` are the ids of its other templates. Throws
 * `record-invalid`: a name or heading is missing in a language, a heading stands twice, there is no section.
 */
export function ownTemplate(
  wish: OwnTemplate,
  taken: readonly string[],
): Omit<NoteTemplate, "v" | "retired"> {
  const label = trimmed(wish.label);
  const issues: Issue[] = isSaid(label) ? [] : [{ field: "label", rule: "missing" }];
  if (wish.sections.length === 0) issues.push({ field: "sections", rule: "too-short" });
  const ids = new Set(wish.sections.flatMap(({ id }) => (id === null ? [] : [id])));
  const headings = { en: new Set<string>(), fi: new Set<string>() };
  const sections = wish.sections.map((section, index) => {
    const heading = trimmed(section.label);
    if (!isSaid(heading)) issues.push({ field: `sections.${index}.label`, rule: "missing" });
    else if (headings.en.has(heading.en) || headings.fi.has(heading.fi))
      issues.push({ field: `sections.${index}.label`, rule: "inconsistent" });
    headings.en.add(heading.en);
    headings.fi.add(heading.fi);
    const hint = trimmed(section.hint);
    if (!isSaid(hint) && !isSilent(hint))
      issues.push({ field: `sections.${index}.hint`, rule: "missing" });
    const id = section.id ?? idOf(heading.en, (each) => ids.has(each));
    ids.add(id);
    const { required, carryForward } = section;
    return { id, label: heading, ...(isSaid(hint) && { hint }), required, carryForward };
  });
  if (issues.length > 0) throw new PracticeError("record-invalid", issues);
  const isTaken = (id: string): boolean => findNoteTemplate(id) !== undefined || taken.includes(id);
  const id = wish.id ?? idOf(label.en, isTaken);
  return { id, label, needsSession: wish.needsSession, sections };
}
