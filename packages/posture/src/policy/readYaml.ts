import { LineCounter, isMap, isNode, isScalar, parseDocument, type Document } from "yaml";
import type { z } from "zod";

import type { PolicyRejection } from "./rejection.ts";

const MOST_CHARACTERS = 1_000_000;
const MOST_DEPTH = 32;

export type YamlRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly rejections: readonly PolicyRejection[] };

/** What is wrong beyond the form, at a place of the file. */
export interface LateFault {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
}

export interface YamlShape<T> {
  readonly schema: z.ZodType<T>;
  /** What may stand at a place where something else was found. */
  known(path: readonly PropertyKey[]): string;
  /** What a value of the right form may still be refused for. */
  late(value: T): readonly LateFault[];
}

const refused = (problem: string): YamlRead<never> => ({
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

/** Reads YAML 1.2 to what has the shape, or to everything that is wrong with it, by line and field. */
export function readYaml<T>(text: string, shape: YamlShape<T>): YamlRead<T> {
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
  const parsed = shape.schema.safeParse(contentOf(document));
  if (!parsed.success) {
    const at = { document, lineAt, known: (path: readonly PropertyKey[]) => shape.known(path) };
    return { ok: false, rejections: parsed.error.issues.flatMap((one) => rejectionsOf(one, at)) };
  }
  const late = shape.late(parsed.data).map(({ path, problem }) => ({
    line: lineAt(offsetOf(document, path)),
    field: fieldText(path),
    problem,
  }));
  return late.length === 0 ? { ok: true, value: parsed.data } : { ok: false, rejections: late };
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
  {
    document,
    lineAt,
    known,
  }: {
    document: Document;
    lineAt: (offset: number) => number;
    known: (path: readonly PropertyKey[]) => string;
  },
): PolicyRejection[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      line: lineAt(keyOffset(document, issue.path, key)),
      field: fieldText([...issue.path, key]),
      problem: `there is no such field; ${known(issue.path)}`,
    }));
  const problem =
    issue.code === "invalid_value"
      ? `expected ${issue.values.map(String).join(", ")}`
      : issue.code === "invalid_format" && issue.format === "regex"
        ? "has another form: see the examples of docs/posture.md"
        : issue.message;
  return [{ line: lineAt(offsetOf(document, issue.path)), field: fieldText(issue.path), problem }];
}
