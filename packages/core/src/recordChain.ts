import type { AttachmentId, DeviceId, EntryId, FileId, PracticeId } from "./brand.ts";
import { ZERO_HASH } from "./brand.ts";
import { RIGHTS } from "./authority.ts";
import {
  accessHead,
  accessOf,
  epochAt,
  isRekeyDue,
  phaseAt,
  type AccessState,
} from "./accessState.ts";
import { ensure } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { seenShape, type Place } from "./order.ts";
import { knowsPlace, liveDevice, type PracticeState } from "./practiceState.ts";
import {
  type Shaped,
  code,
  fixedBytes,
  hash,
  id,
  list,
  nullable,
  optional,
  record,
  uint,
  version,
} from "./shape.ts";
import type { Signed } from "./sign.ts";
import type { Secret } from "./secretValue.ts";
import { checkPlace, signStatement, verifyStatement, type Link } from "./statement.ts";

/** Kind class of an entry: a record, a fold of the records before it, or the carrier of an attachment. */
export const ENTRY_CLASSES = ["entry", "snapshot", "attachment"] as const;
/** What stands in clear of one entry: hash of the box, the commitment to its key, and of a carrier which chunks it carries. */
export const headerShape = record({
  id: id<EntryId>(),
  class: code(ENTRY_CLASSES),
  box: hash,
  commit: fixedBytes(32),
  /** Exactly with class `attachment`: its id, and `hashChunks` over the sealed chunks. */
  attachment: optional(record({ id: id<AttachmentId>(), chunks: hash })),
});
/** The header of one entry. */
export type EntryHeader = Shaped<typeof headerShape>;

const appendShape = record({
  /** Last-seen head of the practice chain. */
  seen: seenShape,
  /** Last-seen head of the file's access chain. */
  access: seenShape,
  epoch: uint(LIMITS.chainLength),
  entries: list(headerShape, { min: 1, max: LIMITS.entriesPerAppend }),
});
/** The body of `append` and `snapshot`. */
export type AppendBody = Shaped<typeof appendShape>;

/** The form in which a vault or a client keeps the folded record chain of a file. */
export const recordStateShape = record({
  v: version,
  practice: id<PracticeId>(),
  file: id<FileId>(),
  head: nullable(seenShape),
  entries: uint(LIMITS.chainLength),
  /** Newest cited places of the practice and access chains: they never go down. */
  seenSeq: uint(LIMITS.chainLength),
  accessSeq: uint(LIMITS.chainLength),
  /** Seq of the newest snapshot; null: none. */
  snapshotSeq: nullable(uint(LIMITS.chainLength)),
});
/** The record chain of one file folded up to its head. */
export type RecordState = Shaped<typeof recordStateShape>;

/** The fold of a record chain without statements. */
export function startRecord(practice: PracticeId, file: FileId): RecordState {
  return {
    v: 1,
    practice,
    file,
    head: null,
    entries: 0,
    seenSeq: 0,
    accessSeq: 0,
    snapshotSeq: null,
  };
}

/** Signs an append of 1 to 256 entries after `head`. */
export function signAppend(
  place: { practice: PracticeId; file: FileId; device: DeviceId; head: Place | null },
  body: AppendBody,
  key: Secret<"sign">,
): Signed {
  const { practice, file, device, head } = place;
  const kind = body.entries[0]?.class === "snapshot" ? "snapshot" : "append";
  return signStatement(
    {
      practice,
      chain: "record",
      id: file,
      seq: head === null ? 0 : head.seq + 1,
      prev: head?.hash ?? ZERO_HASH,
      device,
      kind,
    },
    { shape: appendShape, value: body },
    key,
  );
}

/** The body of an append, before anything is checked. Error: `malformed`. */
export function readAppend(link: Link): AppendBody {
  const { kind } = link.statement;
  ensure(kind === "append" || kind === "snapshot", "malformed");
  const body = appendShape.decode(link.statement.body);
  const snapshots = body.entries.filter((entry) => entry.class === "snapshot").length;
  ensure(
    kind === "snapshot" ? snapshots === 1 && body.entries.length === 1 : snapshots === 0,
    "malformed",
  );
  ensure(new Set(body.entries.map((entry) => entry.id)).size === body.entries.length, "malformed");
  ensure(
    body.entries.every(
      (entry) => (entry.class === "attachment") === (entry.attachment !== undefined),
    ),
    "malformed",
  );
  return body;
}

/**
 * Checks one more append against what it cites and gives the next state, as every reader does.
 * Errors: `wrong-practice`, `broken-chain`, `stale-head`, `stale-epoch`, `not-authorised`, `not-granted`, `file-closed`, `bad-signature`, `malformed`.
 */
export function applyAppend(
  state: RecordState,
  link: Link,
  { access, practice }: { access: AccessState; practice: PracticeState },
): RecordState {
  checkPlace(link.statement, {
    practice: state.practice,
    chain: "record",
    id: state.file,
    head: state.head,
  });
  const body = readAppend(link);
  ensure(knowsPlace(practice, body.seen) && body.seen.seq >= state.seenSeq, "stale-head");
  ensure(
    access.file === state.file &&
      access.heads[body.access.seq] === body.access.hash &&
      body.access.seq >= state.accessSeq,
    "stale-head",
  );
  const device = liveDevice(practice, link.statement.device, body.seen.seq);
  ensure(device !== null, "not-authorised");
  ensure(phaseAt(access, body.access.seq) === "open", "file-closed");
  const rights = accessOf(access, practice, {
    member: device.member,
    week: null,
    at: body.access.seq,
    practiceAt: body.seen.seq,
  });
  ensure(((rights.standing | rights.approved) & RIGHTS.write) !== 0, "not-granted");
  ensure(body.epoch === epochAt(access, body.access.seq).epoch, "stale-epoch");
  verifyStatement(link.signed, device.statementKey);
  return advanceRecord(state, link, body);
}

/** The state after an append that was checked, or that this device has just signed itself. */
export function advanceRecord(state: RecordState, link: Link, body: AppendBody): RecordState {
  const { seq } = link.statement;
  return {
    ...state,
    head: { seq, hash: link.hash },
    entries: state.entries + body.entries.length,
    seenSeq: body.seen.seq,
    accessSeq: body.access.seq,
    snapshotSeq: link.statement.kind === "snapshot" ? seq : state.snapshotSeq,
  };
}

/**
 * What a vault checks beside `applyAppend`, against the newest state that it knows: the author is live and may write now,
 * the epoch is the newest, and no new epoch is due. Errors: `not-authorised`, `not-granted`, `file-closed`, `stale-epoch`.
 */
export function checkAppendNow(
  link: Link,
  { access, practice, week }: { access: AccessState; practice: PracticeState; week: number },
): void {
  const device = liveDevice(practice, link.statement.device);
  ensure(device !== null, "not-authorised");
  ensure(phaseAt(access) === "open", phaseAt(access) === "erased" ? "file-erased" : "file-closed");
  const rights = accessOf(access, practice, { member: device.member, week, inGrace: true });
  ensure(((rights.standing | rights.approved) & RIGHTS.write) !== 0, "not-granted");
  ensure(
    readAppend(link).epoch === epochAt(access).epoch &&
      !isRekeyDue(access, practice, { writer: device.member }),
    "stale-epoch",
  );
  ensure(accessHead(access).seq >= readAppend(link).access.seq, "stale-head");
}
