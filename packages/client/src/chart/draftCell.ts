import {
  decodeShape,
  encodeShape,
  parseId,
  shapes,
  type DraftId,
  type FileId,
} from "@sinetti/core";
import { parseDraft, type DraftBody } from "@sinetti/practice";
import type { Device } from "../device.ts";
import type { Change } from "../world.ts";

const BYTES = 8 * 1024 * 1024;
const PREFIX = "draft/";
const cellShape = shapes.record({
  revision: shapes.uint(),
  base: shapes.nullable(shapes.maxBytes(BYTES)),
  body: shapes.maxBytes(BYTES),
});

/** A draft that this device alone holds in its newest form: what it was made of, and at which revision. */
export interface CellDraft {
  readonly file: FileId;
  readonly id: DraftId;
  readonly revision: number;
  /** What the vault held at that revision; null: it had none. */
  readonly base: DraftBody | null;
  readonly body: DraftBody;
}

/** The bytes of a draft before they are sealed. */
export function encodeDraft(body: DraftBody): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(parseDraft(body)));
}

/** Reads the bytes of a draft. Error of practice: `record-invalid`. */
export function decodeDraft(bytes: Uint8Array): DraftBody {
  return parseDraft(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
}

function nameOf(file: FileId, id: DraftId): string {
  return `${PREFIX}${file}/${id}`;
}

/** Keeps a draft on this device, sealed. */
export function keepCell(device: Device, { file, id, revision, base, body }: CellDraft): Change {
  const cell = {
    revision,
    base: base === null ? null : encodeDraft(base),
    body: encodeDraft(body),
  };
  return device.seal(nameOf(file, id), encodeShape(cellShape, cell));
}

/** Strikes a draft from this device: the vault holds it, or it was signed. */
export function strikeCell(file: FileId, id: DraftId): Change {
  return { name: nameOf(file, id), value: null };
}

/** The drafts that this device holds of a file, or of all files. */
export async function readCells(device: Device, file?: FileId): Promise<CellDraft[]> {
  const found: CellDraft[] = [];
  for (const name of await device.list(file === undefined ? PREFIX : `${PREFIX}${file}/`)) {
    const bytes = await device.read(name);
    if (bytes === null) continue;
    const { revision, base, body } = decodeShape(cellShape, bytes, BYTES * 3);
    const [of = "", id = ""] = name.slice(PREFIX.length).split("/");
    found.push({
      file: parseId<FileId>(of),
      id: parseId<DraftId>(id),
      revision,
      base: base === null ? null : decodeDraft(base),
      body: decodeDraft(body),
    });
  }
  return found;
}
