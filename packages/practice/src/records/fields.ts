import { z } from "zod";
import { holdsCalendarDate } from "../calendar/calendarDate.ts";
import { isZone } from "../calendar/localTime.ts";

/** Characters of one line: a name, a label, a title. */
export const LINE_MAX = 500;
/** Characters of one narrative. */
export const TEXT_MAX = 200_000;
/** Items of one list. */
export const LIST_MAX = 1000;

/** One line of text without control characters. */
export const line = z
  .string()
  .min(1)
  .max(LINE_MAX)
  .regex(/^[^\u0000-\u001f\u007f]*$/)
  .refine(isWellFormed);
/** A narrative, possibly empty. */
export const text = z.string().max(TEXT_MAX).refine(isWellFormed);
// UTF-8 would silently change a lone surrogate.
function isWellFormed(value: string): boolean {
  return value.isWellFormed();
}

/** Author's time: ISO 8601 with an offset. */
export const instant = z.iso.datetime({ offset: true });
/** Calendar month, `YYYY-MM`. */
export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
/** Calendar date, `YYYY-MM-DD`. */
export const date = z.iso.date();
/** A date of which only the year, or year and month, may be known. */
export const partialDate = z
  .string()
  .regex(/^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/)
  .refine(holdsCalendarDate);
/** Wall-clock time without zone, `YYYY-MM-DDTHH:MM`. */
export const localTime = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d$/)
  .refine(holdsCalendarDate);
/** IANA zone name, `Europe/Helsinki`. */
export const zone = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9+_/-]{1,63}$/)
  .refine(isZone);
/** Id of a file, entry, member or site: 16 bytes as 32 lowercase hexadecimal digits. */
export const id = z.string().regex(/^[0-9a-f]{32}$/);
/** SHA-256 as 64 lowercase hexadecimal digits. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A decimal as text: sealed bodies hold no floating-point numbers. */
export const decimal = z
  .string()
  .max(40)
  .regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/);
/** Money in cents. */
export const cents = z.int();
/** ISO 3166-1 alpha-2 country. */
export const country = z.string().regex(/^[A-Z]{2}$/);
/** A short code of a closed or foreign vocabulary. */
export const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:_/+-]{0,63}$/);
/** Key of a put/remove entry. */
export const entryKey = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9./_:-]{0,127}$/);
/** A list of at most LIST_MAX. */
export const list = <S extends z.ZodType>(item: S) => z.array(item).max(LIST_MAX);

/** Schema of one sealed entry body: version, type, author's time and the fields of the type. */
export function bodyOf<T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.strictObject({ v: z.literal(1), type: z.literal(type), at: instant, ...shape });
}

/** A code of a foreign vocabulary with its words. */
export const coding = z.strictObject({
  system: line.exactOptional(),
  code: line.exactOptional(),
  text: line.exactOptional(),
});
/** A code of a foreign vocabulary with its words. */
export type Coding = z.infer<typeof coding>;

const content = z.string().max(1_000_000).refine(isWellFormed);

/** Where an imported record came from, with the original kept whole, or named by hash when it was kept apart. */
export const source = z.strictObject({
  sourceType: code,
  sourceId: line,
  url: line.exactOptional(),
  sha256,
  json: content.exactOptional(),
});
/** Where an imported record came from. */
export type Source = z.infer<typeof source>;

/** Takes back an earlier entry of the same file; the original stays readable. */
export const retraction = bodyOf("retraction", { entry: id, reason: line });

/** Originals without a home of their own, several to an entry. */
export const sourceDocument = bodyOf("sourceDocument", {
  sourceType: code,
  sourceId: line,
  sha256,
  documents: z
    .array(
      z.strictObject({
        sourceId: line,
        kind: code,
        url: line.exactOptional(),
        encoding: z.enum(["json", "text", "base64"]),
        sha256,
        content,
        part: z.strictObject({ index: z.int().min(0), count: z.int().min(2) }).exactOptional(),
        originalOf: line.exactOptional(),
      }),
    )
    .min(1)
    .max(LIST_MAX),
});
/** Originals kept word for word: each with its kind and SHA-256; `originalOf` names the mapped record whose original it is. */
export type SourceDocument = z.infer<typeof sourceDocument>;
