import {
  CoreError,
  concatBytes,
  decodeReviewDecisions,
  decodeShape,
  encodeReviewDecisions,
  encodeShape,
  grantsAt,
  LIMITS,
  parseId,
  rolesAt,
  shapes,
  ALL_RIGHTS,
  type FileId,
  type MemberId,
  type OrderId,
  type PracticeState,
  type ReviewDecision,
  type Shaped,
} from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import { appendEntries } from "../appendEntries.ts";
import { grantToMany } from "../changeAccess.ts";
import type { Context } from "../context.ts";
import { createFiles, memberGrant } from "../createFiles.ts";
import { ClientError, hardStop, isRefused, mustWait } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import type { KnownFile } from "../fileCache.ts";
import { openFiles } from "../openFiles.ts";
import { listGranted } from "../records/practiceFiles.ts";
import { readEntries, type Entry } from "../readEntries.ts";

/** Bytes of a snapshot in one entry. */
const PART_BYTES = 1024 * 1024;
const PARTS = 16;
const DOCUMENT_BYTES = LIMITS.boxBytes;

const part = shapes.uint(PARTS);
const entryShape = shapes.variant("kind", {
  /** A part of the snapshot; `of`: how many there are. */
  snapshot: shapes.record({
    v: shapes.version,
    part,
    of: part,
    bytes: shapes.maxBytes(PART_BYTES),
  }),
  /** Decisions as they were made, or all of them as a closing is bound to them. */
  decisions: shapes.record({ v: shapes.version, document: shapes.maxBytes(DOCUMENT_BYTES) }),
  closing: shapes.record({ v: shapes.version, document: shapes.maxBytes(DOCUMENT_BYTES) }),
});
type RoundEntry = Shaped<typeof entryShape>;

/** What the officers share of a round. */
export interface SharedRound {
  readonly snapshot: Uint8Array | null;
  /** In the order in which they were written, the first on each access alone. */
  readonly decisions: readonly ReviewDecision[];
  /** The documents that closings were bound to: of one the practice chain knows the hash. */
  readonly closings: readonly Uint8Array[];
}

/** The file of a round has the id of the round. */
function refOf(round: OrderId): FileRef {
  return { file: parseId<FileId>(round), vault: "who" };
}

function officers(practice: PracticeState): MemberId[] {
  return (Object.keys(practice.members) as MemberId[]).filter((member) =>
    rolesAt(practice, member).includes("privacy"),
  );
}

/** Puts the snapshot of a round where each privacy officer reads it and writes decisions beside it. */
export async function shareRound(
  context: Context,
  { round, snapshot }: { round: OrderId; snapshot: Uint8Array },
): Promise<void> {
  const { file: id } = refOf(round);
  const others = officers(context.practice.state).filter(
    (member) => member !== context.device.owner.member,
  );
  const grants = others.map((member) =>
    memberGrant(context, { member, rights: ALL_RIGHTS, reason: "staff" }),
  );
  const [file] = await createFiles(context, [
    { file: id, compartment: "review", case: null, site: null, grants },
  ]);
  if (file === undefined) throw new TypeError("no file was created");
  const of = Math.ceil(snapshot.length / PART_BYTES);
  for (let index = 0; index < of; index++) {
    const bytes = snapshot.slice(index * PART_BYTES, (index + 1) * PART_BYTES);
    await append(context, file, { kind: "snapshot", v: 1, part: index, of, bytes });
  }
}

async function append(context: Context, file: KnownFile, entry: RoundEntry): Promise<void> {
  const body = encodeShape(entryShape, entry);
  await appendEntries(context, [
    { file, entries: [{ id: generateEntryId(), class: "entry", body }] },
  ]);
}

/** The shared file of a round, open; null: it has none, or this member cannot open it. */
async function openShared(context: Context, round: OrderId): Promise<KnownFile | null> {
  const [opened] = await openFiles(context, [refOf(round)], { purpose: "review" });
  return opened?.file ?? null;
}

