const messageByCode = {
  "build-failed": "The web client could not be built.",
  "manifest-missing": "This folder holds no built web client: it has no manifest.json.",
  "manifest-unreadable": "A manifest is damaged, or of another version.",
  "key-unreadable": "This file holds no release key.",
  "file-exists": "The file is there already. Nothing was written.",
  "site-differs":
    "What is served is not the release. Take the site off the net and tell your privacy officer.",
} as const;

/** Closed list of what is wrong with a built or served web client. */
export type SiteErrorCode = keyof typeof messageByCode;

/** What is wrong with a built or served web client; `details` name files, headers and addresses. */
export class SiteError extends Error {
  override readonly name = "SiteError";
  readonly code: SiteErrorCode;
  readonly details: readonly string[];

  constructor(code: SiteErrorCode, details: readonly string[] = [], options?: { cause?: unknown }) {
    super(messageByCode[code], options);
    this.code = code;
    this.details = details;
  }
}
