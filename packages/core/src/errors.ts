/** Closed list of what core can report about input that it did not make. */
export type CoreErrorCode =
  | "malformed"
  | "too-large"
  | "not-canonical"
  | "unknown-version"
  | "bad-signature"
  | "broken-chain"
  | "forked-chain"
  | "wrong-practice"
  | "not-authorised"
  | "not-granted"
  | "stale-head"
  | "stale-epoch"
  | "order-reused"
  | "second-person-missing"
  | "file-closed"
  | "file-erased"
  | "on-hold"
  | "open-failed"
  | "share-damaged";

const MESSAGES: Record<CoreErrorCode, string> = {
  malformed: "the input does not have the expected form",
  "too-large": "the input exceeds a limit",
  "not-canonical": "the input is not deterministic CBOR",
  "unknown-version": "the format version is unknown or lower than this program accepts",
  "bad-signature": "a signature does not verify",
  "broken-chain": "a statement does not follow the one before it",
  "forked-chain": "two accepted statements stand at one place of a chain",
  "wrong-practice": "the object belongs to another practice",
  "not-authorised": "the author may not do this",
  "not-granted": "no live grant allows this",
  "stale-head": "the statement cites a head that is older than one cited before, or unknown",
  "stale-epoch": "the statement is for another epoch of the file",
  "order-reused": "an order with this id was used before",
  "second-person-missing": "this needs the approval of a second person",
  "file-closed": "the file is closed",
  "file-erased": "the file is erased",
  "on-hold": "a legal hold stands on the file",
  "open-failed": "the sealed object could not be opened",
  "share-damaged": "a recovery share is damaged",
};

/** An input that core refuses; `code` says why, the message is fixed and carries no payload. */
export class CoreError extends Error {
  override readonly name = "CoreError";
  readonly code: CoreErrorCode;
  /** Fails with `code`; `cause` keeps what lay beneath. */
  constructor(code: CoreErrorCode, options?: { cause?: unknown }) {
    super(MESSAGES[code], options);
    this.code = code;
  }
}

/** Throws a CoreError with `code` unless `condition` holds. */
export function ensure(condition: boolean, code: CoreErrorCode): asserts condition {
  if (!condition) throw new CoreError(code);
}