/** What the officers share of a round; null: nothing that this member can open. Hard stop: an entry that is none of a round. */
export async function readShared(context: Context, round: OrderId): Promise<SharedRound | null> {
  const file = await openShared(context, round);
  if (file === null) return null;
  const entries = readEntries(context, file).map((entry) => ({ entry, read: readEntry(entry) }));
  return {
    snapshot: joinSnapshot(entries.map(({ read }) => read)),
    decisions: entries.reduce<ReviewDecision[]>(
      (all, { entry, read }) =>
        read.kind === "decisions" ? addNew(all, readDecisions(entry, read, round)) : all,
      [],
    ),
    closings: entries.flatMap(({ read }) => (read.kind === "closing" ? [read.document] : [])),
  };
}

function readEntry({ body }: Entry): RoundEntry {
  try {
    return decodeShape(entryShape, body, DOCUMENT_BYTES);
  } catch (cause) {
    if (cause instanceof CoreError) throw hardStop("an entry is none of a round", cause);
    throw cause;
  }
}

/** The snapshot from its first parts, which the hash in the practice chain is held against. */
function joinSnapshot(entries: readonly RoundEntry[]): Uint8Array | null {
  const parts = entries.filter((entry) => entry.kind === "snapshot");
  const [first] = parts;
  if (first === undefined || parts.length < first.of) return null;
  return concatBytes(...parts.slice(0, first.of).map(({ bytes }) => bytes));
}

/** Each officer writes their own decisions, under their own name. */
function readDecisions(
  { member }: Entry,
  { document }: Extract<RoundEntry, { kind: "decisions" }>,
  round: OrderId,
): readonly ReviewDecision[] {
  const read = decodeReviewDecisions(document);
  const isTheirs = read.round === round && read.decisions.every(({ by }) => by === member);
  if (!isTheirs) throw hardStop("decisions of another round, or in another’s name");
  return read.decisions;
}

/** Decisions with those of others after them, the first on each access alone. */
export function addNew(
  first: readonly ReviewDecision[],
  more: readonly ReviewDecision[],
): ReviewDecision[] {
  const decided = new Set(first.map(({ edge }) => edge));
  return [...first, ...more.filter(({ edge }) => !decided.has(edge))];
}

/**
 * Writes decisions, or all of them as a closing is bound to them, where the other officers read them. What cannot be shared any more
 * (the round is older than grants last) stays on this device.
 */
export async function shareDecisions(
  context: Context,
  round: OrderId,
  { kind, decisions }: { kind: "decisions" | "closing"; decisions: readonly ReviewDecision[] },
): Promise<void> {
  const { practice } = context.practice.state;
  const document = encodeReviewDecisions({ v: 1, practice, round, decisions: [...decisions] });
  try {
    const file = await openShared(context, round);
    if (file === null) return;
    await append(context, file, { kind, v: 1, document });
    await letIn(context, file);
  } catch (error) {
    if (!isRefused(error) && !mustWait(error)) throw error;
  }
}

/** Lets officers in who came after the round was opened: with the first decision after they came. */
async function letIn(context: Context, file: KnownFile): Promise<void> {
  const held = grantsAt(file.access).map(({ grant }) => grant.subject.id as string);
  const wishes = officers(context.practice.state)
    .filter((member) => !held.includes(member))
    .map((member) => memberGrant(context, { member, rights: ALL_RIGHTS, reason: "staff" }));
  if (wishes.length > 0) await grantToMany(context, file, wishes);
}

/** The rounds that this member can read from the vault. */
export async function listShared(context: Context): Promise<Set<OrderId>> {
  try {
    const granted = await listGranted(context, "who");
    const own = granted.filter(({ compartment }) => compartment === "review");
    return new Set(own.map(({ file }) => parseId<OrderId>(file)));
  } catch (error) {
    if (error instanceof ClientError && error.code === "unreachable") return new Set();
    throw error;
  }
}
