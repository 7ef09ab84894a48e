/** Closed list of why an export does not come about. */
export type ExportErrorCode =
  | "recipient-invalid"
  | "withhold-refused"
  | "not-logged"
  | "approval-missing"
  | "other-export"
  | "stopped"
  | "package-broken"
  | "wrong-identity";

const MESSAGES: Record<ExportErrorCode, string> = {
  "recipient-invalid":
    "A recipient is no age recipient (age1…), or ordinary and post-quantum recipients are mixed. Nothing was opened.",
  "withhold-refused": "A passage cannot be withheld as asked. Nothing was given out.",
  "not-logged":
    "The export could not be written into the record, and what is not logged is not given out. It needs the right to write in one of the patient's files.",
  "approval-missing":
    "A whole practice leaves only with another person's approval. Nothing more was given out; what is whole already stays.",
  "other-export":
    "This folder holds the export of another practice, or to other recipients. Nothing was written; name another folder.",
  stopped: "Stopped. No file was made.",
  "package-broken": "The package is not whole, or was changed after it was made.",
  "wrong-identity": "The identity or passphrase does not open this file.",
};

/** An export that did not come about, or a package that does not hold; `details` name places, never content. */
export class ExportError extends Error {
  override readonly name = "ExportError";
  readonly code: ExportErrorCode;
  readonly details: readonly string[];
  constructor(
    code: ExportErrorCode,
    { details = [], cause }: { details?: readonly string[]; cause?: unknown } = {},
  ) {
    super(MESSAGES[code], { cause });
    this.code = code;
    this.details = details;
  }
}
