import type { NoteSection } from "../records/note.ts";

/** A passage of one participant's note that names another participant (UTF-16 offsets in the section's text). */
export interface NamedOther {
  readonly patient: string;
  readonly section: string;
  readonly start: number;
  readonly end: number;
}

/** Words of a name that are looked for: two letters or fewer say too little. */
function wordsOf(name: string): string[] {
  return name.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
}

/**
 * Where the note of one participant of a couple or group names another, by any word of the other's name that is not in their own, also
 * with an ending ("Maijan"). A hint that finds names as they are written: no nicknames, and a common word that is a name as well.
 */
export function findNamedOthers(
  notes: readonly { patient: string; name: string; sections: readonly NoteSection[] }[],
): NamedOther[] {
  return notes.flatMap(({ patient, name, sections }) => {
    const own = new Set(wordsOf(name.toLowerCase()));
    const others = notes
      .filter((each) => each.patient !== patient)
      .flatMap((each) => wordsOf(each.name))
      .filter((word) => !own.has(word.toLowerCase()));
    if (others.length === 0) return [];
    const pattern = new RegExp(
      `(?<![\\p{L}\\p{N}])(?:${[...new Set(others)].join("|")})[\\p{L}]*`,
      "giu",
    );
    return sections.flatMap(({ id, text }) =>
      [...text.matchAll(pattern)].map(({ 0: passage, index }) => ({
        patient,
        section: id,
        start: index,
        end: index + passage.length,
      })),
    );
  });
}
