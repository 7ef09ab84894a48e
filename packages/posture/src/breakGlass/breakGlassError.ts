export type BreakGlassErrorCode =
  | "too-long"
  | "not-said"
  | "not-superuser"
  | "no-such-role"
  | "too-powerful"
  | "not-break-glass";

const MESSAGES: Record<BreakGlassErrorCode, string> = {
  "too-long": "a database is opened for a minute at least and four hours at most",
  "not-said": "who opens it and why must be said, in 200 and 500 letters at most",
  "not-superuser": "only a superuser of the database can open it for a time, and end it",
  "no-such-role": "there is no such owner role",
  "too-powerful": "that role is a superuser, or can become one, or has a power beyond its tables",
  "not-break-glass": "there is no such temporary access",
};

/** An access that is not opened or closed; nothing was changed. */
export class BreakGlassError extends Error {
  override readonly name = "BreakGlassError";
  readonly code: BreakGlassErrorCode;

  constructor(code: BreakGlassErrorCode) {
    super(MESSAGES[code]);
    this.code = code;
  }
}
