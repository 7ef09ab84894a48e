/** Closed list of what this package refuses. */
export type PracticeErrorCode =
  | "record-invalid"
  | "note-invalid"
  | "ledger-invalid"
  | "measure-invalid";

/** Closed list of what can be wrong with one field. */
export type IssueRule =
  | "missing"
  | "wrong-type"
  | "wrong-format"
  | "not-one-of"
  | "too-short"
  | "too-long"
  | "out-of-range"
  | "unknown-field"
  | "unknown-section"
  | "inconsistent";

/** One thing wrong with an input: the field's path (`sections.0.text`) and the rule it broke, never the value. */
export interface Issue {
  field: string;
  rule: IssueRule;
}

const MESSAGES: Record<PracticeErrorCode, string> = {
  "record-invalid": "the record does not have the expected form",
  "note-invalid": "the note does not fit its template or its state",
  "ledger-invalid": "the ledger does not allow this entry",
  "measure-invalid": "the answers do not fit the measure",
};

/** An input that this package refuses; `code` says why, `issues` where; the message is fixed and carries no payload. */
export class PracticeError extends Error {
  override readonly name = "PracticeError";
  readonly code: PracticeErrorCode;
  readonly issues: readonly Issue[];
  /** Fails with `code`; `issues` name the fields. */
  constructor(code: PracticeErrorCode, issues: readonly Issue[]) {
    super(MESSAGES[code]);
    this.code = code;
    this.issues = issues;
  }
}
