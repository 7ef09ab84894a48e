/** A file that somebody gave, with its place in the folder that it came from. */
export interface Given {
  readonly file: File;
  readonly path: string;
}

/** What was given, by what it is. */
export interface GivenParts {
  readonly csv: readonly Given[];
  readonly bundles: readonly Given[];
  /** Documents of a package, which its bundle names. */
  readonly beside: readonly Given[];
  /** Documents by themselves. */
  readonly documents: readonly Given[];
}

const IS_CSV = /\.(csv|tsv|txt)$/i;
const IS_BUNDLE = /\.json(\.gz)?$/i;
const BESIDE = /^(.*\/|)documents\/[^/]+$/;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** Sorts what was given by name and place: nothing is opened for it. */
export function partsOf(given: readonly Given[]): GivenParts {
  const visible = given.filter(({ file }) => !file.name.startsWith("."));
  const packages = new Set(
    visible.filter(({ path }) => IS_BUNDLE.test(path)).map(({ path }) => folderOf(path)),
  );
  const isBeside = ({ path }: Given): boolean => {
    const [, folder] = BESIDE.exec(path) ?? [];
    return folder !== undefined && packages.has(folder);
  };
  const beside = visible.filter(isBeside);
  const others = visible.filter((each) => !isBeside(each));
  return {
    beside,
    csv: others.filter(({ path }) => IS_CSV.test(path)),
    bundles: others.filter(({ path }) => IS_BUNDLE.test(path)),
    documents: others.filter(({ path }) => !IS_CSV.test(path) && !IS_BUNDLE.test(path)),
  };
}

/** Whose a document is by its name: `A12_letter.pdf` and `A12/letter.pdf` are patient A12's. */
export function ownerByName(path: string): string {
  const folders = path.split("/");
  const [name = ""] = folders.slice(-1);
  if (folders.length > 1) return folders.at(-2) ?? "";
  return name.replace(/\.[^.]+$/, "").split(/[_ ]/)[0] ?? "";
}
