import { PracticeError } from "../error.ts";
import type { CareBody } from "../records/care.ts";
import type {
  Countersignature,
  NoteAmendment,
  NoteDraft,
  NoteSection,
  NoteSession,
  SessionNote,
} from "../records/note.ts";
import { checkNote } from "./checkNote.ts";
import type { NoteContent } from "./checkNote.ts";
import type { NoteTemplate } from "./template.ts";
import { carriedForm, formOf } from "./templates.ts";

/** A note as it stands: the first signing, each amendment in order, and whether a countersignature is still wanted. */
export interface NoteHistory {
  entry: string;
  original: SessionNote;
  amendments: { entry: string; amendment: NoteAmendment }[];
  countersignature?: Countersignature;
  state: "pending" | "signed" | "amended" | "withdrawn" | "retracted";
  current: NoteContent;
}

/** Days within which a note is to be finished after its session. */
export const NOTE_DUE_DAYS = 5;

/** A note that carries forward. */
type Last = Pick<NoteHistory, "entry" | "current">;

/** A new draft on a template; sections that carry forward start as the last note left them. */
export function startDraft(
  template: NoteTemplate,
  session: NoteSession,
  options: { at: string; author: string; last?: Last },
): NoteDraft {
  const { at, author, last } = options;
  const carried = new Map(
    (last === undefined ? [] : carriedSections(template, last)).map(({ id, text }) => [id, text]),
  );
  const sections = template.sections.map(({ id }) => ({ id, text: carried.get(id) ?? "" }));
  const draft: NoteDraft = {
    v: 1,
    type: "noteDraft",
    at,
    template: template.id,
    ...carriedForm(template),
    session,
    sections,
    author,
    objectives: last === undefined ? [] : [...last.current.objectives],
  };
  return last === undefined ? draft : { ...draft, carriedFrom: last.entry };
}

/**
 * The entry that signs and locks a draft; a trainee's stays pending until countersigned. Empty sections fall away.
 * Throws `note-invalid` with what the template misses.
 */
export function signNote(
  draft: NoteDraft,
  template: NoteTemplate,
  options: { at: string; trainee: boolean },
): SessionNote {
  const { type: _type, sections, ...rest } = draft;
  refuseIssues(draft, template);
  return {
    ...rest,
    ...carriedForm(template),
    type: "sessionNote",
    at: options.at,
    sections: withText(sections),
    status: options.trainee ? "pending" : "signed",
  };
}

/** The entry that corrects a signed note with a reason; the old one stays readable. Throws `note-invalid` as `signNote` does. */
export function amendNote(
  note: NoteHistory,
  content: NoteContent,
  options: { at: string; author: string; reason: string; template: NoteTemplate },
): NoteAmendment {
  const { at, author, reason, template } = options;
  refuseIssues(content, template);
  if (reason.trim() === "")
    throw new PracticeError("note-invalid", [{ field: "reason", rule: "missing" }]);
  if (note.state === "retracted")
    throw new PracticeError("note-invalid", [{ field: "amends", rule: "inconsistent" }]);
  const { session, objectives, sections } = content;
  return {
    v: 1,
    type: "noteAmendment",
    at,
    author,
    reason,
    amends: note.entry,
    template: template.id,
    ...carriedForm(template),
    session,
    objectives,
    sections: withText(sections),
  };
}

/**
 * The entry that withdraws a note which was written for a wrong patient, or should never have been: a correction that leaves its
 * session alone. The original stays readable, and a later correction brings the note back. Throws `note-invalid`.
 */
export function withdrawNote(
  note: NoteHistory,
  options: { at: string; author: string; reason: string },
): NoteAmendment {
  const { at, author, reason } = options;
  if (reason.trim() === "")
    throw new PracticeError("note-invalid", [{ field: "reason", rule: "missing" }]);
  if (note.state === "retracted" || note.state === "withdrawn")
    throw new PracticeError("note-invalid", [{ field: "amends", rule: "inconsistent" }]);
  const { template, form, session } = note.current;
  return {
    v: 1,
    type: "noteAmendment",
    at,
    author,
    reason,
    amends: note.entry,
    template,
    ...(form !== undefined && { form }),
    session,
    objectives: [],
    sections: [],
    withdrawn: true,
  };
}

