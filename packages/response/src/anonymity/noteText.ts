/** Headings of a clinical note, at the start of a line or of a clause. */
const noteHeadings =
  /(?:^|[\n.;])\s*(?:subjective|objective|assessment|plan|S|O|A|P|D|anamneesi|esitiedot|nykytila|status|hoitosuunnitelma|käyntikirjaus|väliarvio|anamnes|bedömning|åtgärd|planering)\s*:/giu;
/** How notes speak of the person they are about. */
const noteVoice =
  /\b(?:(?:the )?(?:patient|client) (?:reports|reported|states|stated|denies|denied|describes|described|presents with|presented with)|mental state exam(?:ination)?|suicidal ideation (?:denied|present)|pt\.? (?:reports|states|denies))|(?:potilas|asiakas) (?:kertoo|kertoi|kuvaa|kuvasi|kokee|koki)|(?:patienten|klienten) (?:uppger|berättar|beskriver)/iu;
/** ICD-10 chapter F with its decimal, or ICD-11 chapter 06. */
const diagnosis =
  /(?<![\p{L}\p{N}])(?:F[0-9]{2}\.[0-9]{1,2}|6[A-E][0-9A-Z]{2}(?:\.[0-9A-Z]{1,2}))(?![\p{L}\p{N}])/u;
const quotations = /“([^”]*)”|”([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|»([^»]*)»|"([^"]*)"/gu;

const MOST_QUOTED_WORDS = 25;

/** Whether a text reads like a clinical note: headings of a note, the voice of a note, a diagnosis code. */
export function readsLikeNote(text: string): boolean {
  const headings = new Set(
    [...text.matchAll(noteHeadings)].map(([found]) => found.trim().toLowerCase()),
  );
  return headings.size >= 2 || noteVoice.test(text) || diagnosis.test(text);
}

/** Whether a text quotes more words in one breath than a report needs. */
export function quotesAtLength(text: string): boolean {
  return [...text.matchAll(quotations)].some(
    (found) => found.slice(1).join(" ").trim().split(/\s+/).length > MOST_QUOTED_WORDS,
  );
}
