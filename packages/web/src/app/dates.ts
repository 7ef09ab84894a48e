import { ZONE } from "../zone.ts";
import { shownLanguage } from "./language.ts";

const LOCALE = { en: "en-GB", fi: "fi-FI" } as const;

const locale = (): string => LOCALE[shownLanguage()];

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options });

/** Noon of a date, which is on that date wherever it is said. */
const noonOf = (date: string): Date => new Date(`${date.slice(0, 10)}T12:00:00Z`);

/** `2026-11-17` as people say it: Tue 17 Nov; the year when it is another one. */
export function sayDate(date: string, today = new Date()): string {
  const isThisYear = date.slice(0, 4) === localDate(today).slice(0, 4);
  return format({
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  })
    .format(noonOf(date))
    .replace(",", "");
}

/** A date over a page of its own: Tuesday 17 November. */
export function sayWholeDate(date: string): string {
  const said = format({ timeZone: "UTC", weekday: "long", day: "numeric", month: "long" })
    .format(noonOf(date))
    .replace(",", "");
  return said.slice(0, 1).toUpperCase() + said.slice(1);
}

/** A date that is far off, where the day of the week says nothing: 17 Nov 1984; one that is known in part stays as it is. */
export const sayBirthDate = (date: string): string =>
  date.length < 10
    ? date
    : format({ timeZone: "UTC", day: "numeric", month: "short", year: "numeric" }).format(
        noonOf(date),
      );

const DAY_MS = 86_400_000;

/** A date beside today by its name: yesterday, today, tomorrow; every other as a date. */
export function sayDay(date: string, today = new Date()): string {
  const days = (noonOf(date).getTime() - noonOf(localDate(today)).getTime()) / DAY_MS;
  if (Math.abs(days) > 1) return sayDate(date, today);
  return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(days, "day");
}

/** The time of day of an instant: 14:00. */
export const sayTime = (instant: string | Date): string =>
  format({ hour: "2-digit", minute: "2-digit" }).format(new Date(instant));

/** The time of day of a local time, `2026-11-17T14:00` or `14:00`, in the reader's language: 14:00, 14.00. */
export const sayClock = (local: string): string =>
  format({ timeZone: "UTC", hour: "2-digit", minute: "2-digit" }).format(
    new Date(`1970-01-01T${local.slice(-5)}Z`),
  );

/** Date and time of an instant: Tue 17 Nov 14:00, today 14:00. */
export const sayInstant = (instant: string, today = new Date()): string =>
  `${sayDay(localDate(instant), today)} ${sayTime(instant)}`;

/** The calendar date of an instant where the practice is: YYYY-MM-DD. */
export const localDate = (instant: string | Date): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date(instant));

/** Euros of a whole number of cents. */
export const sayMoney = (cents: number): string =>
  new Intl.NumberFormat(locale(), { style: "currency", currency: "EUR" }).format(cents / 100);
