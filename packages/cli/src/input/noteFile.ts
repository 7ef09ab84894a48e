import {
  PracticeError,
  checkNote,
  findNoteTemplate,
  parseNoteDraft,
  NOTE_TEMPLATES,
  type NoteContent,
} from "@sinetti/practice";

import { InputError, UsageError, issueFields } from "../inputError.ts";
import { readJsonFile, refuseUnknown } from "./jsonFile.ts";

const NOBODY = "0".repeat(32);
const SESSION = { minutes: 45, attendance: "attended", modality: "in-person" };

/**
 * The note in a file: `sections` as `{"subjective": "…"}` or `[{id, text}]`, and what of `session` differs from 45 minutes,
 * attended, in person, `today` (`YYYY-MM-DD`). Errors: UsageError for the template, InputError with the fields.
 */
export function readNoteFile(
  path: string,
  { template, today }: { template: string; today: string },
): NoteContent {
  const found = findNoteTemplate(template);
  if (found === undefined)
    throw new UsageError(`--template: one of ${NOTE_TEMPLATES.map(({ id }) => id).join(", ")}`);
  const given = readJsonFile(path);
  refuseUnknown(path, given, ["session", "sections", "objectives", "template"]);
  const content = contentOf(path, given, { template, today });
  const issues = checkNote(content, found);
  if (issues.length > 0) throw refusal(path, new PracticeError("note-invalid", issues));
  return content;
}

function contentOf(
  path: string,
  given: Record<string, unknown>,
  { template, today }: { template: string; today: string },
): NoteContent {
  const { session, objectives } = given;
  try {
    const draft = parseNoteDraft({
      v: 1,
      type: "noteDraft",
      at: `${today}T00:00:00Z`,
      author: NOBODY,
      template: given["template"] ?? template,
      session:
        typeof session === "object"
          ? { date: today, ...SESSION, ...session }
          : (session ?? { date: today, ...SESSION }),
      sections: sectionsOf(given["sections"]),
      objectives: objectives ?? [],
    });
    return {
      template: draft.template,
      session: draft.session,
      sections: draft.sections,
      objectives: draft.objectives,
    };
  } catch (error) {
    throw error instanceof PracticeError ? refusal(path, error) : error;
  }
}

function refusal(path: string, error: PracticeError): InputError {
  return new InputError(path, "the note is not taken", {
    fields: issueFields(error),
    cause: error,
  });
}

function sectionsOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value ?? [];
  return Object.entries(value).map(([id, text]) => ({ id, text }));
}
