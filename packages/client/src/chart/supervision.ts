import {
  LIMITS,
  RIGHTS,
  decodeShape,
  encodeShape,
  epochAt,
  grantsAt,
  liveDevice,
  parseId,
  rolesAt,
  shapes,
  weekOf,
  weekStart,
  type FileId,
  type Grant,
  type MemberId,
} from "@sinetti/core";
import type { Client } from "../client.ts";
import { fetchFiles } from "../fetchFiles.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime } from "../records/body.ts";
import { listGranted, type GrantedFile } from "../records/practiceFiles.ts";
import { DUE_WEEKS } from "../review/edges.ts";
import { listPendingNotes } from "./countersign.ts";

const PREFIX = "looked/";
const WAITING = 4096;
const { id, list, record, text, uint } = shapes;
const lookShape = record({
  at: text(32),
  /** Links of the record chain that were there. */
  links: uint(LIMITS.chainLength),
  waiting: list(record({ entry: text(64), on: text(10), author: id<MemberId>() }), {
    max: WAITING,
  }),
});

/** A note that waits for a countersignature. */
export interface WaitingNote {
  readonly entry: string;
  /** Day of its session. */
  readonly on: string;
  readonly author: MemberId;
}

/** A care file that this member was granted for supervision, by its chains and this device's last look: nothing is opened for it. */
export interface SupervisedRecord {
  readonly care: FileId;
  readonly grantor: MemberId;
  readonly reason: Grant["reason"];
  /** ISO date of the Monday on which the grant ends; null: never. */
  readonly until: string | null;
  readonly endsSoon: boolean;
  readonly canCountersign: boolean;
  /** ISO instant at which this device looked last; null: never. */
  readonly lookedAt: string | null;
  /** Entries of others since then; all of them where it never looked. */
  readonly fresh: number;
  /** As they stand where the record is open, else as they stood at the last look. */
  readonly waiting: readonly WaitingNote[];
}

/** Remembers that this device looked at a care file which is open, for `listSupervised`: sealed, and here alone. */
export async function rememberLook(client: Client, care: KnownFile): Promise<void> {
  const { device } = client.context;
  const look = {
    at: authorTime(client.context),
    links: care.links.length,
    waiting: waitingIn(client, care).slice(0, WAITING),
  };
  await device.write([device.seal(PREFIX + care.file, encodeShape(lookShape, look))]);
}

/**
 * The records that were granted to this member for supervision; to who is no therapist, every care file that was granted. Read from the
 * vault's list and the verified chains: no share is released for it.
 */
export async function listSupervised(client: Client): Promise<SupervisedRecord[]> {
  const { context, member } = client;
  const granted = (await listGranted(context, "what")).filter(isOthers);
  const isTherapist = client.roles.includes("therapist");
  const found: SupervisedRecord[] = [];
  for (const care of (await readChains(client, granted)).values()) {
    const own = grantsAt(care.access).find(({ grant }) => grant.subject.id === member);
    if (own === undefined || (isTherapist && own.grant.reason !== "supervision")) continue;
    found.push(await supervisedOf(client, care, own));
  }
  await forgetOthers(client, new Set(found.map(({ care }) => care)));
  return found;
}

/** Who may grant a record treats its patient; a grant for supervision never carries that right. */
const isOthers = ({ compartment, rights }: GrantedFile): boolean =>
  compartment === "care" && (rights & RIGHTS.grant) === 0;

async function readChains(
  { context }: Client,
  granted: readonly GrantedFile[],
): Promise<Map<FileId, KnownFile>> {
  const chains = new Map<FileId, KnownFile>();
  const known = await Promise.all(granted.map((ref) => context.files.get(ref)));
  // What is open is read from memory elsewhere, so its new entries come with their boxes.
  const openOnes = granted.filter((_, index) => (known[index]?.keys.size ?? 0) > 0);
  const others = granted.filter((ref) => !openOnes.includes(ref));
  for (const [refs, boxes] of [[openOnes, true] as const, [others, false] as const])
    for (let start = 0; start < refs.length; start += LIMITS.itemsPerBatch) {
      const batch = refs.slice(start, start + LIMITS.itemsPerBatch);
      for (const [file, fetched] of await fetchFiles(context, batch, { boxes }))
        chains.set(file, fetched.file);
    }
  return chains;
}

async function supervisedOf(
  client: Client,
  care: KnownFile,
  { grant, grantor }: { grant: Grant; grantor: MemberId },
): Promise<SupervisedRecord> {
  const { context, practice, member } = client;
  const cell = await context.device.read(PREFIX + care.file);
  const look = cell === null ? null : decodeShape(lookShape, cell);
  const { expires, reason, rights } = grant;
  const week = weekOf(context.world.clock.now());
  return {
    care: care.file,
    grantor,
    reason,
    until: expires === 0 ? null : new Date(weekStart(expires) * 1000).toISOString().slice(0, 10),
    endsSoon: expires !== 0 && expires <= week + DUE_WEEKS,
    canCountersign:
      (rights & RIGHTS.write) !== 0 && rolesAt(practice, member).includes("supervisor"),
    lookedAt: look?.at ?? null,
    fresh: entriesOfOthers(client, care, look?.links ?? 0),
    waiting: isOpen(care) ? waitingIn(client, care) : (look?.waiting ?? []),
  };
}

const isOpen = ({ access, keys, links }: KnownFile): boolean =>
  keys.has(epochAt(access).epoch) && links.every(({ boxes }) => boxes !== null);

function entriesOfOthers({ practice, member }: Client, care: KnownFile, from: number): number {
  return care.links
    .slice(from)
    .filter(
      ({ link, body }) =>
        liveDevice(practice, link.statement.device, body.seen.seq)?.member !== member,
    )
    .flatMap(({ body }) => body.entries)
    .filter((entry) => entry.class === "entry").length;
}

function waitingIn(client: Client, care: KnownFile): WaitingNote[] {
  return listPendingNotes(client, care).map(({ entry, original }) => ({
    entry,
    on: original.session.date,
    author: parseId<MemberId>(original.author),
  }));
}

/** What was looked at and is no longer granted leaves nothing on this device. */
async function forgetOthers({ context: { device } }: Client, held: Set<string>): Promise<void> {
  const names = await device.list(PREFIX);
  const gone = names.filter((name) => !held.has(name.slice(PREFIX.length)));
  if (gone.length > 0) await device.write(gone.map((name) => ({ name, value: null })));
}
