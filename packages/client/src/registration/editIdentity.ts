import type { EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  displayName,
  normaliseCode,
  type CodeChange,
  type Contact,
  type EntryBody,
  type PatientIdentity,
  type Person,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { EntryPlace } from "../chart/careEntries.ts";
import { changeRosterLine, leasedDirectory } from "../chart/leased.ts";
import { refill } from "../chart/refill.ts";
import type { Client } from "../client.ts";
import { ClientError, isRefusal, mustWait } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import { lookupKeyOf } from "../records/directory.ts";
import { readIdentity } from "../records/identity.ts";
import { indexPatient } from "../records/lookup.ts";
import { personFacts } from "../records/retentionFacts.ts";

/** A change of who somebody is. */
export interface IdentityEdit {
  readonly person: Omit<Person, "v" | "type" | "at">;
  /** Why the identity code is another one now; needed exactly where one was there before and is changed. */
  readonly codeReason?: CodeChange["reason"];
  /** The day from which the new code holds; today by default. */
  readonly codeOn?: string;
  /** The id of the draft that it was, for the person's entry. Left out: a fresh one. */
  readonly entry?: EntryId;
}

/** What became of an edit. */
export interface EditedIdentity {
  readonly identity: PatientIdentity;
  /** False: the gate lets this member list no more terms today, or a service is down; the patient is found by the old ones. */
  readonly isFindable: boolean;
}

function sameCode(a: Person["personalCode"], b: Person["personalCode"]): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.country === b.country && normaliseCode(a.value) === normaliseCode(b.value);
}

/**
 * Changes who a patient is: a new person entry and, where the identity code changed, the old code with day and reason, in one append; then
 * the caseload and the lookup, by which the old code still finds them. Errors: `input-rejected`, `record-invalid` of practice.
 */
export async function editIdentity(
  client: Client,
  file: KnownFile,
  { person, codeReason, codeOn, entry }: IdentityEdit,
): Promise<EditedIdentity> {
  const { context } = client;
  await refill(context, file);
  const before = readIdentity(context, file).person;
  const at = authorTime(context);
  const body: Person = { v: 1, type: "person", at, ...person };
  const bodies: EntryBody<"identity">[] = [body];
  const old = before?.personalCode;
  if (old !== undefined && !sameCode(old, person.personalCode)) {
    if (codeReason === undefined)
      throw new ClientError("input-rejected", {
        detail: "codeReason: why the code is another one",
      });
    const change: CodeChange = {
      v: 1,
      type: "codeChange",
      at,
      old,
      on: codeOn ?? at.slice(0, 10),
      reason: codeReason,
      ...(person.personalCode === undefined ? {} : { new: person.personalCode }),
    };
    bodies.push(change);
  }
  await append(client, file, bodies, entry);
  await changeRosterLine(client, file.file, (line) => ({
    ...line,
    name: displayName(body) === "" ? line.name : displayName(body),
    retention: { ...line.retention, ...personFacts(body) },
  }));
  return afterChange(client, file);
}

/** Adds a guardian, an emergency contact or somebody else near the patient, or changes one by an entry that names the one before. */
export async function putContact(
  client: Client,
  file: KnownFile,
  contact: Omit<Contact, "v" | "type" | "at">,
  { entry: draft }: EntryPlace = {},
): Promise<EntryId> {
  await refill(client.context, file);
  const { contacts } = readIdentity(client.context, file);
  if (contact.replaces !== undefined && !contacts.some(({ entry }) => entry === contact.replaces))
    throw new ClientError("input-rejected", { detail: "replaces: no such contact" });
  const at = authorTime(client.context);
  const [id] = await append(client, file, [{ v: 1, type: "contact", at, ...contact }], draft);
  return id as EntryId;
}

/** Takes a contact back, with a reason; it stays readable. Error: `unknown-record`. */
export async function removeContact(
  client: Client,
  file: KnownFile,
  { entry, reason }: { entry: string; reason: string },
): Promise<EntryId> {
  await refill(client.context, file);
  const { contacts } = readIdentity(client.context, file);
  if (!contacts.some((each) => each.entry === entry)) throw new ClientError("unknown-record");
  const at = authorTime(client.context);
  const [id] = await append(client, file, [{ v: 1, type: "retraction", at, entry, reason }]);
  return id as EntryId;
}

/** Says how a patient may be reached safely ("somebody at home may read my post"); nothing else of the person changes. */
export async function setSafeContact(
  client: Client,
  file: KnownFile,
  safeContact: NonNullable<Person["safeContact"]>,
): Promise<EditedIdentity> {
  await refill(client.context, file);
  const { person } = readIdentity(client.context, file);
  if (person === undefined) throw new ClientError("unknown-record");
  const { v: _v, type: _type, at: _at, ...rest } = person;
  return editIdentity(client, file, { person: { ...rest, safeContact } });
}

async function append(
  { context }: Client,
  file: KnownFile,
  bodies: readonly EntryBody<"identity">[],
  first: EntryId = generateEntryId(),
): Promise<EntryId[]> {
  const entries = bodies.map((body, at) => ({
    id: at === 0 ? first : generateEntryId(),
    class: "entry" as const,
    body: encodeBody("identity", body),
  }));
  await appendEntries(context, [{ file, entries }]);
  return entries.map(({ id }) => id);
}

/** The person is changed whatever the lookup says: what it does not take now is made good by the next edit. */
async function afterChange(client: Client, file: KnownFile): Promise<EditedIdentity> {
  const { context } = client;
  await refill(context, file);
  const identity = readIdentity(context, file);
  try {
    const key = lookupKeyOf(await leasedDirectory(client));
    await indexPatient(context, key, { file: file.file, identity });
    return { identity, isFindable: true };
  } catch (error) {
    if (!isRefusal(error) && !mustWait(error)) throw error;
    return { identity, isFindable: false };
  }
}