/**
 * The note that the next one carries forward from: signed, not withdrawn, and of the latest session that wrote what carries forward,
 * whatever template it is on; else of the latest session. Undefined where there is none.
 */
export function lastNoteOf(
  notes: readonly NoteHistory[],
  template: NoteTemplate,
): NoteHistory | undefined {
  const dateOf = ({ current }: NoteHistory): number => Date.parse(current.session.date);
  const standing = notes
    .filter(({ state }) => state !== "retracted" && state !== "withdrawn")
    .toSorted((a, b) => dateOf(a) - dateOf(b));
  return standing.findLast((note) => carriedSections(template, note).length > 0) ?? standing.at(-1);
}

/**
 * What a note on any template hands to the next one on `template`: sections that carry forward there, by their id, else by the same
 * heading in every language.
 */
export function carriedSections(template: NoteTemplate, { current }: Last): NoteSection[] {
  const textById = new Map(withText(current.sections).map(({ id, text }) => [id, text]));
  const former = formOf(current)?.sections ?? [];
  return template.sections.flatMap(({ id, label, carryForward }) => {
    if (!carryForward) return [];
    const same = former.find((each) => each.label.en === label.en && each.label.fi === label.fi);
    const text = textById.get(id) ?? textById.get(same?.id ?? id);
    return text === undefined ? [] : [{ id, text }];
  });
}

/**
 * The notes of a care file in chain order. A countersignature counts only from somebody other than the author; an amendment of
 * an unknown entry is left out here and stays in the file.
 */
export function foldNotes(entries: readonly { entry: string; body: CareBody }[]): NoteHistory[] {
  const historyByEntry = new Map<string, NoteHistory>();
  for (const { entry, body } of entries) {
    if (body.type === "sessionNote") {
      const state = body.status === "pending" ? "pending" : "signed";
      historyByEntry.set(entry, {
        entry,
        original: body,
        amendments: [],
        state,
        current: contentOf(body),
      });
    } else if (body.type === "noteAmendment")
      applyAmendment(historyByEntry.get(body.amends), entry, body);
    else if (body.type === "countersignature")
      applyCountersignature(historyByEntry.get(body.signs), body);
    else if (body.type === "retraction") {
      const history = historyByEntry.get(body.entry);
      if (history !== undefined) history.state = "retracted";
    }
  }
  return [...historyByEntry.values()];
}

/** Whether a note for a session on `sessionDate` is overdue on `today` (both `YYYY-MM-DD`). */
export function isNoteOverdue(sessionDate: string, today: string): boolean {
  return Date.parse(today) - Date.parse(sessionDate) > NOTE_DUE_DAYS * 86_400_000;
}

function applyAmendment(
  history: NoteHistory | undefined,
  entry: string,
  amendment: NoteAmendment,
): void {
  if (history === undefined || history.state === "retracted") return;
  history.amendments.push({ entry, amendment });
  history.current = contentOf(amendment);
  if (amendment.withdrawn === true) history.state = "withdrawn";
  else if (history.state === "signed" || history.state === "withdrawn") history.state = "amended";
}

function applyCountersignature(history: NoteHistory | undefined, body: Countersignature): void {
  if (history?.state !== "pending" || body.supervisor === history.original.author) return;
  history.countersignature = body;
  history.state = history.amendments.length > 0 ? "amended" : "signed";
}

function contentOf({ template, form, session, sections, objectives }: NoteContent): NoteContent {
  return { template, ...(form !== undefined && { form }), session, sections, objectives };
}

function withText(sections: readonly NoteSection[]): NoteSection[] {
  return sections.filter(({ text }) => text.trim() !== "");
}

function refuseIssues(content: NoteContent, template: NoteTemplate): void {
  const issues = checkNote(content, template);
  if (issues.length > 0) throw new PracticeError("note-invalid", issues);
}
