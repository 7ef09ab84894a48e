import { ZONE } from "../zone.ts";
import { shownLanguage } from "./language.ts";

const LOCALE = { en: "en-GB", fi: "fi-FI" } as const;

const locale = (): string => LOCALE[shownLanguage()];

const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options });

/** `2026-11-17` as people say it: Tue 17 Nov; the year when it is another one. */
export function sayDate(date: string, today = new Date()): string {
  const day = new Date(`${date.slice(0, 10)}T12:00:00Z`);
  const isThisYear = date.slice(0, 4) === localDate(today).slice(0, 4);
  return format({
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(day);
}

/** The time of day of an instant: 14:00. */
export const sayTime = (instant: string | Date): string =>
  format({ hour: "2-digit", minute: "2-digit" }).format(new Date(instant));

/** Date and time of an instant: Tue 17 Nov 14:00. */
export const sayInstant = (instant: string): string =>
  `${sayDate(localDate(instant))} ${sayTime(instant)}`;

/** The calendar date of an instant where the practice is: YYYY-MM-DD. */
export const localDate = (instant: string | Date): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date(instant));

/** Euros of a whole number of cents. */
export const sayMoney = (cents: number): string =>
  new Intl.NumberFormat(locale(), { style: "currency", currency: "EUR" }).format(cents / 100);
