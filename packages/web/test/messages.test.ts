import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { describe, expect, it } from "vitest";

const web = join(import.meta.dirname, "..");
const LANGUAGES = ["en", "fi"] as const;
const PLURAL = /_(zero|one|two|few|many|other)$/;

type Words = { readonly [key: string]: string | Words };

const read = (path: string): string => readFileSync(join(web, path), "utf8");

function leaves(words: Words, path = ""): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === "string" ? [[path + key, value]] : leaves(value, `${path}${key}.`),
  );
}

const namesOf = (language: string): string[] =>
  globSync(`src/messages/${language}/*.json`, { cwd: web }).map((path) => basename(path, ".json"));

const catalogueOf = (language: string, name: string): Map<string, string> =>
  new Map(leaves(JSON.parse(read(`src/messages/${language}/${name}.json`)) as Words));

/** `{{count}}` and its like in a text. */
const blanks = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)[^}]*\}\}/g)].map(([, name = ""]) => name).sort();

interface Use {
  readonly file: string;
  readonly catalogue: string;
  /** The key, or what a computed key begins with. */
  readonly key: string;
  readonly isPrefix: boolean;
}

const sources = globSync("src/**/*.{ts,tsx}", { cwd: web });

/** Every call of a function that `useTranslation` gave: `const { t } = …`, `const { t: tApp } = …`. */
function usesIn(file: string): Use[] {
  const text = read(file);
  const opened = [
    ...text.matchAll(/\{\s*t(?::\s*(\w+))?\s*(?:,[^}]*)?\}\s*=\s*useTranslation\(\s*"(\w+)"\s*\)/g),
  ].map(({ index, 1: name = "t", 2: catalogue = "" }) => ({ index, name, catalogue }));
  return [...text.matchAll(/\b(t\w*)\(/g)].flatMap((found): Use[] => {
    const [called, name] = found;
    const from = opened.filter((each) => each.index < found.index && each.name === name).at(-1);
    if (from === undefined && name !== "t") return [];
    const asked = firstArgument(text.slice(found.index + called.length));
    // Both sides of a choice are asked for, not what it compares with.
    return [
      ...asked.replace(/[!=]== "[^"]*"/g, "").matchAll(/"([^"]+)"|`([^`$]*)(\$?)[^`]*`/g),
    ].map(([, plain, start = "", computed = ""]) => ({
      file,
      catalogue: from?.catalogue ?? "",
      key: plain ?? start,
      isPrefix: plain === undefined && computed === "$",
    }));
  });
}

/** What stands before the first comma or the end of a call, and inside no other bracket. */
function firstArgument(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (depth === 0 && (sign === "," || sign === ")")) return text.slice(0, at);
    if ("([{".includes(sign)) depth++;
    if (")]}".includes(sign)) depth--;
  }
  return text;
}

const uses = sources.flatMap(usesIn);
const base = (key: string): string => key.replace(PLURAL, "");

describe("the words of the screens", () => {
  it("are there in both languages, catalogue by catalogue", () => {
    const [english, finnish] = LANGUAGES.map((language) => namesOf(language).sort());
    expect(finnish).toEqual(english);
  });

  it.each(namesOf("en"))("say in Finnish what they say in English: %s", (name) => {
    const [english, finnish] = LANGUAGES.map((language) => catalogueOf(language, name));
    expect([...(finnish?.keys() ?? [])].sort()).toEqual([...(english?.keys() ?? [])].sort());
    const wrong = [...(english ?? [])].filter(([key, text]) => {
      const other = finnish?.get(key) ?? "";
      const isSaid = text.trim() !== "" && other.trim() !== "";
      return !isSaid || blanks(other).join() !== blanks(text).join();
    });
    expect(wrong).toEqual([]);
  });

  it("name every key that a screen asks for", () => {
    const missing = uses.filter(({ catalogue, key, isPrefix }) => {
      if (!namesOf("en").includes(catalogue)) return true;
      const keys = [...catalogueOf("en", catalogue).keys()];
      return !keys.some((each) =>
        isPrefix ? each.startsWith(key) : base(each) === key || each === key,
      );
    });
    expect(missing).toEqual([]);
  });

  it("hold no key that no screen asks for", () => {
    const unused = namesOf("en").flatMap((name) =>
      [...catalogueOf("en", name).keys()]
        .filter(
          (key) =>
            !uses.some(
              (use) =>
                use.catalogue === name &&
                (use.isPrefix ? key.startsWith(use.key) : base(key) === use.key || key === use.key),
            ),
        )
        .map((key) => `${name}:${key}`),
    );
    expect(unused).toEqual([]);
  });
});
