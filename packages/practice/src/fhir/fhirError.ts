import type { z } from "zod";
import { zodIssuesToIssues } from "../records/issue.ts";

/** Closed list of why a bundle is refused. */
export type FhirErrorCode =
  | "not-json"
  | "not-fhir"
  | "not-a-bundle"
  | "no-patient"
  | "several-patients"
  | "resource-invalid";

const MESSAGES: Record<FhirErrorCode, string> = {
  "not-json": "the file is not JSON, or it is cut off",
  "not-fhir": "the file is not FHIR",
  "not-a-bundle": "the file is not a FHIR bundle",
  "no-patient": "the bundle holds no patient",
  "several-patients": "the bundle holds, or speaks of, more than one patient",
  "resource-invalid": "a resource does not have the expected form",
};

/** Where in a bundle something is wrong: the entry's index from 0, and the field's path; never a value. */
export interface FhirPlace {
  resourceIndex?: number;
  field?: string;
}

/** A bundle that is refused whole; `code` says why, `resourceIndex` and `field` where; the message carries no payload. */
export class FhirError extends Error {
  override readonly name = "FhirError";
  readonly code: FhirErrorCode;
  readonly resourceIndex: number | undefined;
  readonly field: string | undefined;
  /** Fails with `code` at `place`; `cause` keeps what lay beneath. */
  constructor(code: FhirErrorCode, place: FhirPlace = {}, options?: { cause?: unknown }) {
    super(MESSAGES[code], options);
    this.code = code;
    this.resourceIndex = place.resourceIndex;
    this.field = place.field;
  }
}

/** The part of a resource that `schema` describes; throws `resource-invalid` with the first field that is wrong. */
export function readFields<S extends z.ZodType>(
  schema: S,
  item: { index: number; resource: unknown },
): z.output<S> {
  const parsed = schema.safeParse(item.resource);
  if (parsed.success) return parsed.data;
  const [first] = zodIssuesToIssues(parsed.error.issues);
  throw new FhirError("resource-invalid", {
    resourceIndex: item.index,
    ...(first !== undefined && { field: first.field }),
  });
}
