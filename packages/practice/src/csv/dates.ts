import { isCalendarDate } from "../calendar/calendarDate.ts";
import { instantToLocalTime } from "../calendar/localTime.ts";

/** In which order a date names day, month and year. */
export type DateOrder = "dmy" | "mdy" | "ymd";

/** How the dates of one column are read. */
export interface DateReading {
  /** Order of dates whose first two numbers could be either; null: the column has none. */
  order: DateOrder | null;
  /** Last year of two digits that belongs to this century; null: the column has none. */
  pivot: number | null;
  /** IANA zone of times that come with an offset. */
  zone: string;
}

/** A date, `YYYY-MM-DD`, with its time of day, `HH:MM`, where the text has one. */
export interface ReadDate {
  date: string;
  time?: string;
}

interface DateParts {
  numbers: [string, string, string];
  separator: string;
  rest: string;
}

const YEAR_FIRST = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?=\D|$)(.*)$/;
const YEAR_LAST = /^(\d{1,2})([-./]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?=\D|$)(.*)$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const TIME =
  /^(?:klo\.?|kl\.?)?\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*(?:([ap])\.?m\.?)?\s*(z|[+-]\d{2}:?\d{2})?$/i;
const WEEKDAY = /^\p{L}{2,12}\.?,? +(?=\d)/u;

function partsOf(text: string): DateParts | undefined {
  const plain = text.trim().replace(WEEKDAY, "");
  const compact = COMPACT.exec(plain);
  if (compact !== null) {
    const [, year = "", month = "", day = ""] = compact;
    return { numbers: [year, month, day], separator: "-", rest: "" };
  }
  const found = YEAR_FIRST.exec(plain) ?? YEAR_LAST.exec(plain);
  if (found === null) return undefined;
  const [, first = "", separator = "", second = "", third = "", rest = ""] = found;
  return { numbers: [first, second, third], separator, rest };
}

/** What a text says of the order of its column, if it is a date. */
export interface OrderHint {
  /** The orders in which it names a day of the calendar. */
  orders: DateOrder[];
  /** Whether the way it is written leaves no choice. */
  isPlain: boolean;
  /** Whether its year has two digits. */
  isShort: boolean;
}

/** What a text says of the order of its column; undefined when it is no date. */
export function orderHint(text: string): OrderHint | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const possible = possibleOrders(parts);
  const orders = possible.filter((order) => toDate(parts, { order, pivot: 99 }) !== undefined);
  const isShort = parts.numbers[0].length < 4 && parts.numbers[2].length === 2;
  return orders.length === 0 ? undefined : { orders, isPlain: possible.length === 1, isShort };
}

// Dots stand between day, month and year wherever dates are written with them; the third of March is one day either way.
function possibleOrders({ numbers: [first, second], separator }: DateParts): DateOrder[] {
  if (first.length === 4) return ["ymd"];
  return separator === "." || Number(first) === Number(second) ? ["dmy"] : ["dmy", "mdy"];
}

function toDate(
  { numbers: [first, second, third] }: DateParts,
  { order, pivot }: { order: DateOrder; pivot: number | null },
): string | undefined {
  const [year, month, day] =
    order === "ymd"
      ? [first, second, third]
      : order === "dmy"
        ? [third, second, first]
        : [third, first, second];
  if (year.length < 4 && pivot === null) return undefined;
  const century = year.length === 4 ? "" : Number(year) <= (pivot ?? 0) ? "20" : "19";
  const date = `${century}${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return isCalendarDate(date) ? date : undefined;
}

/**
 * A date as other systems write it: 2024-02-01, 20240201, 1.2.2024, 1/2/2024, with a time behind it (14:30, klo 14.30, 2:30 PM, T14:30Z).
 * undefined when it is none, or `reading` does not say how to read it.
 */
export function readDate(text: string, reading: DateReading): ReadDate | undefined {
  const parts = partsOf(text);
  if (parts === undefined) return undefined;
  const orders = possibleOrders(parts);
  const order = orders.length === 1 ? orders[0] : orders.find((each) => each === reading.order);
  const date = order === undefined ? undefined : toDate(parts, { order, pivot: reading.pivot });
  const rest = parts.rest.replace(/^[T\s,]+/i, "");
  if (date === undefined || rest === "") return date === undefined ? undefined : { date };
  const time = readTime(rest);
  if (time === undefined) return undefined;
  const zoned = TIME.exec(rest)?.[5];
  if (zoned === undefined) return { date, time };
  const instant = Date.parse(`${date}T${time}:00${toOffset(zoned)}`);
  if (Number.isNaN(instant)) return undefined;
  const [day = "", local = ""] = instantToLocalTime(instant, reading.zone).split("T");
  return isCalendarDate(day) ? { date: day, time: local } : undefined;
}

function toOffset(text: string): string {
  return /^z$/i.test(text) ? "Z" : `${text.slice(0, 3)}:${text.slice(-2)}`;
}

/** A time of day as `HH:MM`: 14:30, 14.30, klo 14.30, 2:30 PM; undefined when it is none. */
export function readTime(text: string): string | undefined {
  const found = TIME.exec(text.trim());
  if (found === null) return undefined;
  const [, hourText = "", minute = "", second = "00", half] = found;
  const hour = half === undefined ? Number(hourText) : toDayHour(Number(hourText), half);
  if (hour === undefined || hour > 23 || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  return `${String(hour).padStart(2, "0")}:${minute}`;
}

function toDayHour(hour: number, half: string): number | undefined {
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
}
