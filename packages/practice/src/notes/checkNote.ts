import type { Issue } from "../error.ts";
import type { NoteSection, NoteSession } from "../records/note.ts";
import type { NoteTemplate } from "./template.ts";

/** What a note says, signed or not. */
export interface NoteContent {
  template: string;
  /** The practice's own template as it stood when the note was begun; absent for one that every practice has. */
  form?: NoteTemplate;
  session: NoteSession;
  sections: NoteSection[];
  objectives: string[];
}

/**
 * What keeps a note from being signed under its template: required sections without text, sections that the template does not
 * have or that come twice, a session without length. Empty when it may be signed.
 */
export function checkNote(note: NoteContent, template: NoteTemplate): Issue[] {
  const issues: Issue[] = [];
  if (note.template !== template.id) issues.push({ field: "template", rule: "inconsistent" });
  const known = new Set(template.sections.map(({ id }) => id));
  const textById = new Map<string, string>();
  note.sections.forEach(({ id, text }, index) => {
    if (!known.has(id)) issues.push({ field: `sections.${index}.id`, rule: "unknown-section" });
    else if (textById.has(id)) issues.push({ field: `sections.${index}.id`, rule: "inconsistent" });
    textById.set(id, text);
  });
  for (const { id, required } of template.sections)
    if (required && (textById.get(id) ?? "").trim() === "")
      issues.push({ field: `sections.${id}`, rule: "missing" });
  const { attendance, minutes } = note.session;
  const held = attendance === "attended" || attendance === "late";
  if (template.needsSession && held && minutes === 0)
    issues.push({ field: "session.minutes", rule: "out-of-range" });
  return issues;
}
