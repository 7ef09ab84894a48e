import { code, optional, record, text, uint, type Shaped } from "../shape.ts";

/** Closed list of what a service answers when it refuses (RFC 9457 `code` member). */
export const PROBLEM_CODES = [
  "malformed",
  "too-large",
  "not-canonical",
  "unknown-version",
  "unknown-route",
  "wrong-service",
  "unknown-practice",
  "unsigned",
  "bad-signature",
  "outside-window",
  "replayed",
  "not-authorised",
  "not-granted",
  "frozen",
  "rate-limited",
  "conflict",
  "behind",
  "forked-chain",
  "broken-chain",
  "stale-head",
  "stale-epoch",
  "rekey-due",
  "order-reused",
  "second-person-missing",
  "pending",
  "file-closed",
  "file-erased",
  "unknown-file",
  "wraps-missing",
  "share-missing",
  "chunks-missing",
  "on-hold",
  "duplicate-entry",
  "over-budget",
  "too-early",
  "passkey-refused",
  "clock-jump",
  "restored",
  "installation-code",
  "not-found",
  "unavailable",
  "internal",
] as const;
/** One code. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** HTTP status of each code. */
export const PROBLEM_STATUS: Record<ProblemCode, number> = {
  malformed: 400,
  "too-large": 413,
  "not-canonical": 400,
  "unknown-version": 400,
  "unknown-route": 404,
  "wrong-service": 401,
  "unknown-practice": 404,
  unsigned: 401,
  "bad-signature": 401,
  "outside-window": 401,
  replayed: 409,
  "not-authorised": 403,
  "not-granted": 403,
  frozen: 403,
  "rate-limited": 429,
  conflict: 409,
  behind: 409,
  "forked-chain": 409,
  "broken-chain": 409,
  "stale-head": 409,
  "stale-epoch": 409,
  "rekey-due": 409,
  "order-reused": 409,
  "second-person-missing": 403,
  pending: 202,
  "file-closed": 409,
  "file-erased": 410,
  "unknown-file": 404,
  "wraps-missing": 409,
  "share-missing": 409,
  "chunks-missing": 409,
  "on-hold": 403,
  "duplicate-entry": 409,
  "over-budget": 403,
  "too-early": 403,
  "passkey-refused": 403,
  "clock-jump": 503,
  restored: 503,
  "installation-code": 403,
  "not-found": 404,
  unavailable: 503,
  internal: 500,
};

/**
 * Problem details (RFC 9457) as every service sends them, in deterministic CBOR (`application/problem+cbor`): a closed
 * code, never an echo of the input. `index`: which item of a batch was refused.
 */
export const problemShape = record({
  type: text(128),
  status: uint(599),
  code: code(PROBLEM_CODES),
  index: optional(uint(100_000)),
});
/** Problem details. */
export type Problem = Shaped<typeof problemShape>;

/** The problem details of a code. */
export function problemOf(problem: ProblemCode, index?: number): Problem {
  const details = {
    type: `urn:sinetti:problem:${problem}`,
    status: PROBLEM_STATUS[problem],
    code: problem,
  };
  return index === undefined ? details : { ...details, index };
}
