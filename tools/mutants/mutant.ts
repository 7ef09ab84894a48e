/** One small change that takes a rule out. */
export interface Patch {
  /** From the repository's root. */
  readonly path: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** An attack class with the rule against it, taken out, and the test that must notice. */
export interface Mutant {
  /** The class as `docs/threat-model.md` calls it. */
  readonly attack: string;
  readonly patch: Patch;
  /** The test file, and the titles of the test and of what it stands in, joined by ` > `. */
  readonly test: { readonly file: string; readonly name: string };
}

/** The text of a file with the rule taken out. Error: RangeError when the place is not there exactly once. */
export function applyPatch(text: string, { path, find, replace }: Patch): string {
  const places = text.split(find).length - 1;
  if (places !== 1)
    throw new RangeError(`${path}: the place to change stands there ${places} times`);
  return text.replace(find, () => replace);
}
