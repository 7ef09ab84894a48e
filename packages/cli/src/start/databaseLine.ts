/** Before each line of a database's log: when, which process, the state, who in which database, and from where. */
export const LINE_PREFIX = "%m [%p] %e %u@%d %h ";

const LINE =
  /^(?<minute>\d{4}-\d\d-\d\d \d\d:\d\d):\d\d\.\d+ UTC (?<rest>\[\d+\] (?<code>[\dA-Z]{5}) .*?)$/;
const FAULT = /^(.*? (?:WARNING|ERROR): {2})/;
/** Of the server, the way in, or a right that is missing: they name objects, and nothing that a statement holds. */
const NAMES_OBJECTS = /^(?:08|28|42501|53|57|58|F0|XX)/;

/** A line without what the message of a statement that failed repeats of its values; the code says what it was. */
export function withoutValues(line: string): string {
  const code = LINE.exec(line)?.groups?.["code"];
  const [, head] = FAULT.exec(line) ?? [];
  if (code === undefined || head === undefined || NAMES_OBJECTS.test(code)) return line;
  return `${head}a statement failed`;
}

/** A line as it is kept, with the minute alone; null: it is the tail of another one, or nothing of a running database. */
export function toTheMinute(line: string): string | null {
  const { minute, rest } = LINE.exec(line)?.groups ?? {};
  return minute === undefined || rest === undefined ? null : `${minute} UTC ${rest}`;
}
