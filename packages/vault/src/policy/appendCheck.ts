import { hash } from "node:crypto";

import {
  LIMITS,
  SIZE_CLASSES,
  applyAppend,
  checkAppendNow,
  CoreError,
  isRekeyDue,
  liveDevice,
  phaseAt,
  readAppend,
  readStatement,
  type AccessState,
  type AppendBody,
  type AttachmentId,
  type FileId,
  type Hash,
  type Link,
  type PracticeId,
  type RecordState,
  type Signed,
} from "@sinetti/core";

import type { DeviceCaller } from "../call.ts";
import type { Held } from "../practiceStates.ts";
import { atItem, refuse } from "../problem.ts";
import { withStops } from "./fileRights.ts";

const BOX_OVERHEAD = 40;
const LARGEST_CLASS = 64 * 1024;
/** Boxes of one statement: they must fit into one answer. */
const STATEMENT_BOXES = LIMITS.messageBytes * 0.75;

/** An append whose form and boxes were checked; nothing yet is known of the file. */
export interface PreparedAppend {
  readonly link: Link;
  readonly file: FileId;
  readonly body: AppendBody;
  readonly boxes: readonly Uint8Array[];
}

/** Whether the box has a size that padding makes. */
function isPadded({ length }: Uint8Array): boolean {
  const size = length - BOX_OVERHEAD;
  return SIZE_CLASSES.some((each) => each === size) || (size > 0 && size % LARGEST_CLASS === 0);
}

function checkBoxes({ entries }: AppendBody, boxes: readonly Uint8Array[]): void {
  if (entries.length !== boxes.length) refuse("malformed");
  if (boxes.reduce((sum, box) => sum + box.length, 0) > STATEMENT_BOXES) refuse("too-large");
  for (const [position, box] of boxes.entries())
    if (!isPadded(box) || hash("sha256", box, "hex") !== entries[position]?.box)
      refuse("malformed");
}

/** Reads the appends of a request: placed on this practice, signed for by `device` (null: by anybody), boxes as their headers say. */
export function prepareAppends(
  appends: readonly { statement: Signed; boxes: readonly Uint8Array[] }[],
  { practice, device }: { practice: PracticeId; device: DeviceCaller["device"] | null },
): PreparedAppend[] {
  return appends.map(({ statement: signed, boxes }, index) =>
    atItem(index, () => {
      const link = readStatement(signed);
      const { statement } = link;
      if (statement.chain !== "record" || statement.practice !== practice) refuse("malformed");
      if (device !== null && statement.device !== device) refuse("not-authorised");
      const body = readAppend(link);
      checkBoxes(body, boxes);
      return { link, file: statement.id as FileId, body, boxes };
    }),
  );
}

/** The attachments that an append says it carries. */
export function carriedBy({ file, body }: PreparedAppend): {
  file: FileId;
  attachment: AttachmentId;
  chunks: Hash;
}[] {
  return body.entries.flatMap(({ attachment }) =>
    attachment === undefined
      ? []
      : [{ file, attachment: attachment.id, chunks: attachment.chunks }],
  );
}

/** What a vault knows of a file when it decides on an append. */
export interface AppendContext {
  readonly held: Held;
  readonly access: AccessState;
  readonly record: RecordState;
  readonly week: number;
  /** Hashes that stand at places which the appends of this commit claim. */
  readonly standing: ReadonlySet<Hash>;
  /** Brought back after a restore: judged at the places that it cites alone. */
  readonly isReturned: boolean;
}

function checkNow(link: Link, { held, access, week }: AppendContext): void {
  const now = { access: withStops(held, access), practice: held.state, week };
  try {
    checkAppendNow(link, now);
  } catch (error) {
    const isStale = error instanceof CoreError && error.code === "stale-epoch";
    const writer = liveDevice(held.state, link.statement.device)?.member;
    const due = writer === undefined ? {} : { writer };
    if (isStale && isRekeyDue(access, held.state, due)) refuse("rekey-due");
    throw error;
  }
}

/** The next state of the record, or null when the append is there already. */
export function checkAppend(
  { link, body }: PreparedAppend,
  context: AppendContext,
): RecordState | null {
  const { held, access, record, standing } = context;
  if (standing.has(link.hash)) return null;
  if (link.statement.seq !== (record.head === null ? 0 : record.head.seq + 1)) refuse("conflict");
  if (body.seen.seq >= held.state.heads.length || body.access.seq >= access.heads.length)
    refuse("behind");
  if (phaseAt(access) === "erased") refuse("file-erased");
  const next = applyAppend(record, link, { access, practice: held.state });
  if (!context.isReturned) checkNow(link, context);
  return next;
}
