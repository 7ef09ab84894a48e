import { z } from "zod";
import { holdsCalendarDate } from "../calendar/calendarDate.ts";
import type { Coding } from "../records/fields.ts";
import { LINE_MAX, TEXT_MAX } from "../records/fields.ts";

const optionalText = z.string().optional();

/** FHIR `dateTime` and `date`: a year, a month, a day, or a full time with offset (hl7.org/fhir/R4/datatypes.html#dateTime). */
export const fhirDateTime = z
  .string()
  .regex(
    /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d))?)?)?$/,
  )
  .refine(holdsCalendarDate);
/** FHIR `CodeableConcept`. */
export const codeableConcept = z.object({
  coding: z
    .array(z.object({ system: optionalText, code: optionalText, display: optionalText }))
    .optional(),
  text: optionalText,
});
/** FHIR `CodeableConcept`. */
export type CodeableConcept = z.infer<typeof codeableConcept>;
/** FHIR `Reference`. */
export const reference = z.object({ reference: optionalText, display: optionalText });
/** FHIR `Reference`. */
export type Reference = z.infer<typeof reference>;
/** FHIR `Period`. */
export const period = z.object({ start: fhirDateTime.optional(), end: fhirDateTime.optional() });
/** FHIR `HumanName`. */
export const humanName = z.object({
  use: optionalText,
  text: optionalText,
  family: optionalText,
  given: z.array(z.string().nullable()).optional(),
  prefix: z.array(z.string().nullable()).optional(),
  suffix: z.array(z.string().nullable()).optional(),
});
/** FHIR `ContactPoint`. */
export const contactPoint = z.object({
  system: optionalText,
  value: optionalText,
  use: optionalText,
});
/** FHIR `Address`. */
export const fhirAddress = z.object({
  use: optionalText,
  line: z.array(z.string().nullable()).optional(),
  city: optionalText,
  state: optionalText,
  postalCode: optionalText,
  country: optionalText,
});
/** FHIR `Attachment`. */
export const fhirAttachment = z.object({
  contentType: optionalText,
  title: optionalText,
  data: optionalText,
  creation: fhirDateTime.optional(),
});

/** A text cut to one line of a record: control characters become spaces; undefined when nothing is left. */
export function toLine(text: string | null | undefined): string | undefined {
  const plain = (text ?? "")
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim();
  return plain === "" ? undefined : cut(plain, LINE_MAX);
}

/** A text cut to a record's narrative; undefined when nothing is left. */
export function toText(text: string | null | undefined): string | undefined {
  const plain = (text ?? "").toWellFormed().trim();
  return plain === "" ? undefined : cut(plain, TEXT_MAX);
}

/** The lines of a list that are not empty. */
export function toLines(texts: readonly (string | null | undefined)[] | undefined): string[] {
  return (texts ?? []).flatMap((text) => toLine(text) ?? []);
}

/** A CodeableConcept as a record's coding: the first coding that `prefer` likes, else the first; undefined when it says nothing. */
export function toCoding(
  concept: CodeableConcept | undefined,
  prefer?: (system: string) => boolean,
): Coding | undefined {
  const codings = concept?.coding ?? [];
  const chosen = (prefer && codings.find(({ system }) => prefer(system ?? ""))) ?? codings[0];
  const coding = withoutUndefined({
    system: toLine(chosen?.system),
    code: toLine(chosen?.code),
    text: toLine(concept?.text) ?? toLine(chosen?.display),
  });
  return Object.keys(coding).length === 0 ? undefined : coding;
}

/** What a concept is called, in one line. */
export function conceptText(concept: CodeableConcept | undefined): string | undefined {
  const coding = toCoding(concept);
  return coding?.text ?? coding?.code;
}

/** The full time of a dateTime, or undefined when it holds only a date. */
export function toInstant(dateTime: string | undefined): string | undefined {
  return dateTime?.includes("T") ? dateTime : undefined;
}

/** The date of a dateTime, as far as it is known. */
export function toPartialDate(dateTime: string | undefined): string | undefined {
  return dateTime?.slice(0, 10);
}

/** Author's time of an imported record: the first known of `dateTimes` (a date counts from midnight UTC), else `fallback`. */
export function toAt(dateTimes: readonly (string | undefined)[], fallback: string): string {
  const known = dateTimes.find((dateTime) => dateTime !== undefined);
  if (known === undefined) return fallback;
  return known.includes("T")
    ? known
    : `${known}${"-01-01".slice(known.length === 4 ? 0 : known.length === 7 ? 3 : 6)}T00:00:00Z`;
}

/** `T` whose possibly undefined fields may be absent instead. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same object without its undefined fields: sealed bodies know no undefined. */
export function withoutUndefined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : text.slice(0, max).replace(/[\ud800-\udbff]$/, "");
}
