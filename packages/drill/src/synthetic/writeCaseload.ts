import {
  appendInBatches,
  encodeBody,
  Listing,
  importGroup,
  listGranted,
  openDirectory,
  openOne,
  openRoster,
  putAttachment,
  putPatients,
  readDrafts,
  saveDraft,
  type Client,
  type EntryWish,
  type FileEntries,
  type KnownFile,
} from "@sinetti/client";
import { hexToBytes, type FileId, type Secret } from "@sinetti/core";
import { importKeyFromBytes } from "@sinetti/core/secret";
import { displayName, type NoteDraft } from "@sinetti/practice";

import { PatientIds, toCandidate } from "./candidate.ts";
import { needlesOf, type Caseload, type PracticeWish } from "./caseload.ts";
import type { InventedDocument } from "./documents.ts";
import { EffortMeter, NO_EFFORT, type Effort } from "./effort.ts";
import { inventPatient, type InventedPatient } from "./patient.ts";
import { fits, plantPatient, type PlantPlace } from "./plant.ts";

/** Patients that are created in one request: many enough that their order says little, few enough to hold in memory. */
const GROUP = 64;

/** How a run is watched and ended. */
export interface RunHooks {
  /** Patients done since the last call. */
  readonly onDone: (patients: number) => void;
  /** Asked between groups: true ends the run after what was begun is whole. */
  readonly isStopped: () => boolean;
}

/** What a run wrote; a second run writes what the first did not. */
export interface Written {
  patients: number;
  entries: number;
  attachments: number;
  drafts: number;
  effort: Effort;
}

/** A run that has written nothing yet. */
export function nothingWritten(): Written {
  return { patients: 0, entries: 0, attachments: 0, drafts: 0, effort: NO_EFFORT };
}

/** One patient of a group, under the names that the practice gives it. */
interface Planned {
  readonly patient: InventedPatient;
  readonly ids: PatientIds;
  readonly places: readonly PlantPlace[];
}

/** The key under which this practice names what is imported. */
export async function readImportKey({ context }: Client): Promise<Secret<"import-key">> {
  const practice = (await openDirectory(context)).values.get("practice");
  if (practice?.kind !== "practice") throw new TypeError("the directory names its practice");
  return importKeyFromBytes(hexToBytes(practice.importKey));
}

/** Invents one patient of a practice with what is planted in their record. */
export function planPatient(
  wish: PracticeWish,
  number: number,
  { author, importKey }: { author: string; importKey: Secret<"import-key"> },
): Planned {
  const { seed, until, meanEntries, isRecent = false } = wish;
  const ids = new PatientIds(importKey, { seed, number });
  const patient = inventPatient({ seed, number, until, meanEntries, author, isRecent });
  const needles = needlesOf(wish, number);
  if (needles.length === 0) return { patient, ids, places: [] };
  const entryIdOf = (sourceId: string) => ids.entry("care", sourceId);
  return { ids, ...plantPatient(patient, needles, { author, entryIdOf }) };
}

const doneCell = (identity: FileId): string => `synthetic/${identity}`;

/**
 * Writes one therapist's patients by their own client, group by group; only one group is in memory. What an earlier run
 * wrote is found by its ids and stays.
 */
export async function writeCaseload(
  client: Client,
  { wish, caseload }: { wish: PracticeWish; caseload: Caseload },
  { onDone, isStopped }: RunHooks,
): Promise<Written> {
  const { context } = client;
  const written = nothingWritten();
  const meter = new EffortMeter();
  const importKey = await readImportKey(client);
  await openRoster(context, true);
  const [who, what] = await Promise.all([
    listGranted(context, "who"),
    listGranted(context, "what"),
  ]);
  const granted = new Set([...who, ...what].map(({ file }) => file));
  for (let from = caseload.from; from < caseload.to && !isStopped(); from += GROUP) {
    const to = Math.min(from + GROUP, caseload.to);
    const numbers = Array.from({ length: to - from }, (_, index) => from + index);
    const left: Planned[] = [];
    for (const number of numbers) {
      const identity = new PatientIds(importKey, { seed: wish.seed, number }).file("identity");
      if ((await context.device.read(doneCell(identity))) === null)
        left.push(
          await meter.invent(() => planPatient(wish, number, { author: client.member, importKey })),
        );
    }
    await writeGroup(client, left, { wish, granted, written, meter });
    meter.look();
    for (const { ids } of left)
      for (const compartment of ["identity", "office", "care", "portal", "process"] as const)
        context.files.forget(ids.file(compartment));
    onDone(numbers.length);
  }
  written.effort = meter.effort;
  return written;
}

