import {
  GATE_ROUTES,
  VAULT_ROUTES,
  bytesToHex,
  readStatement,
  type FileId,
  type Shaped,
  type Signed,
  type Wire,
} from "@sinetti/core";
import { findRecord, type PartRef } from "./chart/recordRefs.ts";
import type { Client } from "./client.ts";
import type { Context } from "./context.ts";
import { ClientError, isRefusal } from "./errors.ts";

/** Bytes of each sealed thing that are shown. */
const PREFIX_BYTES = 24;

/** Something that a holder has in clear, as it stands there. */
export interface ClearField {
  readonly name: string;
  readonly value: string;
}

/** Something that a holder has sealed: its true size and its first bytes. */
export interface SealedField {
  readonly name: string;
  readonly sizeBytes: number;
  readonly hex: string;
}

/** One thing that somebody who takes everything of a holder gets. */
export interface ThiefRow {
  readonly holder: "who" | "what" | "gate" | "device";
  readonly kind:
    | "access-statement"
    | "record-statement"
    | "wrap"
    | "batch-key"
    | "draft"
    | "gate-half"
    | "log-line"
    | "cell";
  readonly file: FileId;
  readonly clear: readonly ClearField[];
  readonly sealed: readonly SealedField[];
}

/** What each holder has of a patient's record, as far as this device can see it. */
export interface ThiefView {
  readonly rows: readonly ThiefRow[];
  /** What the holders have beside and this device cannot fetch. */
  readonly notShown: readonly (
    | "wraps-of-others"
    | "lookup-cells"
    | "gate-halves-at-the-vault"
    | "attachment-chunks"
    | "request-lines"
    | "later-pages"
  )[];
}

type OpenAnswer = Shaped<(typeof VAULT_ROUTES)["fileOpen"]["answer"]>["files"][number];

/**
 * What a thief would see: the statements, boxes, wraps, drafts, gate halves and log lines of a patient's files, in the bytes that the
 * services answer with now, and the cells of this device's disk. Nothing is opened for it, and no key is used.
 */
export async function thiefView(client: Client, patient: string): Promise<ThiefView> {
  const { context } = client;
  const { parts } = await findRecord(client, patient);
  const vaults = await Promise.all(
    (["who", "what"] as const).map((vault) => vaultRows(context, vault, parts)),
  );
  const gate = await Promise.all(parts.map(({ file }) => gateRows(context, file)));
  const cells = await Promise.all(parts.map(({ file }) => cellRows(context, file)));
  const isCut = vaults.some((each) => each.isCut) || gate.some((each) => each.isCut);
  return {
    rows: [
      ...vaults.flatMap(({ rows }) => rows),
      ...gate.flatMap(({ rows }) => rows),
      ...cells.flat(),
    ],
    notShown: [
      "wraps-of-others",
      "lookup-cells",
      "gate-halves-at-the-vault",
      "attachment-chunks",
      "request-lines",
      ...(isCut ? (["later-pages"] as const) : []),
    ],
  };
}

interface Page {
  readonly rows: readonly ThiefRow[];
  readonly isCut: boolean;
}

async function vaultRows(
  context: Context,
  vault: "who" | "what",
  parts: readonly PartRef[],
): Promise<Page> {
  const items = parts
    .filter((part) => part.vault === vault)
    .map(({ file }) => ({ file, access: 0, record: 0 }));
  const rows: ThiefRow[] = [];
  let isCut = false;
  for (const item of items) {
    const opened = await ifAllowed(async () => {
      const ask = { items: [item], boxes: true, drafts: true };
      return (await context.services.call(vault, VAULT_ROUTES.fileOpen, ask)).answer.files[0];
    });
    if (opened === undefined || opened === null) continue;
    rows.push(...openedRows(vault, opened));
    isCut ||= opened.more;
  }
  return { rows, isCut };
}

function openedRows(holder: "who" | "what", opened: OpenAnswer): ThiefRow[] {
  const { file } = opened;
  return [
    ...opened.access.map((signed) => accessRow(holder, file, signed)),
    ...opened.records.map(({ statement, boxes }): ThiefRow => ({
      holder,
      kind: "record-statement",
      file,
      clear: statementFields(statement),
      sealed: boxes.map((box, index) => sealedField(`box ${index + 1}`, box)),
    })),
    ...opened.wraps.map(({ subject, keyVersion, batch, sealed }): ThiefRow => ({
      holder,
      kind: "wrap",
      file,
      clear: [
        { name: "subject", value: `${subject.type} ${subject.id}` },
        { name: "keyVersion", value: String(keyVersion) },
        ...(batch === null ? [] : [{ name: "batch", value: batch }]),
      ],
      sealed: [sealedField("member half", sealed)],
    })),
    ...opened.batchKeys.map(({ batch, subject, sealed }): ThiefRow => ({
      holder,
      kind: "batch-key",
      file,
      clear: [
        { name: "batch", value: batch },
        { name: "subject", value: `${subject.type} ${subject.id}` },
      ],
      sealed: [sealedField("batch key", sealed)],
    })),
    ...(opened.drafts ?? []).map(({ draft, epoch, revision, box }): ThiefRow => ({
      holder,
      kind: "draft",
      file,
      clear: [
        { name: "draft", value: draft },
        { name: "epoch", value: String(epoch) },
        { name: "revision", value: String(revision) },
      ],
      sealed: [sealedField("box", box)],
    })),
  ];
}

