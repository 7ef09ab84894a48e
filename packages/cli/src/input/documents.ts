import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, relative } from "node:path";

import { readTable, type DocumentSource } from "@sinetti/client";

import { InputError } from "../inputError.ts";

/** A document on disk. */
export type DocumentFile = DocumentSource & { readonly sizeBytes: number };

/** How a document says whose it is. */
export type DocumentOwner =
  | { readonly by: "patient"; readonly patient: string }
  | { readonly by: "filename" }
  | { readonly by: "index"; readonly path: string };

const MEDIA_TYPES: Record<string, string> = {
  ".pdf": "application/pdf",
  ".txt": "text/plain",
  ".rtf": "application/rtf",
  ".doc": "application/msword",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".odt": "application/vnd.oasis.opendocument.text",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".html": "text/html",
  ".xml": "application/xml",
};
const LINE_LETTERS = 400;
const COLUMNS = {
  file: ["file", "filename", "tiedosto", "fil"],
  patient: ["patient", "patient id", "potilas", "asiakas", "asiakasnumero", "patientnummer"],
  title: ["title", "otsikko", "nimi", "rubrik"],
  date: ["date", "päivämäärä", "pvm", "datum"],
  kind: ["kind", "type", "tyyppi", "laji", "typ"],
} as const;

/** The documents under these paths: files as named, folders with everything beneath them, in order. Error: InputError. */
export async function findDocuments(
  paths: readonly string[],
  owner: DocumentOwner,
): Promise<DocumentFile[]> {
  const found = (await Promise.all(paths.map((path) => expand(path)))).flat();
  const index = owner.by === "index" ? await readIndex(owner.path) : null;
  const documents: DocumentFile[] = [];
  for (const { path, root, sizeBytes } of found) {
    const name = relative(root, path);
    const listed = index?.get(name) ?? index?.get(basename(path));
    const patient =
      owner.by === "patient" ? owner.patient : owner.by === "index" ? "" : nameOwner(path, root);
    documents.push(document(path, { name, patient, sizeBytes, ...listed }));
  }
  return documents;
}

async function expand(path: string): Promise<{ path: string; root: string; sizeBytes: number }[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new InputError(path, "the file cannot be read");
  if (!found.isDirectory()) return [{ path, root: dirname(path), sizeBytes: found.size }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(
    files.map(async (file) => ({ path: file, root: path, sizeBytes: (await stat(file)).size })),
  );
}

/** `A12_letter.pdf` and `A12/letter.pdf` are patient A12's. */
function nameOwner(path: string, root: string): string {
  const folder = relative(root, dirname(path)).split(/[\\/]/)[0] ?? "";
  return folder !== "" ? folder : (basename(path, extname(path)).split(/[_ ]/)[0] ?? "");
}

function document(
  path: string,
  known: {
    name: string;
    patient: string;
    sizeBytes: number;
    title?: string | undefined;
    on?: string | null | undefined;
    kind?: string | null | undefined;
  },
): DocumentFile {
  const title = known.title ?? basename(path, extname(path));
  return {
    name: inOneLine(known.name),
    patient: known.patient,
    title: inOneLine(title),
    mediaType: MEDIA_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream",
    on: known.on ?? null,
    kind: known.kind ?? null,
    sizeBytes: known.sizeBytes,
    sha256: async () => {
      const hash = createHash("sha256");
      for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
      return hash.digest("hex");
    },
    stream: () => createReadStream(path),
  };
}

function inOneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}/gu, " ")
    .slice(0, LINE_LETTERS);
}

interface Listed {
  readonly patient: string;
  readonly title?: string;
  readonly on?: string;
  readonly kind?: string;
}

/** The index: `file,patient,title,date,kind`; the first two are needed, a date is `YYYY-MM-DD`. */
async function readIndex(path: string): Promise<Map<string, Listed>> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new InputError(path, "the file cannot be read", { cause });
  });
  const table = readTable(bytes, COLUMNS);
  const fields: string[] = [];
  if (!table.ok)
    for (const { row, field, rule } of table.problems)
      fields.push(`row ${row}: ${field} (${rule})`);
  else if (!table.columns.includes("file") || !table.columns.includes("patient"))
    fields.push("row 1: file, patient (column-missing)");
  const listed = new Map<string, Listed>();
  for (const { row, cells } of table.ok ? table.rows : []) {
    const { file, patient, title, date, kind } = cells;
    if (file === "" || patient === "") fields.push(`row ${row}: file, patient (missing)`);
    if (date !== "" && !isDay(date)) fields.push(`row ${row}: date (wrong-format)`);
    listed.set(file, {
      patient,
      ...(title !== "" && { title }),
      ...(date !== "" && { on: date }),
      ...(kind !== "" && { kind }),
    });
  }
  if (fields.length > 0) throw new InputError(path, "the index is not taken", { fields });
  return listed;
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}
