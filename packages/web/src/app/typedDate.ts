/** `2026-11-07` as it is typed: 7.11.2026, which nobody reads as another day. What is no date stays as it is. */
export function showDate(date: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return found === null ? date : `${Number(found[3])}.${Number(found[2])}.${found[1]}`;
}

const FORMS = [
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})$/,
  /^(?<day>\d{1,2})[./ ]\s*(?<month>\d{1,2})[./ ]\s*(?<year>\d{4})$/,
];

/** A date as somebody types it: day, month, year, or as ISO 8601 has it. Gives `YYYY-MM-DD`; null: it is none. */
export function readDate(typed: string): string | null {
  const found = FORMS.map((form) => form.exec(typed.trim())?.groups).find((each) => each);
  if (found === undefined) return null;
  const { year, month, day } = found;
  const date = `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
  const at = new Date(`${date}T12:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== date ? null : date;
}
