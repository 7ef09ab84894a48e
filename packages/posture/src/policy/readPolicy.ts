import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from "yaml";
import type { z } from "zod";

import { policySchema, type PosturePolicy } from "./policy.ts";
import type { PolicyRejection } from "./rejection.ts";

const MOST_CHARACTERS = 1_000_000;
const MOST_DEPTH = 32;
const LONGEST_EXCEPTION_DAYS = 366;
const DAY_MS = 86_400_000;

export type PolicyRead =
  | { readonly ok: true; readonly value: PosturePolicy }
  | { readonly ok: false; readonly rejections: readonly PolicyRejection[] };

const refused = (problem: string): PolicyRead => ({
  ok: false,
  rejections: [{ line: 1, field: ".", problem }],
});

/** Brackets within brackets would be followed by a call within a call. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > MOST_DEPTH) return true;
  }
  return /^ {200}|(?:[-?] ){33}/m.test(text);
}

/** Reads a policy: YAML 1.2, to what is declared or to everything that is wrong with it, by line and field. `now` limits how long an exception may last. */
export function readPolicy(text: string, now: Date): PolicyRead {
  if (text.length > MOST_CHARACTERS) return refused("the file is too large");
  if (isTooDeep(text)) return refused("the file is nested too deeply");
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
  });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0)
    return {
      ok: false,
      rejections: faults.map(({ pos, message }) => ({
        line: lineAt(pos[0]),
        field: ".",
        problem: message.split("\n")[0] ?? "this is not YAML",
      })),
    };
  const parsed = policySchema.safeParse(contentOf(document));
  const place = (path: readonly PropertyKey[]): number => lineAt(offsetOf(document, path));
  const rejections = parsed.success
    ? lateExceptions(parsed.data, now).map((one) => ({ ...one, line: place(one.path) }))
    : parsed.error.issues.flatMap((issue) => rejectionsOf(issue, document, lineAt));
  return parsed.success && rejections.length === 0
    ? { ok: true, value: parsed.data }
    : {
        ok: false,
        rejections: rejections.map(({ line, field, problem }) => ({ line, field, problem })),
      };
}

/** An alias would make a small file large: it is not followed. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[], key: string): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(node)
    ? node.items.find((one) => isScalar(one.key) && one.key.value === key)
    : undefined;
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(document, path);
}

function fieldText(path: readonly PropertyKey[]): string {
  const said = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
  return said.join("").replace(/^\./, "") || ".";
}

function rejectionsOf(
  issue: z.core.$ZodIssue,
  document: Document,
  lineAt: (offset: number) => number,
): PolicyRejection[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      line: lineAt(keyOffset(document, issue.path, key)),
      field: fieldText([...issue.path, key]),
      problem: `there is no such field; ${knownAt(issue.path)}`,
    }));
  const problem =
    issue.code === "invalid_value"
      ? `expected ${issue.values.map(String).join(", ")}`
      : issue.code === "invalid_format" && issue.format === "regex"
        ? "has another form: see the examples of docs/posture.md"
        : issue.message;
  return [{ line: lineAt(offsetOf(document, issue.path)), field: fieldText(issue.path), problem }];
}

function knownAt(path: readonly PropertyKey[]): string {
  const { shape } = policySchema;
  if (path.length === 0) return `there are ${Object.keys(shape).join(", ")}`;
  return path[0] === "roles"
    ? "a role has kind, login, attributes, memberOf, relations, columns, functions"
    : "see docs/posture.md";
}

/** What is excepted for ever is forgotten for ever. */
function lateExceptions(
  { exceptions }: PosturePolicy,
  now: Date,
): { path: PropertyKey[]; field: string; problem: string }[] {
  const last = now.getTime() + LONGEST_EXCEPTION_DAYS * DAY_MS;
  return exceptions.flatMap(({ until }, index) =>
    Date.parse(until) > last
      ? [
          {
            path: ["exceptions", index, "until"],
            field: `exceptions[${index}].until`,
            problem: "an exception lasts a year at most",
          },
        ]
      : [],
  );
}
