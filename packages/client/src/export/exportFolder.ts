/** Where the files of a whole practice go. */
export interface ExportFolder {
  /** Writes a file whole or not at all, over an older one of that name. */
  write<T>(
    name: string,
    fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>,
  ): Promise<{ readonly bytes: number; readonly sha256: string; readonly value: T }>;
  /** Bytes of a whole file; null: it is not there. */
  size(name: string): Promise<number | null>;
  /** The text of a small file; null: it is not there. */
  readText(name: string): Promise<string | null>;
}

/** A file of an export of a practice. */
export interface FolderFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file of a patient that could not be given out, and the gate's word. */
export interface Gap {
  readonly package: string;
  readonly compartment: string;
  readonly outcome: string;
}

/** What lies in the folder and may be read by anybody: no name, no content. */
export interface FolderManifest {
  readonly v: 1;
  readonly kind: "practice-export";
  readonly practice: string;
  readonly begun: string;
  /** SHA-256 over the recipients, in order: a second run must seal to the same. */
  readonly recipients: string;
  readonly packages: readonly FolderFile[];
  readonly gaps: readonly Gap[];
  /** Index and practice parts, once all packages are there. */
  readonly rest: readonly FolderFile[];
  /** When all of it was there; null: not yet. */
  readonly finished: string | null;
}

/** Name of the file that names the others. */
export const FOLDER_MANIFEST = "manifest.json";

/** What an earlier run has left; null: nothing, or nothing that can be read. */
export async function readFolderManifest(folder: ExportFolder): Promise<FolderManifest | null> {
  const text = await folder.readText(FOLDER_MANIFEST);
  return text === null ? null : toFolderManifest(text);
}

/** The manifest that a text holds; null: it holds none in its whole form. */
export function toFolderManifest(text: string): FolderManifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  return isFolderManifest(value) ? value : null;
}

type Fields = Readonly<Record<string, unknown>>;
const isText = (value: unknown): boolean => typeof value === "string";
const isListOf = (value: unknown, isItem: (item: Fields) => boolean): boolean =>
  Array.isArray(value) && value.every((item: unknown) => isItem((item ?? {}) as Fields));

function isFolderManifest(value: unknown): value is FolderManifest {
  const { v, kind, practice, begun, recipients, packages, gaps, rest, finished } = (value ??
    {}) as Fields;
  const isFile = ({ file, bytes, sha256 }: Fields): boolean =>
    isText(file) && Number.isSafeInteger(bytes) && isText(sha256);
  return (
    v === 1 &&
    kind === "practice-export" &&
    [practice, begun, recipients].every(isText) &&
    isListOf(packages, isFile) &&
    isListOf(rest, isFile) &&
    isListOf(gaps, (gap) => [gap["package"], gap["compartment"], gap["outcome"]].every(isText)) &&
    (finished === null || isText(finished))
  );
}

/** Puts down what is whole by now. */
export async function writeFolderManifest(
  folder: ExportFolder,
  manifest: FolderManifest,
): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  await folder.write(FOLDER_MANIFEST, (write) => write(new TextEncoder().encode(text)));
}
