import type { PracticeError } from "@sinetti/practice";

/** Wrong words on the command line: an option that is missing, or one that says nothing. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A file or value that is not taken; `source` names the file, `fields` what is wrong in it, never what it holds. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly source: string;
  readonly fields: readonly string[];

  constructor(
    source: string,
    message: string,
    { fields = [], cause }: { fields?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.source = source;
    this.fields = fields;
  }
}

/** A person who stopped the command; `kept` says what stands. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** What a record or note is refused for, field by field, each once. */
export function issueFields({ issues }: PracticeError): string[] {
  return [...new Set(issues.map(({ field, rule }) => `${field} (${rule})`))];
}
