/** What keeps a part from being served, by what its program or this one found. */
const messageByCode = {
  "newer-data":
    "The database was made by a newer version of Sinetti. Nothing was changed. Start that version, or restore a backup of this one.",
  "older-data":
    "The database was made by an older version of Sinetti. Nothing was changed. Run: sinetti upgrade --config FILE",
  "changed-migration":
    "The database has seen another form of a migration than this program holds. Nothing was changed. This is not a released version.",
  "unsafe-database": "The database is not safe to keep records in. Nothing was served.",
  "database-unreachable": "The database does not answer.",
  "database-refuses":
    "The database does not let this service in: role, password, or its own access lines.",
  "database-untrusted":
    "Who answers for the database is not who the configuration names: its certificate does not hold. Nothing was sent.",
  certificate: "The certificate cannot be served with.",
  port: "The address to listen on is taken, or not this machine's.",
  "still-running": "The service is running on this database. Stop it first.",
  "lossy-migration":
    "The upgrade would have lost or changed what it should keep. Nothing was changed: the database is as it was. Report this as a fault.",
  "written-since":
    "Something was written since this backup was made, and it would be lost. Nothing was changed.",
  ended: "The service ended by itself.",
} as const;

export type ServeErrorCode = keyof typeof messageByCode;

/** What keeps a part from being served, or ended it; `details` are the program's own words: faults with their mends, never content. */
export class ServeError extends Error {
  override readonly name = "ServeError";
  readonly code: ServeErrorCode;
  readonly details: readonly string[];

  constructor(
    code: ServeErrorCode,
    details: readonly string[] = [],
    options?: { cause?: unknown },
  ) {
    super(messageByCode[code], options);
    this.code = code;
    this.details = details;
  }
}

/** The code that a program gave for not starting; null: another one. */
export function toServeErrorCode(code: unknown): ServeErrorCode | null {
  return typeof code === "string" && Object.hasOwn(messageByCode, code)
    ? (code as ServeErrorCode)
    : null;
}
