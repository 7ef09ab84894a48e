import type { EditedNote, NoteSection, NoteTemplate } from "@sinetti/practice";

type Said = Pick<EditedNote, "template" | "form" | "sections" | "carriedFrom">;

/**
 * A draft on another template, begun as `fresh`: what was written stays under the sections that both have, and what only the former
 * template had stays behind the others until somebody moves it. Nothing that was typed is dropped.
 */
export function onTemplate(draft: EditedNote, fresh: Said): EditedNote {
  const written = new Map(draft.sections.map(({ id, text }) => [id, text]));
  const taken = fresh.sections.map(({ id, text }): NoteSection => {
    const own = written.get(id) ?? "";
    written.delete(id);
    return { id, text: own.trim() === "" ? text : own };
  });
  const left = [...written].flatMap(([id, text]) => (text.trim() === "" ? [] : [{ id, text }]));
  return onPaper(draft, { ...fresh, sections: [...taken, ...left] });
}

/** A draft with the template and sections of another, the note that they began with, and the form of a template of the practice's own. */
export function onPaper(draft: EditedNote, paper: Said): EditedNote {
  const { form: _form, carriedFrom: _carriedFrom, ...rest } = draft;
  const { template, form, sections, carriedFrom } = paper;
  return {
    ...rest,
    template,
    ...(form !== undefined && { form }),
    sections,
    ...(carriedFrom !== undefined && { carriedFrom }),
  };
}

/**
 * What an editor shows after another device had changed the draft as well: `merged` is what both came to when `sent` went out, `now`
 * what was typed here since. A section that changed on both sides holds both, one under the other.
 */
export function takeMerged(sent: EditedNote, now: EditedNote, merged: EditedNote): EditedNote {
  const before = new Map(sent.sections.map(({ id, text }) => [id, text]));
  const here = new Map(now.sections.map(({ id, text }) => [id, text]));
  const join = ({ id, text }: NoteSection): NoteSection => {
    const own = here.get(id);
    const was = before.get(id);
    here.delete(id);
    if (own === undefined || own === was || own === text) return { id, text };
    return text === was ? { id, text: own } : { id, text: `${text}\n\n${own}` };
  };
  const isNew = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  const sections = [...merged.sections.map(join), ...[...here].map(([id, text]) => ({ id, text }))];
  return {
    ...onPaper(merged, { ...(now.template === sent.template ? merged : now), sections }),
    session: isNew(now.session, sent.session) ? now.session : merged.session,
    objectives: isNew(now.objectives, sent.objectives) ? now.objectives : merged.objectives,
    ...(now.reason !== undefined && now.reason !== sent.reason && { reason: now.reason }),
  };
}

/** A draft without the sections of another template that hold nothing any more. */
export function tidied(draft: EditedNote, template: NoteTemplate): EditedNote {
  const known = new Set(template.sections.map(({ id }) => id));
  return {
    ...draft,
    sections: draft.sections.filter(({ id, text }) => known.has(id) || text.trim() !== ""),
  };
}
