import { shownLanguage } from "../../../app/language.ts";
import type { Words } from "../../../worker/record/timelineRow.ts";

/** Words of a template in the language that is shown. */
export const sayWords = (words: Words): string => words[shownLanguage()];
