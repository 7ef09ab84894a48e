import { renderPdf } from "@sinetti/paper/pdf";

import { writtenOn, type Case } from "./careRecords.ts";

/** A document of a care file: what its entry says, and its bytes when they are wanted. */
export interface InventedDocument {
  readonly sourceId: string;
  readonly title: string;
  readonly at: string;
  readonly mediaType: string;
  bytes(): Promise<Uint8Array>;
}

/** One patient in so many has a PDF: rendering one takes longer than writing a whole record. */
const PDF_IN = 50;
/** Of those that people look at. */
const RECENT_PDF_IN = 4;

/** The documents of a patient; most have none. */
export function inventDocuments(
  { speech, course, random, story }: Case,
  { isRecent }: { isRecent: boolean },
): InventedDocument[] {
  if (!random.chance(1 / (isRecent ? RECENT_PDF_IN : PDF_IN))) return [];
  const date = course.meetings.at(-1)?.date ?? "";
  const at = writtenOn(date);
  const title = story?.telling.letterTitle ?? speech.grammar.say("documentTitle", random);
  const text = story?.letter() ?? speech.grammar.say("letter", random);
  const asides =
    story?.sayMany(story.tale.told.hard, 4) ?? speech.grammar.sayMany("aside", 8, random);
  const paper = {
    title,
    language: speech.code,
    made: at,
    blocks: [
      { type: "heading" as const, level: 1 as const, text: title },
      { type: "paragraph" as const, text },
      { type: "paragraph" as const, text: asides },
    ],
  };
  return [
    {
      sourceId: "document/0",
      title,
      at,
      mediaType: "application/pdf",
      bytes: () => renderPdf(paper),
    },
  ];
}
