/** How finely a time is given. */
export type Grain = "instant" | "day" | "month" | "season" | "year";

/** A time as a facts file gives it: the days it spans, first and last, as ISO dates, and its grain. */
export interface Time {
  readonly text: string;
  readonly grain: Grain;
  /** ISO 8601, for ordering; the first moment that it can mean. */
  readonly first: string;
  readonly last: string;
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
/** Months of the northern seasons; winter is that which ends in the year. */
const seasons: Readonly<Record<string, readonly [string, string]>> = {
  winter: ["01-01", "02-29"],
  spring: ["03-01", "05-31"],
  summer: ["06-01", "08-31"],
  autumn: ["09-01", "11-30"],
};

const form =
  /^(?<year>\d{4})(?:-(?<season>winter|spring|summer|autumn)|-(?<month>0[1-9]|1[0-2])(?:-(?<day>0[1-9]|[12]\d|3[01])(?:T(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?<zone>Z|[+-](?:0\d|1[0-4]):[0-5]\d))?)?)?$/;

function isDayOfMonth(year: number, month: number, day: number): boolean {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day <= days;
}

/** Reads `2020`, `2020-autumn`, `2020-10`, `2020-10-21` or `2020-10-21T04:00+03:00`; undefined: not a time. */
export function readTime(text: string): Time | undefined {
  const { year, season, month, day, hour } = form.exec(text)?.groups ?? {};
  if (year === undefined) return undefined;
  const [from, to] = seasons[season ?? ""] ?? [];
  if (from !== undefined && to !== undefined)
    return { text, grain: "season", first: `${year}-${from}`, last: `${year}-${to}` };
  if (month === undefined)
    return { text, grain: "year", first: `${year}-01-01`, last: `${year}-12-31` };
  if (day === undefined)
    return { text, grain: "month", first: `${year}-${month}-01`, last: `${year}-${month}-31` };
  if (!isDayOfMonth(Number(year), Number(month), Number(day))) return undefined;
  const date = `${year}-${month}-${day}`;
  if (hour === undefined) return { text, grain: "day", first: date, last: date };
  return { text, grain: "instant", first: text.slice(0, 16), last: text.slice(0, 16) };
}

/** A time as people write it: `26 Nov 2017`, `October 2020`, `autumn 2020`, `21 Oct 2020, 04:00 (UTC+03:00)`. */
export function timeText({ text, grain }: Time): string {
  const { year = "", season = "", month, day, hour, minute, zone } = form.exec(text)?.groups ?? {};
  const name = months[Number(month) - 1] ?? "";
  if (grain === "season") return `${season} ${year}`;
  if (grain === "year") return year;
  if (grain === "month") return `${name} ${year}`;
  const date = `${Number(day)} ${name.slice(0, 3)} ${year}`;
  if (grain === "day") return date;
  return `${date}, ${hour}:${minute} (UTC${zone === "Z" ? "" : zone})`;
}

/** Whether `other` can lie before `time` ends: what a range needs of its two ends. */
export function isBefore(time: Time, other: Time): boolean {
  return time.first <= other.last;
}
