import { readFileSync } from "node:fs";
import { join } from "node:path";

const SOURCE = join(import.meta.dirname, "..", "..", "src");

export type Language = "en" | "fi";
type Words = { readonly [key: string]: string | Words };

/** A file of the client's source. */
export const readSource = (path: string): string => readFileSync(join(SOURCE, path), "utf8");

/** A word of a screen in a language. */
export function wordOf(language: Language, catalogue: string, key: string): string {
  let words: string | Words = JSON.parse(
    readSource(`messages/${language}/${catalogue}.json`),
  ) as Words;
  for (const part of key.split(".")) words = typeof words === "string" ? "" : (words[part] ?? "");
  if (typeof words !== "string" || words === "")
    throw new RangeError(`${catalogue} has no word ${key}`);
  return words;
}
