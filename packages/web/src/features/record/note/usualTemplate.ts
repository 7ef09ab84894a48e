const KEPT = "sinetti-note-template";

/** The template that this browser wrote on last: the name of a form, nothing of a record. */
export const usualTemplate = (): string => localStorage.getItem(KEPT) ?? "soap";

/** Keeps it for the next note. */
export const keepUsualTemplate = (id: string): void => localStorage.setItem(KEPT, id);
