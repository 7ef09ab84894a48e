const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const formatByZone = new Map<string, Intl.DateTimeFormat>();

/**
 * The instant of a wall-clock time in a zone, milliseconds since 1970. A time that daylight saving skips is read with the
 * offset before the change (02:30 becomes 03:30); of a time that occurs twice, the first (RFC 5545 §3.3.5).
 * Throws RangeError on an unknown zone or a malformed time.
 */
export function localTimeToInstant(local: string, zone: string): number {
  const wall = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wall)) throw new RangeError("not a local time");
  const before = offsetMs(wall - DAY_MS, zone);
  const after = offsetMs(wall + DAY_MS, zone);
  const fits = [wall - before, wall - after].filter(
    (instant) => instant + offsetMs(instant, zone) === wall,
  );
  return fits.length > 0 ? Math.min(...fits) : wall - before;
}

/** The wall-clock time of an instant in a zone, `YYYY-MM-DDTHH:MM`. Throws RangeError on an unknown zone. */
export function instantToLocalTime(instant: number, zone: string): string {
  return new Date(instant + offsetMs(instant, zone)).toISOString().slice(0, 16);
}

/** Whether the runtime knows the zone. */
export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

/** A date moved by whole days, `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function offsetMs(instant: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  // By itself a year below 100 would be one of the twentieth century.
  const wall = new Date(Date.UTC(2000, of("month") - 1, of("day"), of("hour"), of("minute")));
  return wall.setUTCFullYear(of("year")) - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formatByZone.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hourCycle: "h23",
      calendar: "iso8601",
      numberingSystem: "latn",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    formatByZone.set(zone, format);
  }
  return format;
}
