const messageByCode = {
  "account-missing":
    "PostgreSQL refuses to run as root and no unprivileged account could be found or made.",
  "binaries-missing":
    "The PostgreSQL binaries for this platform are not installed. Run: npm install",
  "cluster-failed": "PostgreSQL did not start.",
  "database-unsafe": "A database is not safe, and no service starts on it.",
  "data-in-use": "Another launcher is running on this data folder.",
  "folder-closed": "A folder cannot be made or entered.",
  "folder-foreign": "The data folder is not empty, and it is not one of Sinetti's.",
  "folder-unsafe": "A folder that must be private belongs to another user or is a link.",
  "initdb-failed": "PostgreSQL could not create its data folder.",
  "port-in-use": "A port that is needed is taken by another program.",
  "secret-missing":
    "A secret file is gone, and what it protects is still there. A new one would not open it: bring the file back.",
  "secret-unreadable": "A secret file is damaged: it does not hold what was written to it.",
  "service-failed": "A service did not start.",
} as const;

export type StartErrorCode = keyof typeof messageByCode;

/** What keeps the system from starting. `detail` names a folder, a port or a log line, never a secret. */
export class StartError extends Error {
  readonly code: StartErrorCode;

  constructor(code: StartErrorCode, detail?: string, options?: { cause?: unknown }) {
    super(
      detail === undefined ? messageByCode[code] : `${messageByCode[code]} (${detail})`,
      options,
    );
    this.name = "StartError";
    this.code = code;
  }
}
