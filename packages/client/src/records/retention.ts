import { generateEntryId } from "@sinetti/core/secret";
import { parseId, type FileId } from "@sinetti/core";
import {
  findRetentionClass,
  retentionOf,
  type EntryBody,
  type Person,
  type Retention,
  type RetentionClass,
  type RetentionFacts,
  type RetentionUnknown,
  type RosterValue,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { readAccess } from "../heldAccess.ts";
import { holdsOn } from "../holds.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody, readRecords, type ReadRecord } from "./body.ts";
import { openDirectory } from "./directory.ts";
import { changeFolded } from "./folded.ts";
import { readIdentity } from "./identity.ts";
import { findPatientFiles, openOne } from "./patients.ts";
import { personFacts } from "./retentionFacts.ts";
import { openRoster, putPatients, findInRoster, type Roster } from "./roster.ts";

type Ending = "careRelationship" | "discharge";
type BodyOf<K extends Ending> = Extract<EntryBody<"care">, { type: K }>;
type Relationship = BodyOf<"careRelationship">;

/** Those of one kind that hold, each with its entry: what a later one replaces or takes back falls away. */
function holdingIn<K extends Ending>(
  records: readonly ReadRecord<"care">[],
  kind: K,
): { id: ReadRecord<"care">["id"]; body: BodyOf<K> }[] {
  const replaced = new Set<string>();
  const found: { id: ReadRecord<"care">["id"]; body: BodyOf<K> }[] = [];
  for (const { id, body } of records) {
    if (body.type === "retraction") replaced.add(body.entry);
    if (body.type !== kind) continue;
    const held = body as BodyOf<Ending>;
    if (held.replaces !== undefined) replaced.add(held.replaces);
    found.push({ id, body: held as BodyOf<K> });
  }
  return found.filter(({ id }) => !replaced.has(id));
}

/** When care ended by a care file: the last end once nothing goes on; undefined: it goes on, or nobody wrote it down. */
export function careEnd(records: readonly ReadRecord<"care">[]): string | undefined {
  const relationships = holdingIn(records, "careRelationship").map(({ body }) => body);
  const goesOn = relationships.some(
    ({ status }) => status !== "ended" && status !== "entered-in-error",
  );
  if (goesOn) return undefined;
  const ends = relationships.flatMap(({ until }) => until ?? []);
  for (const { body } of holdingIn(records, "discharge")) ends.push(body.on);
  return ends.toSorted().at(-1);
}

/** Writes into the caseload what the time of keeping is counted from. */
async function keepFacts(
  client: Client,
  patient: string,
  change: (facts: RetentionFacts) => RetentionFacts,
): Promise<RetentionFacts> {
  const roster = await openRoster(client.context, true);
  const line = findInRoster(roster, patient);
  if (line === null) throw new ClientError("unknown-record");
  const retention = change(line.retention ?? {});
  if (JSON.stringify(retention) !== JSON.stringify(line.retention ?? null))
    await putPatients(client.context, roster, [{ ...line, retention }]);
  return retention;
}

async function openCareOf(client: Client, patient: string): Promise<KnownFile> {
  const { care } = await findPatientFiles(client, patient);
  if (care === null) throw new ClientError("unknown-record");
  return openOne(client.context, care, "documentation");
}

/** Writes down that care has ended on a day, in the care file and in the caseload. */
export async function endCare(
  client: Client,
  patient: string,
  until: string,
): Promise<RetentionFacts> {
  const { context, member } = client;
  const care = await openCareOf(client, patient);
  const at = authorTime(context);
  const records = readRecords(context, care, { compartment: "care" });
  const running = holdingIn(records, "careRelationship").filter(
    ({ body: { status } }) => status !== "ended" && status !== "entered-in-error",
  );
  const blank: Relationship = {
    v: 1,
    type: "careRelationship",
    at,
    status: "ended",
    therapist: member,
    kinds: [],
  };
  const ended: Relationship[] =
    running.length === 0
      ? [{ ...blank, until }]
      : running.map(({ id, body }) => ({ ...body, at, status: "ended", until, replaces: id }));
  const entries = ended.map((body) => ({
    id: generateEntryId(),
    class: "entry" as const,
    body: encodeBody("care", body),
  }));
  await appendEntries(context, [{ file: care, entries }]);
  return keepFacts(client, patient, (facts) => ({ ...facts, careEnded: until }));
}

/** Writes down that a patient has died on a day, in the identity file and in the caseload. */
export async function recordDeath(
  client: Client,
  patient: string,
  on: string,
): Promise<RetentionFacts> {
  const { context } = client;
  const { identity } = await findPatientFiles(client, patient);
  if (identity === null) throw new ClientError("unknown-record");
  const file = await openOne(context, identity, "contact");
  const { person } = readIdentity(context, file);
  if (person === undefined) throw new ClientError("unknown-record");
  const body: Person = { ...person, at: authorTime(context), deceased: { on } };
  const entry = {
    id: generateEntryId(),
    class: "entry" as const,
    body: encodeBody("identity", body),
  };
  await appendEntries(context, [{ file, entries: [entry] }]);
  return keepFacts(client, patient, (facts) => ({ ...facts, died: on }));
}

/** Reads a patient's records for what the time of keeping is counted from, and keeps it in the caseload: two openings. */
export async function refreshFacts(client: Client, patient: string): Promise<RetentionFacts> {
  const { context } = client;
  const { identity } = await findPatientFiles(client, patient);
  if (identity === null) throw new ClientError("unknown-record");
  const known = await openOne(context, identity, "review");
  const care = await openCareOf(client, patient);
  const ended = careEnd(readRecords(context, care, { compartment: "care" }));
  const facts = {
    ...personFacts(readIdentity(context, known).person),
    ...(ended === undefined ? {} : { careEnded: ended }),
  };
  return keepFacts(client, patient, () => facts);
}

/** The class that the practice has chosen; null: none yet. */
export async function readRetentionClass(client: Client): Promise<RetentionClass | null> {
  const found = (await openDirectory(client.context)).values.get("practice");
  const id = found?.kind === "practice" ? found.retention : undefined;
  return id === undefined ? null : (findRetentionClass(id) ?? null);
}

/** Chooses how long the practice keeps records; for an administrator. Error: `input-rejected` for a class that is not known. */
export async function chooseRetentionClass(client: Client, id: string): Promise<RetentionClass> {
  const chosen = findRetentionClass(id);
  if (chosen === undefined)
    throw new ClientError("input-rejected", { detail: "class: not one of those listed" });
  const directory = await openDirectory(client.context);
  const value = directory.values.get("practice");
  if (value?.kind !== "practice") throw new ClientError("not-ready");
  await changeFolded(client.context, directory, {
    compartment: "directory",
    changes: [{ key: "practice", value: { ...value, retention: id } }],
  });
  return chosen;
}

/** One patient of the due list. */
export interface RetentionRow {
  readonly patient: FileId;
  readonly name: string;
  /** Null: it cannot be said, because of `unknown`. */
  readonly retention: Retention | null;
  readonly unknown: RetentionUnknown | "not-read" | null;
}

/** Every patient of the caseload, the soonest due first: from the caseload alone, so that it costs one opening; holds are read of what is due. */
export async function listRetention(
  client: Client,
  retentionClass: RetentionClass,
): Promise<RetentionRow[]> {
  const roster: Roster = await openRoster(client.context, true);
  const today = authorTime(client.context).slice(0, 10);
  const rows: RetentionRow[] = [];
  for (const line of roster.values.values()) {
    const row = { patient: parseId<FileId>(line.patient), name: line.name };
    if (line.retention === undefined) {
      rows.push({ ...row, retention: null, unknown: "not-read" });
      continue;
    }
    const ask = { retentionClass, holds: [], today };
    const told = retentionOf(line.retention, ask);
    if (!told.ok) rows.push({ ...row, retention: null, unknown: told.reason });
    else if (told.value.state === "kept")
      rows.push({ ...row, retention: told.value, unknown: null });
    else {
      const isHeld = await isOnHold(client, line);
      const retention = { ...told.value, state: isHeld ? ("on-hold" as const) : ("due" as const) };
      rows.push({ ...row, retention, unknown: null });
    }
  }
  const dueOf = ({ retention }: RetentionRow): string => retention?.due ?? "9999";
  return rows.sort((a, b) => dueOf(a).localeCompare(dueOf(b)) || a.name.localeCompare(b.name));
}

async function isOnHold({ context }: Client, { files }: RosterValue): Promise<boolean> {
  for (const file of Object.values(files)) {
    const { access } = await readAccess(context, parseId<FileId>(file));
    if (holdsOn(context, access).length > 0) return true;
  }
  return false;
}
