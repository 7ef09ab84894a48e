import {
  CoreError,
  encodeShape,
  problemOf,
  problemShape,
  type CoreErrorCode,
  type ProblemCode,
} from "@sinetti/core";

/** What the vault refuses, by a code of the closed list; `index` names the item of a batch. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ProblemCode;
  readonly index: number | undefined;
  constructor(code: ProblemCode, options: { index?: number | undefined; cause?: unknown } = {}) {
    super("the request was refused", { cause: options.cause });
    this.code = code;
    this.index = options.index;
  }
}

export function refuse(code: ProblemCode, index?: number): never {
  throw new Refusal(code, { index });
}

const PROBLEM_BY_CORE: Record<CoreErrorCode, ProblemCode> = {
  malformed: "malformed",
  "too-large": "too-large",
  "not-canonical": "not-canonical",
  "unknown-version": "unknown-version",
  "bad-signature": "bad-signature",
  "broken-chain": "broken-chain",
  "forked-chain": "forked-chain",
  "wrong-practice": "malformed",
  "not-authorised": "not-authorised",
  "not-granted": "not-granted",
  "stale-head": "stale-head",
  "stale-epoch": "stale-epoch",
  "order-reused": "order-reused",
  "second-person-missing": "second-person-missing",
  "file-closed": "file-closed",
  "file-erased": "file-erased",
  "on-hold": "on-hold",
  "open-failed": "internal",
  "share-damaged": "internal",
};

/** Shutting down, out of connections or disk, a disk that fails, a connection that broke, a deadlock, or a statement behind one that met this: worth asking again. */
const UNAVAILABLE =
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ENOENT|57P|53|58030|08|40P01|40001|25P02)/;

export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof CoreError) return new Refusal(PROBLEM_BY_CORE[error.code], { cause: error });
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new Refusal(UNAVAILABLE.test(code) ? "unavailable" : "internal", { cause: error });
}

/** Runs the check of one item of a batch, so that a refusal names it. */
export function atItem<T>(index: number, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof CoreError)
      throw new Refusal(PROBLEM_BY_CORE[error.code], { index, cause: error });
    if (error instanceof Refusal && error.index === undefined)
      throw new Refusal(error.code, { index, cause: error });
    throw error;
  }
}

export function problemResponse({ code, index }: Refusal): Response {
  const problem = problemOf(code, index);
  return new Response(Uint8Array.from(encodeShape(problemShape, problem)), {
    status: problem.status,
    headers: { "content-type": "application/problem+cbor" },
  });
}
