/** What was filled in: empty fields are left out, and texts keep no blank ends. */
export function filled<W extends object>(wish: W): W {
  const kept = Object.entries(wish).flatMap(([name, value]) => {
    if (typeof value !== "string") return value === undefined ? [] : [[name, value]];
    return value.trim() === "" ? [] : [[name, value.trim()]];
  });
  return Object.fromEntries(kept) as W;
}

/** The items of a text in which each line is one. */
export const itemsOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What a new version begins with: the old one, without what is added when it is signed. */
export function again<B extends { at: string; v: 1; replaces?: string }>(
  body: B,
): Omit<B, "v" | "at" | "replaces"> {
  const { v: _v, at: _at, replaces: _replaces, ...rest } = body;
  return rest;
}

/** The entry in whose place something is signed; nothing for what is new. */
export const inPlaceOf = (entry: string | null): { replaces?: string } =>
  entry === null ? {} : { replaces: entry };
