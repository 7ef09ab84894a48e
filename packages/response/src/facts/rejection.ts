/** Why a facts file is refused, at one place: never with the text that stands there. */
export interface Rejection {
  /** Line of the file, from 1. */
  readonly line: number;
  /** Path of the field: `facts[3].precision`; `.` is the whole file. */
  readonly field: string;
  readonly problem: string;
  readonly expected: string;
}

/** A rejection as one line of text. */
export function rejectionText({ line, field, problem, expected }: Rejection): string {
  return `line ${line}, ${field}: ${problem}; expected ${expected}`;
}

/** A path as a person reads it. */
export function fieldText(path: readonly PropertyKey[]): string {
  const text = path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("");
  return text === "" ? "." : text.replace(/^\./, "");
}
