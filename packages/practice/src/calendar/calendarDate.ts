/** Whether `text` is a day of the calendar, `YYYY-MM-DD`. */
export function isCalendarDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** Whether `text` begins with a day of the calendar, or is too short to name a day. */
export function holdsCalendarDate(text: string): boolean {
  return text.length < 10 || isCalendarDate(text.slice(0, 10));
}