/** What the groups of a run share. */
interface GroupRun {
  readonly granted: ReadonlySet<FileId>;
  readonly written: Written;
  readonly meter: EffortMeter;
}

async function writeGroup(
  client: Client,
  group: readonly Planned[],
  { wish, granted, written, meter }: GroupRun & { wish: PracticeWish },
): Promise<void> {
  if (group.length === 0) return;
  const { context } = client;
  const candidates = group.map(({ patient, ids }) => toCandidate(patient, ids));
  const { entries, rejected } = await importGroup(client, candidates, {
    granted,
    listing: new Listing(client),
  });
  if (rejected.length > 0) throw new TypeError("a patient of this seed is somebody else's");
  written.entries += entries;
  written.entries += await writeDocuments(client, group, { granted, written, meter });
  for (const { patient, ids } of group) {
    const isOlder = granted.has(ids.file("care"));
    written.drafts += await writeDrafts(client, patient, { care: ids.file("care"), isOlder });
    written.entries += await plantRoster(client, patient, { ids, wish });
  }
  await context.device.write(
    group.map(({ ids }) => context.device.seal(doneCell(ids.file("identity")), new Uint8Array(0))),
  );
  written.patients += group.length;
}

function openCareFile({ context }: Client, file: FileId): Promise<KnownFile> {
  return openOne(context, { file, vault: "what" }, "import");
}

/** Sends the documents that no entry names yet, then the entries that name them. */
async function writeDocuments(
  client: Client,
  group: readonly Planned[],
  { granted, written, meter }: GroupRun,
): Promise<number> {
  const missing: FileEntries[] = [];
  for (const { patient, ids } of group) {
    if (patient.documents.length === 0) continue;
    const file = ids.file("care");
    const care = await openCareFile(client, file);
    const held = granted.has(file)
      ? new Set(care.links.flatMap(({ body }) => body.entries.map(({ id }) => id)))
      : new Set();
    const entries: EntryWish[] = [];
    for (const document of patient.documents) {
      const id = ids.entry("care", document.sourceId);
      if (held.has(id)) continue;
      entries.push({ id, ...(await sendDocument(client, care, { document, meter })) });
      written.attachments++;
    }
    if (entries.length > 0) missing.push({ file, entries });
  }
  return appendInBatches(client.context, "what", missing);
}

async function sendDocument(
  { context }: Client,
  care: KnownFile,
  { document, meter }: { document: InventedDocument; meter: EffortMeter },
): Promise<Omit<EntryWish, "id">> {
  const { title, at, mediaType } = document;
  const content = await meter.invent(() => document.bytes());
  const { link, carried } = await putAttachment(context, care, once(content));
  const { attachment: id, key, chunks, sizeBytes } = link;
  const attachment = { id, key, chunks, sizeBytes };
  const body = encodeBody("care", { v: 1, type: "document", at, title, mediaType, attachment });
  return { class: "attachment", body, attachment: carried };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function writeDrafts(
  client: Client,
  { drafts, person }: InventedPatient,
  { care, isOlder }: { care: FileId; isOlder: boolean },
): Promise<number> {
  if (drafts.length === 0) return 0;
  const file = await openCareFile(client, care);
  const there = isOlder ? (await readDrafts(client.context, file)).length : 0;
  for (const content of drafts.slice(there)) {
    const draft: NoteDraft = {
      v: 1,
      type: "noteDraft",
      at: person.at,
      author: client.member,
      ...content,
    };
    const body = new TextEncoder().encode(JSON.stringify(draft));
    await saveDraft(client.context, file, { draft: null, body });
  }
  return Math.max(0, drafts.length - there);
}

/** Puts the patient's strings into the caseload as their name, one after the other, and the name last. */
async function plantRoster(
  client: Client,
  { number, person }: InventedPatient,
  { ids, wish }: { ids: PatientIds; wish: PracticeWish },
): Promise<number> {
  const needles = needlesOf(wish, number).filter((needle) => fits(needle, "line"));
  if (needles.length === 0) return 0;
  const roster = await openRoster(client.context, true);
  const line = roster.values.get(ids.file("identity"));
  if (line === undefined) throw new TypeError("an imported patient is in the caseload");
  const names = [...needles.map(({ text }) => text), displayName(person)];
  for (const name of names) await putPatients(client.context, roster, [{ ...line, name }]);
  return names.length;
}
