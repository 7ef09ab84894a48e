import {
  accessStateShape,
  decodeShape,
  encodeShape,
  readAppend,
  readStatement,
  recordStateShape,
  shapes,
  startRecord,
  vaultOf,
  type AccessState,
  type AppendBody,
  type FileId,
  type Link,
  type RecordState,
  type Secret,
  type Signed,
} from "@sinetti/core";
import type { Device } from "./device.ts";
import type { Change } from "./world.ts";

const { list, maxBytes, record } = shapes;
const BOX_BYTES = 8 * 1024 * 1024;
const stateShape = record({ access: accessStateShape, record: recordStateShape });
const linkShape = record({
  statement: maxBytes(BOX_BYTES),
  boxes: list(maxBytes(BOX_BYTES), { max: 256 }),
});

/** One append with its boxes; null boxes: only the headers are here. */
export interface RecordLink {
  readonly link: Link;
  readonly body: AppendBody;
  readonly boxes: readonly Uint8Array[] | null;
}

/** A file as this device knows it: verified chains, ciphertext, and (inside a lease) keys by epoch. */
export interface KnownFile {
  readonly file: FileId;
  readonly vault: "who" | "what";
  access: AccessState;
  record: RecordState;
  readonly links: RecordLink[];
  readonly keys: Map<number, Secret<"file-key">>;
  /** Unix seconds at which the keys are dropped; 0: no keys. */
  leaseUntil: number;
}

function stateCell(file: FileId): string {
  return `file/${file}/state`;
}

function linkCell(file: FileId, seq: number): string {
  return `file/${file}/link/${String(seq).padStart(10, "0")}`;
}

/** Changes that keep a file's folded state, and its links from `fromSeq` on. */
export function fileChanges(device: Device, file: KnownFile, fromSeq: number): Change[] {
  const changes = [
    device.seal(
      stateCell(file.file),
      encodeShape(stateShape, { access: file.access, record: file.record }),
    ),
  ];
  for (const { link, boxes } of file.links.slice(fromSeq)) {
    const kept = { statement: link.signed, boxes: [...(boxes ?? [])] };
    changes.push(
      device.seal(linkCell(file.file, link.statement.seq), encodeShape(linkShape, kept)),
    );
  }
  return changes;
}

/** Reads an append as a vault gave it or as it was kept; boxes that are not all there count as none. */
export function readRecordLink(signed: Signed, boxes: readonly Uint8Array[]): RecordLink {
  const link = readStatement(signed);
  const body = readAppend(link);
  return { link, body, boxes: boxes.length === body.entries.length ? boxes : null };
}

/** What this device has kept of a file; null: nothing. The cells are sealed, so what was verified once stays verified. */
export async function loadFile(device: Device, file: FileId): Promise<KnownFile | null> {
  const cell = await device.read(stateCell(file));
  if (cell === null) return null;
  const state = decodeShape(stateShape, cell);
  const links: RecordLink[] = [];
  for (let seq = 0; seq <= (state.record.head?.seq ?? -1); seq++) {
    const kept = await device.read(linkCell(file, seq));
    const found = kept === null ? null : decodeShape(linkShape, kept);
    if (found === null) return null;
    links.push(readRecordLink(found.statement, found.boxes));
  }
  return {
    file,
    vault: vaultOf(state.access.compartment),
    ...state,
    links,
    keys: new Map(),
    leaseUntil: 0,
  };
}

/** A file that has just been created or is seen for the first time. */
export function newKnownFile(access: AccessState, vault: "who" | "what"): KnownFile {
  return {
    file: access.file,
    vault,
    access,
    record: startRecord(access.practice, access.file),
    links: [],
    keys: new Map(),
    leaseUntil: 0,
  };
}