async function gateRows(context: Context, file: FileId): Promise<Page> {
  const chain = await ifAllowed(async () => {
    const { answer } = await context.services.call("gate", GATE_ROUTES.accessRead, {
      file,
      from: 0,
    });
    return answer;
  });
  const log = await ifAllowed(async () => {
    const ask = { scope: "file" as const, file, from: 0, limit: 500 };
    return (await context.services.call("gate", GATE_ROUTES.logRead, ask)).answer;
  });
  const rows = [
    ...(chain?.links ?? []).map(({ statement }) => accessRow("gate", file, statement)),
    ...(chain?.shares ?? []).map(({ epoch, sealed }): ThiefRow => ({
      holder: "gate",
      kind: "gate-half",
      file,
      clear: [{ name: "epoch", value: String(epoch) }],
      sealed: [sealedField("gate half", sealed)],
    })),
    ...(log?.rows ?? []).map(logRow(file)),
  ];
  return { rows, isCut: chain?.more === true || (log !== null && log.next !== null) };
}

type LogRow = Shaped<(typeof GATE_ROUTES)["logRead"]["answer"]>["rows"][number];

function logRow(file: FileId): (row: LogRow) => ThiefRow {
  return ({ index, at, kind, member, device, purpose, epoch, outcome }) => ({
    holder: "gate",
    kind: "log-line",
    file,
    clear: [
      { name: "index", value: String(index) },
      { name: "time", value: new Date(at * 1000).toISOString() },
      { name: "kind", value: kind },
      { name: "member", value: member ?? "–" },
      { name: "device", value: device ?? "–" },
      { name: "purpose", value: purpose ?? "–" },
      { name: "epoch", value: String(epoch) },
      { name: "outcome", value: outcome ?? "–" },
    ],
    sealed: [],
  });
}

/** The cells of this file on this device's disk: names in clear, all else sealed under the device's own key. */
async function cellRows({ world }: Context, file: FileId): Promise<ThiefRow[]> {
  const rows: ThiefRow[] = [];
  for (const prefix of [`file/${file}/`, `draft/${file}/`])
    for (const name of await world.storage.list(prefix)) {
      const bytes = await world.storage.get(name);
      if (bytes === null) continue;
      rows.push({
        holder: "device",
        kind: "cell",
        file,
        clear: [{ name: "name", value: name }],
        sealed: [sealedField("cell", bytes)],
      });
    }
  return rows;
}

function accessRow(holder: ThiefRow["holder"], file: FileId, signed: Signed): ThiefRow {
  return { holder, kind: "access-statement", file, clear: statementFields(signed), sealed: [] };
}

function sealedField(name: string, bytes: Uint8Array): SealedField {
  return { name, sizeBytes: bytes.length, hex: bytesToHex(bytes.subarray(0, PREFIX_BYTES)) };
}

/** Every field of a statement as it lies there: all of it is in clear and signed. */
function statementFields(signed: Signed): ClearField[] {
  const { statement } = readStatement(signed);
  const { seq, device, kind, body } = statement;
  return [
    { name: "seq", value: String(seq) },
    { name: "device", value: device },
    { name: "kind", value: kind },
    ...wireFields("", body),
  ];
}

function wireFields(name: string, wire: Wire): ClearField[] {
  if (wire instanceof Map)
    return [...wire].flatMap(([key, value]) =>
      wireFields(name === "" ? key : `${name}.${key}`, value),
    );
  if (Array.isArray(wire))
    return wire.flatMap((value: Wire, index) => wireFields(`${name}.${index}`, value));
  return [{ name, value: scalarText(wire) }];
}

function scalarText(wire: Exclude<Wire, Map<string, Wire> | readonly Wire[]>): string {
  if (!(wire instanceof Uint8Array)) return String(wire);
  const isShort = wire.length <= 32;
  return isShort
    ? bytesToHex(wire)
    : `${bytesToHex(wire.subarray(0, PREFIX_BYTES))}… ${wire.length} bytes`;
}

/** What this member may not read at a holder is not among what they see; all else is an error. */
async function ifAllowed<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const isTheirs = isRefusal(
      error,
      "not-granted",
      "unknown-file",
      "file-erased",
      "not-authorised",
    );
    if (isTheirs || (error instanceof ClientError && error.code === "unknown-record")) return null;
    throw error;
  }
}
