const messageByCode = {
  busy: "Another backup of this data folder is being made. Nothing was written.",
  "catch-up-refused":
    "One service holds what another one refuses. Nothing was put in place. Tell your privacy officer: the chains of this practice do not agree.",
  damaged:
    "A file of the backup is damaged or incomplete. Nothing was put in place. Take another copy of it, or another backup.",
  "data-exists":
    "What would be restored is there already. Nothing was changed. Name another folder, or move the old one away first.",
  "dated-ahead":
    "The newest backup in this folder is dated in the future, so the newest may not be the last. Nothing was changed. Name the one you mean.",
  "gate-beside":
    "The gate's keys and the backups would lie in one folder, and whoever takes it would have both. Nothing was written. Name a place that another person keeps.",
  "gate-key-other":
    "The gate holds another key than this file. Nothing was changed: what stands there may still be needed.",
  "gate-secrets-missing": "The gate's keys are not there. Nothing was written.",
  incomplete: "There is no whole backup in this folder. Nothing was changed.",
  "newer-format":
    "This backup was made by a newer version of Sinetti. Nothing was changed. Restore it with that version.",
  "no-room":
    "There is no room for a backup there. What was written of it is removed; older backups stand.",
  "other-signer":
    "This backup was signed by another system than the one that the identity file names. Nothing was changed.",
  "recipient-shared":
    "The gate's keys and the backups would open with one identity, and whoever held it would hold everything. Nothing was written. Name a recipient of another person.",
  "same-disk":
    "The backups would lie on the file system of the data, and be lost with it. Nothing was written. Is the medium mounted? Say --same-disk if you mean it.",
  "service-failed": "A service could not do its part. Nothing was put in place.",
  "shelf-gone":
    "The last backup is not in this folder any more. Nothing was written. Is the medium mounted? If it was changed for another, run sinetti backup --out once by hand.",
  "wrong-identity": "This identity does not open the file. Nothing was changed.",
} as const;

/** Closed list of what keeps a backup from being made or restored. */
export type BackupErrorCode = keyof typeof messageByCode;

/** What keeps a backup from being made or restored; `detail` names a file, service or code, never content. */
export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly code: BackupErrorCode;

  constructor(code: BackupErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const { detail, cause } = options;
    super(detail === undefined ? messageByCode[code] : `${messageByCode[code]} (${detail})`, {
      cause,
    });
    this.code = code;
  }
}
