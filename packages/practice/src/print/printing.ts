import type { Block, Field, Text } from "@sinetti/paper";
import type { PatientRecord } from "../fhir/out/exported.ts";
import { codeText, wordsOf, type PrintLanguage, type Word } from "./words.ts";

/** What the sections of a printed record share. */
export interface Printing {
  readonly record: PatientRecord;
  readonly language: PrintLanguage;
  readonly word: (word: Word) => string;
  /** A code as people say it. */
  readonly say: (code: string) => string;
  /** A date, or as much of it as is known, as people write it. */
  readonly date: (date: string) => string;
  /** An instant in the zone of the practice. */
  readonly time: (instant: string) => string;
  /** What a member is called. */
  readonly member: (id: string) => string;
}

const LOCALE: Record<PrintLanguage, string> = { en: "en-GB", fi: "fi-FI", sv: "sv-FI" };

/** What one printing needs, for a language and the zone of the practice. */
export function startPrinting(
  record: PatientRecord,
  { language, zone }: { language: PrintLanguage; zone: string },
): Printing {
  const locale = LOCALE[language];
  const day = new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    day: "numeric",
    month: language === "en" ? "short" : "numeric",
    year: "numeric",
  });
  const moment = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    day: "numeric",
    month: language === "en" ? "short" : "numeric",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const nameById = new Map(record.staff.map(({ id, name }) => [id, name]));
  for (const { body } of record.entries)
    if (body.type === "origin")
      for (const { by, name } of body.lines)
        if (by !== undefined && name !== undefined && !nameById.has(by))
          nameById.set(by, `${name} (${body.practice})`);
  return {
    record,
    language,
    word: wordsOf(language),
    say: (code) => codeText(code, language),
    date: (date) =>
      date.length === 10
        ? day.format(new Date(`${date}T00:00:00Z`))
        : date.split("-").reverse().join("/"),
    time: (instant) => moment.format(new Date(instant)),
    member: (id) => nameById.get(id) ?? id.slice(0, 8),
  };
}

/** Rows with something to say. */
export function fields(
  rows: readonly (readonly [label: string, value: Text | undefined])[],
): Block[] {
  const known = rows.flatMap(([label, value]): Field[] =>
    value === undefined || value.length === 0 ? [] : [{ label, value }],
  );
  return known.length === 0 ? [] : [{ type: "fields", rows: known }];
}

/** A narrative, paragraph by paragraph, line ends kept. */
export function prose(text: string | undefined): Block[] {
  const parts = (text ?? "").split(/\n{2,}/).filter((part) => part.trim() !== "");
  return parts.flatMap((part): Block[] =>
    part.split("\n").map((line) => ({ type: "paragraph", text: line })),
  );
}

/** A narrative whose title runs into its first line; nothing where there is none. */
export function titled(title: string, text: string | undefined): Block[] {
  const [first, ...rest] = prose(text);
  if (first?.type !== "paragraph" || typeof first.text !== "string") return [];
  return [
    { type: "paragraph", text: [{ text: `${title}  `, bold: true }, { text: first.text }] },
    ...rest,
  ];
}

/** A titled list of narratives. */
export function titledList(title: string, texts: readonly string[]): Block[] {
  const items = texts.filter((text) => text.trim() !== "").map((text) => ({ text }));
  if (items.length === 0) return [];
  return [
    { type: "paragraph", text: [{ text: title, bold: true }] },
    { type: "list", items },
  ];
}

/** A section with its title; nothing where it has nothing to say. */
export function section(title: string, blocks: readonly Block[]): Block[] {
  return blocks.length === 0 ? [] : [{ type: "heading", level: 2, text: title }, ...blocks];
}
