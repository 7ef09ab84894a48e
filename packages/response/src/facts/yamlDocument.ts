import {
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type Scalar,
} from "yaml";

import type { Rejection } from "./rejection.ts";

const MOST_CHARACTERS = 1_000_000;
const MOST_DEPTH = 32;

/** A text of the file, with its place. */
export interface PlacedText {
  readonly text: string;
  readonly line: number;
  readonly path: readonly PropertyKey[];
}

/** A YAML file that has been read: its content, and where each part of it stands. */
export interface YamlDocument {
  readonly content: unknown;
  lineOf(path: readonly PropertyKey[]): number;
  /** Line of a key of the mapping at `path`. */
  lineOfKey(path: readonly PropertyKey[], key: string): number;
  readonly texts: readonly PlacedText[];
}

type Read =
  | { readonly ok: true; readonly value: YamlDocument }
  | { readonly ok: false; readonly rejections: readonly Rejection[] };

const problemByCode: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "a key stands here that stood before in the same mapping",
  TAB_AS_INDENT: "a tab stands where spaces belong",
  BAD_INDENT: "the indentation does not fit",
  MISSING_CHAR: "a character is missing: a closing quote or bracket, or a space after a colon",
  MULTIPLE_DOCS: "a second document begins",
  TAG_RESOLVE_FAILED: "a tag stands here",
};

/** Nesting that a parser would follow by calling itself. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth += 1;
    if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > MOST_DEPTH) return true;
  }
  return /^ {200}|(?:[-?] ){33}/m.test(text);
}

function whole(problem: string, expected: string): Read {
  return { ok: false, rejections: [{ line: 1, field: ".", problem, expected }] };
}

/** Reads YAML 1.2 of at most a million characters, without anchors, aliases, tags or keys that stand twice. */
export function readYaml(text: string): Read {
  if (text.length > MOST_CHARACTERS)
    return whole("the file is too large", `at most ${MOST_CHARACTERS} characters`);
  if (isTooDeep(text))
    return whole("the file is nested too deeply", `at most ${MOST_DEPTH} levels`);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    strict: true,
  });
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const rejections = [...document.errors, ...document.warnings].map(({ code, pos }) => ({
    line: lineAt(pos[0]),
    field: ".",
    problem: problemByCode[code] ?? "this is not YAML",
    expected: "YAML 1.2",
  }));
  rejections.push(...refusedNodes(document, lineAt));
  if (rejections.length > 0) return { ok: false, rejections };
  return { ok: true, value: placed(document, lineAt) };
}

/** What makes a small file large, or a plain one something else. */
function refusedNodes(document: Document.Parsed, lineAt: (offset: number) => number): Rejection[] {
  const found: Rejection[] = [];
  const refuse = (offset: number, problem: string): number =>
    found.push({ line: lineAt(offset), field: ".", problem, expected: "the text itself" });
  visit(document, {
    Alias: (_, node) => void refuse(node.range?.[0] ?? 0, "an alias stands here"),
    Value: (_, node) => {
      if (node.anchor !== undefined) refuse(node.range?.[0] ?? 0, "an anchor stands here");
    },
    Map: (_, node) => {
      if (node.anchor !== undefined) refuse(node.range?.[0] ?? 0, "an anchor stands here");
      const odd = node.items.find(({ key }) => !isScalar(key) || typeof key.value !== "string");
      if (odd !== undefined) refuse(node.range?.[0] ?? 0, "a key is not a plain word");
    },
    Seq: (_, node) => {
      if (node.anchor !== undefined) refuse(node.range?.[0] ?? 0, "an anchor stands here");
    },
  });
  return found;
}

function placed(document: Document.Parsed, lineAt: (offset: number) => number): YamlDocument {
  const offsetOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node)) return node.range?.[0] ?? 0;
    }
    return 0;
  };
  return {
    content: document.toJS({ maxAliasCount: 0 }),
    lineOf: (path) => lineAt(offsetOf(path)),
    lineOfKey: (path, key) => {
      const node = path.length === 0 ? document.contents : document.getIn(path, true);
      if (!isMap(node)) return lineAt(offsetOf(path));
      const pair = node.items.find((one) => isScalar(one.key) && one.key.value === key);
      return pair !== undefined && isScalar(pair.key)
        ? lineAt(pair.key.range?.[0] ?? 0)
        : lineAt(offsetOf(path));
    },
    texts: allTexts(document, lineAt),
  };
}

function allTexts(document: Document.Parsed, lineAt: (offset: number) => number): PlacedText[] {
  const texts: PlacedText[] = [];
  const addComments = (node: Node, path: readonly PropertyKey[]): void => {
    for (const text of [node.commentBefore, node.comment])
      if (typeof text === "string" && text !== "")
        texts.push({ text, line: lineAt(node.range?.[0] ?? 0), path: [...path, "(comment)"] });
  };
  visit(document, {
    Scalar: (key, node, ancestors) => {
      const path = pathOf(key, ancestors);
      texts.push({ text: scalarText(node), line: lineAt(node.range?.[0] ?? 0), path });
      addComments(node, path);
    },
    Collection: (key, node, ancestors) => addComments(node, pathOf(key, ancestors)),
  });
  for (const text of [document.commentBefore, document.comment])
    if (typeof text === "string" && text !== "") texts.push({ text, line: 1, path: ["(comment)"] });
  return texts;
}

/** As it stands in the file: a number that is read has lost its leading zeros. */
function scalarText({ value, source }: Scalar): string {
  if (typeof value === "string") return value;
  return typeof value === "number" ? (source ?? String(value)) : "";
}

function pathOf(key: unknown, ancestors: readonly unknown[]): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (const [level, ancestor] of ancestors.entries()) {
    if (isPair(ancestor) && isScalar(ancestor.key)) path.push(String(ancestor.key.value));
    const next = ancestors[level + 1];
    if (isNode(ancestor) && "items" in ancestor && isNode(next) && !isMap(ancestor)) {
      const index = Array.isArray(ancestor.items) ? ancestor.items.indexOf(next) : -1;
      if (index >= 0) path.push(index);
    }
  }
  if (typeof key === "number") path.push(key);
  return path;
}
