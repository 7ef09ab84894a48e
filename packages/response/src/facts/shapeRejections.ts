import { z } from "zod";

import { factsFileSchema } from "./factsFile.ts";
import { nearest } from "./nearest.ts";
import { fieldText, type Rejection } from "./rejection.ts";
import type { YamlDocument } from "./yamlDocument.ts";

type Issue = z.core.$ZodIssue;

/** JSON Schema (2020-12) of a facts file. */
export function factsJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(factsFileSchema, { unrepresentable: "any" });
}

/** Every key that a facts file may have, anywhere in it. */
export function schemaWords(): ReadonlySet<string> {
  const words = new Set<string>(["(comment)"]);
  const walk = (node: SchemaNode): void => {
    for (const [key, below] of Object.entries(node.properties ?? {})) {
      words.add(key);
      walk(below);
    }
    for (const word of node.propertyNames?.enum ?? []) words.add(word);
    if (node.items !== undefined) walk(node.items);
    for (const one of node.anyOf ?? []) walk(one);
  };
  walk(factsJsonSchema());
  return words;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly string[];
}

/** What the schema says of a place. */
function schemaAt(path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = factsJsonSchema();
  for (const step of path) {
    const mapping: SchemaNode | undefined =
      node?.properties === undefined ? node?.anyOf?.find((one) => one.properties) : node;
    node = typeof step === "number" ? node?.items : mapping?.properties?.[String(step)];
  }
  return node;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const node = schemaAt(path);
  const mapping = node?.properties ?? node?.anyOf?.find((one) => one.properties)?.properties;
  return mapping === undefined ? (node?.propertyNames?.enum ?? []) : Object.keys(mapping);
}

function listed(words: readonly unknown[]): string {
  return words.length === 1 ? String(words[0]) : `one of ${words.map(String).join(", ")}`;
}

/** A key that nobody knows may be a name: it is repeated only where it is a misspelt key. */
function unknownKeys(
  issue: Issue & { code: "unrecognized_keys" },
  document: YamlDocument,
): Rejection[] {
  const known = knownKeys(issue.path);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    return {
      line: document.lineOfKey(issue.path, key),
      field: fieldText(meant === undefined ? issue.path : [...issue.path, key]),
      problem: "an unknown key stands here",
      expected: meant === undefined ? listed(known) : meant,
    };
  });
}

function expectedOf(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "object"
        ? "a mapping"
        : `a ${issue.expected}`.replace("a array", "a list");
    case "too_big":
      return `at most ${String(issue.maximum)} ${issue.origin === "string" ? "characters" : "entries"}`;
    case "too_small":
      return `at least ${String(issue.minimum)} ${issue.origin === "string" ? "characters" : "entries"}`;
    case "invalid_value":
      return listed(issue.values);
    case "invalid_format":
      return issue.format === "url"
        ? "an address that begins with https:// or http://"
        : issue.message;
    default:
      return issue.message;
  }
}

function problemOf(issue: Issue, isMissing: boolean): string {
  if (isMissing) return "the field is missing";
  if (issue.code === "too_big") return "it is too long";
  if (issue.code === "too_small") return "it is too short";
  if (issue.code === "invalid_type") return "it is of another kind";
  return "it has another form";
}

function hasValue(content: unknown, path: readonly PropertyKey[]): boolean {
  let node = content;
  for (const step of path) {
    if (typeof node !== "object" || node === null) return false;
    node = (node as Record<PropertyKey, unknown>)[step];
  }
  return node !== undefined;
}

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  let node = content;
  for (const step of path)
    node =
      typeof node === "object" && node !== null
        ? (node as Record<PropertyKey, unknown>)[step]
        : undefined;
  return node;
}

function wordIssue(issue: Issue, document: YamlDocument): string {
  const given = valueAt(document.content, issue.path);
  const expected = expectedOf(issue);
  if (issue.code !== "invalid_value" || typeof given !== "string") return expected;
  const meant = nearest(given, issue.values.map(String));
  return meant === undefined ? expected : `${expected} (did you mean ${meant}?)`;
}

/** A key of a record that is not of its words comes as an issue of the record. */
function recordKey(issue: Issue & { code: "invalid_key" }, document: YamlDocument): Rejection {
  const key = String(issue.path.at(-1) ?? "");
  const path = issue.path.slice(0, -1);
  const meant = nearest(key, knownKeys(path));
  return {
    line: document.lineOfKey(path, key),
    field: fieldText(meant === undefined ? path : issue.path),
    problem: "an unknown key stands here",
    expected: meant ?? listed(knownKeys(path)),
  };
}

/** Everything that is wrong with the shape of a file: never with the text that stands there. */
export function shapeRejections(issues: readonly Issue[], document: YamlDocument): Rejection[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return unknownKeys(issue, document);
    if (issue.code === "invalid_key") return [recordKey(issue, document)];
    return [
      {
        line: document.lineOf(issue.path),
        field: fieldText(issue.path),
        problem: problemOf(issue, !hasValue(document.content, issue.path)),
        expected: wordIssue(issue, document),
      },
    ];
  });
}
