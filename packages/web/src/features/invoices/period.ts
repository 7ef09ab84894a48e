/** Months that a search for what is to be billed can reach back. */
export const MONTHS = [1, 2, 3, 6, 12] as const;

/** The first day of the month so many months before a day: `2026-11-21`, 2 → `2026-09-01`. */
export function monthsBack(day: string, months: number): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}

/** Cents of what somebody typed: `95`, `95,50`, `95.5`; null: no sum of money. */
export function centsOf(text: string): number | null {
  const found = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.replaceAll(/[\s€]/g, ""));
  if (found === null) return null;
  const [, whole = "0", part = "0"] = found;
  return Number(whole) * 100 + Number(part.padEnd(2, "0"));
}

/** A sum as it is typed. */
export const centsText = (cents: number): string => (cents / 100).toFixed(2);
