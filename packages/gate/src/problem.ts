import {
  CoreError,
  encodeShape,
  problemOf,
  problemShape,
  type CoreErrorCode,
  type ProblemCode,
} from "@sinetti/core";

/** A request that is turned away; `index`: which item of a batch. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code: ProblemCode;
  readonly index: number | undefined;
  constructor(code: ProblemCode, options: { index?: number; cause?: unknown } = {}) {
    super(code, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.index = options.index;
  }
}

/** Turns the request away unless `condition` holds. */
export function allow(condition: boolean, code: ProblemCode): asserts condition {
  if (!condition) throw new Refusal(code);
}

/** What core says that is not itself a problem code. */
const OTHER_CODES: Partial<Record<CoreErrorCode, ProblemCode>> = {
  "wrong-practice": "unknown-practice",
  "open-failed": "internal",
  "share-damaged": "malformed",
};

const UNREACHABLE = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  // PostgreSQL: shutting down, starting, disk full, out of memory, out of connections, disk faulty, deadlock, serialisation.
  "57P01",
  "57P02",
  "57P03",
  "53100",
  "53200",
  "53300",
  "58030",
  "40P01",
  "40001",
  // Of statements sent together, one behind the one that failed, heard first.
  "25P02",
]);
const UNIQUE_VIOLATION = "23505";
/** What each constraint means to a client. */
const CONSTRAINT_CODES: Record<string, ProblemCode> = {
  log_nonce: "replayed",
  installation_code_spent: "installation-code",
};

interface DatabaseFault {
  readonly code: string;
  readonly constraint_name?: string;
}

function isDatabaseFault(error: unknown): error is DatabaseFault {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

/** Whether another transaction wrote the same row first: who reads again sees what stands there. 25P02 is a statement behind the one that met it. */
export function hasMet(error: unknown): boolean {
  return isDatabaseFault(error) && (error.code === UNIQUE_VIOLATION || error.code === "25P02");
}

function codeOf(error: unknown): ProblemCode {
  if (error instanceof Refusal) return error.code;
  if (error instanceof CoreError) return OTHER_CODES[error.code] ?? (error.code as ProblemCode);
  if (!isDatabaseFault(error)) return "internal";
  if (UNREACHABLE.has(error.code)) return "unavailable";
  // Two requests for one place of a chain: the second finds it taken.
  if (error.code === UNIQUE_VIOLATION)
    return CONSTRAINT_CODES[error.constraint_name ?? ""] ?? "conflict";
  return "internal";
}

/** Any error as a refusal. */
export function toRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal(codeOf(error), { cause: error });
}

/** The answer to a refused request. */
export function problemResponse({ code, index }: Refusal): Response {
  const problem = problemOf(code, index);
  return new Response(encodeShape(problemShape, problem) as Uint8Array<ArrayBuffer>, {
    status: problem.status,
    headers: { "content-type": "application/problem+cbor" },
  });
}
