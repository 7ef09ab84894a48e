import type { z } from "zod";
import type { Issue, IssueRule } from "../error.ts";
import { PracticeError } from "../error.ts";

const SAFE_SEGMENT = /^[A-Za-z][A-Za-z0-9]{0,39}$/;

/** Turns what zod found into fields and rules; nothing that the input chose reaches the result. */
export function zodIssuesToIssues(found: readonly z.core.$ZodIssue[]): Issue[] {
  return found.map((issue) => ({ field: pathToField(issue.path), rule: issueToRule(issue) }));
}

/** The value as `schema` validates it; throws `record-invalid` with the issues. */
export function parseRecord<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new PracticeError("record-invalid", zodIssuesToIssues(parsed.error.issues));
  return parsed.data;
}

// A path may run through a key that the input chose, and a key can hold a name or a code.
function pathToField(path: readonly PropertyKey[]): string {
  const segments = path.map((part) =>
    typeof part === "number" || SAFE_SEGMENT.test(String(part)) ? String(part) : "?",
  );
  return segments.length === 0 ? "." : segments.join(".");
}

function issueToRule(issue: z.core.$ZodIssue): IssueRule {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined && /received undefined/.test(issue.message)
        ? "missing"
        : "wrong-type";
    case "invalid_format":
    case "custom":
      return "wrong-format";
    case "invalid_value":
    case "invalid_union":
      return "not-one-of";
    case "too_small":
      return issue.origin === "string" || issue.origin === "array" ? "too-short" : "out-of-range";
    case "too_big":
      return issue.origin === "string" || issue.origin === "array" ? "too-long" : "out-of-range";
    case "unrecognized_keys":
      return "unknown-field";
    default:
      return "inconsistent";
  }
}
