import { BackupError } from "./backupError.ts";

/** What a service's file begins with. */
export interface RowHeader {
  readonly format: 1;
  /** The backup that it is a part of. */
  readonly backup: string;
  readonly service: string;
  /** Migrations that the database had seen, in order. */
  readonly schema: readonly { readonly id: string; readonly hash: string }[];
  /** Practices with the seq and hash of their newest statement. */
  readonly practices: readonly {
    readonly practice: string;
    readonly seq: number;
    readonly hash: string;
  }[];
  readonly publicKey: string;
  /** Seed of the service's key; null for the gate, whose keys are in no backup. */
  readonly serviceKey: string | null;
  /** Seed of the key that signs the backups. */
  readonly backupKey: string;
}

/** A table with its columns in the order of what follows, PostgreSQL's binary form of COPY. */
export interface RowTable {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
}

/** One part of a service's file. */
export type RowPart =
  | ({ readonly type: "header" } & RowHeader)
  | ({ readonly type: "table" } & RowTable)
  | { readonly type: "rows"; readonly bytes: Uint8Array }
  | { readonly type: "end"; readonly tables: number };

const HEAD_BYTES = 5;
const JSON_PART = 0x4a;
const ROWS_PART = 0x52;
const PART_BYTES = 256 * 1024;
const JSON_LIMIT = 4 * 1024 * 1024;

/** One part as bytes: a letter, its length in four bytes, big-endian, and JSON or rows. */
export function encodePart(part: RowPart): Uint8Array {
  const isRows = part.type === "rows";
  const body = isRows ? part.bytes : Buffer.from(JSON.stringify(part));
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(isRows ? ROWS_PART : JSON_PART, 0);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** Gathers small pieces into parts, so that a row costs no part of its own. */
export async function* encodeRows(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < PART_BYTES) continue;
    yield* encodePieces(waiting);
    waiting = [];
    bytes = 0;
  }
  yield* encodePieces(waiting);
}

function* encodePieces(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  const whole = Buffer.concat(pieces);
  for (let from = 0; from < whole.length; from += PART_BYTES)
    yield encodePart({ type: "rows", bytes: whole.subarray(from, from + PART_BYTES) });
}

type Fields = Readonly<Record<string, unknown>>;
const isText = (value: unknown): value is string => typeof value === "string";
const isHex = (value: unknown, digits: number): boolean =>
  isText(value) && value.length === digits && /^[0-9a-f]*$/.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isListOf = (value: unknown, isRight: (item: Fields) => boolean): boolean =>
  Array.isArray(value) && value.every((item) => isRight((item ?? {}) as Fields));

/** What each part must hold; nothing of it is trusted further than that. */
const CHECKS: Readonly<Record<string, (part: Fields) => boolean>> = {
  header: ({ backup, service, schema, practices, publicKey, serviceKey, backupKey }) =>
    isHex(backup, 32) &&
    isText(service) &&
    isListOf(schema, ({ id, hash }) => isText(id) && isHex(hash, 64)) &&
    isListOf(
      practices,
      ({ practice, seq, hash }) => isHex(practice, 32) && isCount(seq) && isHex(hash, 64),
    ) &&
    isHex(publicKey, 64) &&
    (serviceKey === null || isHex(serviceKey, 64)) &&
    isHex(backupKey, 64),
  table: ({ table, columns, rows }) =>
    isText(table) && Array.isArray(columns) && columns.every(isText) && isCount(rows),
  end: ({ tables }) => isCount(tables),
};

function readJson(body: Uint8Array): RowPart {
  const value = JSON.parse(Buffer.from(body).toString("utf8")) as Fields;
  const { type, format } = value;
  if (type === "header" && format !== 1) throw new BackupError("newer-format");
  const check = isText(type) ? CHECKS[type] : undefined;
  if (check?.(value) !== true) throw new BackupError("damaged");
  return value as unknown as RowPart;
}

/** The parts of a service's file: a header, tables each with its rows, an end. Errors: `damaged`, `newer-format`. */
export async function* readParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RowPart> {
  let rest: Uint8Array = Buffer.alloc(0);
  let place: "before" | "inside" | "after" = "before";
  for await (const piece of bytes) {
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (let part = takePart(rest); part !== null; part = takePart(rest)) {
      rest = rest.subarray(part.bytes);
      const { value } = part;
      if (place === "after" || (value.type === "header") !== (place === "before"))
        throw new BackupError("damaged");
      place = value.type === "end" ? "after" : "inside";
      yield value;
    }
  }
  if (place !== "after" || rest.length > 0) throw new BackupError("damaged");
}

function takePart(rest: Uint8Array): { value: RowPart; bytes: number } | null {
  if (rest.length < HEAD_BYTES) return null;
  const view = new DataView(rest.buffer, rest.byteOffset, rest.length);
  const letter = view.getUint8(0);
  const length = view.getUint32(1);
  if (length > (letter === ROWS_PART ? PART_BYTES : JSON_LIMIT)) throw new BackupError("damaged");
  const end = HEAD_BYTES + length;
  if (rest.length < end) return null;
  const body = rest.subarray(HEAD_BYTES, end);
  if (letter === ROWS_PART) return { value: { type: "rows", bytes: body }, bytes: end };
  if (letter !== JSON_PART) throw new BackupError("damaged");
  try {
    return { value: readJson(body), bytes: end };
  } catch (cause) {
    if (cause instanceof BackupError) throw cause;
    throw new BackupError("damaged", { cause });
  }
}
