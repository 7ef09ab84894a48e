import { foldIdentity } from "../../people/patientIdentity.ts";
import type { Person } from "../../records/identity.ts";
import { Collector } from "./collector.ts";
import { derivedFrom } from "./derived.ts";
import type { PatientRecord, RecordEntry, Withheld } from "./exported.ts";
import { accessLineOut, exportOut, staffOut } from "./auditOut.ts";
import { provenanceOut } from "./historyOut.ts";
import { ledgerOut } from "./ledgerOut.ts";
import { scheduleOut } from "./officeOut.ts";
import {
  fhirDocumentsOf,
  readOriginals,
  referenceTo,
  sourcesOf,
  type Original,
} from "./originals.ts";
import type { OutContext } from "./outMapper.ts";
import { withOwnRecord, withheldExtension } from "./ownExtension.ts";
import { concept, fhirText, narrative } from "./parts.ts";
import { personOut } from "./personOut.ts";
import { recordOut } from "./recordOut.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

/** What an export needs from outside. */
export interface OutOptions {
  /** SHA-256 of a text's UTF-8, as 64 lowercase hexadecimal digits. */
  readonly sha256: (text: string) => string;
  /** True only when the owner of the process notes wants them out; they are labelled PSYTHPN. */
  readonly withProcessNotes?: boolean;
}

/** A FHIR R4 bundle of one patient. */
export interface OutBundle {
  readonly resourceType: "Bundle";
  readonly id: string;
  readonly type: "collection";
  readonly timestamp: string;
  readonly entry: readonly { readonly fullUrl: string; readonly resource: OutResource }[];
}

/**
 * A patient's record as a FHIR R4 bundle (hl7.org/fhir/R4): a resource for each record with the whole record in an extension,
 * originals from elsewhere word for word, Provenance for who wrote what, AuditEvent for who opened it. The same record gives the
 * same bundle. Process notes are left out unless asked for.
 */
export function recordToBundle(record: PatientRecord, options: OutOptions): OutBundle {
  const entries = record.entries.filter(
    ({ compartment }) => compartment !== "process" || options.withProcessNotes === true,
  );
  const originals = readOriginals(entries);
  const collector = new Collector();
  const patient = patientOf(record, originals);
  const subject = { reference: referenceTo(patient) };
  const context: OutContext = {
    subject,
    member: collector.member,
    entry: collector.reference,
    documentPath: (attachment) => record.documentPaths.get(attachment),
  };
  const derived = derivedFrom(entries, originals, options);
  if (patient.entry === undefined) collector.add(patient.resource);
  else collector.addFor(patient.entry, patient);
  const each = { originals, context, collector, derived, withheld: record.withheld, patient };
  for (const entry of entries) addEntry(entry, each);
  addPractice(record, { context, collector, sha256: options.sha256 });
  for (const made of provenanceOut(entries, { targets: collector.targets, context }))
    collector.add(made);
  record.accessLog.forEach((line, index) =>
    collector.add(accessLineOut(line, { id: `access-${record.practice.id}-${index}`, context })),
  );
  for (const made of staffOut(record, collector.mentioned)) collector.add(made);
  const { made: timestamp, patient: id } = record;
  return { resourceType: "Bundle", id, type: "collection", timestamp, entry: collector.entry };
}

interface PatientOut extends Original {
  /** The entry that it stands for; undefined: the identity is not part of this export. */
  readonly entry: string | undefined;
}

/** The one Patient: as it came when it came from elsewhere and still holds, else made of the newest person; its id never changes. */
function patientOf(record: PatientRecord, originals: ReadonlyMap<string, Original>): PatientOut {
  const identity = record.entries.filter((each) => each.compartment === "identity");
  const { person, codeChanges } = foldIdentity(identity);
  const current = identity.findLast(({ body }) => body === person);
  const first = identity.flatMap(({ body }) => (body.type === "person" ? sourcesOf(body) : []))[0];
  const [own] = current === undefined ? [] : sourcesOf(current.body);
  const original = own === undefined ? undefined : originals.get(own.sourceId);
  if (original !== undefined && current !== undefined) return { ...original, entry: current.entry };
  const told = record.entries.flatMap(({ body }) =>
    body.type === "origin" && body.patient !== undefined ? [body.patient] : [],
  )[0];
  const sourceId = first?.sourceId ?? `Patient/${told ?? record.patient}`;
  const id = sourceId.slice(sourceId.indexOf("/") + 1);
  const place = { sourceId, url: first?.url };
  if (person === undefined || current === undefined)
    return { ...place, resource: { resourceType: "Patient", id }, entry: undefined };
  const { entry } = current;
  const marks = record.withheld.filter((mark) => mark.entry === entry && mark.field !== undefined);
  const resource = withOwnRecord(
    personOut({ id, body: person }, codeChanges),
    { compartment: "identity", entry, body: person },
    marks,
  );
  return { ...place, resource, entry };
}

interface Each {
  readonly originals: ReadonlyMap<string, Original>;
  readonly context: OutContext;
  readonly collector: Collector;
  readonly derived: ReadonlyMap<string, { sourceId: string; of: string }>;
  readonly withheld: readonly Withheld[];
  readonly patient: PatientOut;
}

function addEntry(entry: RecordEntry, each: Each): void {
  const { originals, context, collector, derived, patient } = each;
  const { body } = entry;
  if (entry.entry === patient.entry || body.type === "links" || body.type === "origin") return;
  if (body.type === "export" || body.type === "exportRequest")
    return collector.add(exportOut({ id: entry.entry, body }, context));
  const made = derived.get(entry.entry);
  // Contacts and old codes stand in the Patient only while it comes out as it came in.
  const stands = made !== undefined && patient.resource === originals.get(made.of)?.resource;
  if (stands) return collector.addFor(entry.entry, patient, made.sourceId);
  const named = [...sourcesOf(body), ...fhirDocumentsOf(body)];
  const found = named.flatMap(({ sourceId }) => originals.get(sourceId) ?? []);
  // A person who no longer holds is no second Patient.
  const isWhole = found.length > 0 && found.length === named.length && body.type !== "person";
  if (isWhole) for (const original of new Set(found)) collector.addFor(entry.entry, original);
  else addOwn(entry, each);
}

function addOwn(entry: RecordEntry, { context, collector, withheld }: Each): void {
  const { compartment, entry: id, body } = entry;
  const marks = withheld.filter((mark) => mark.entry === id && mark.field !== undefined);
  const [main, ...rest] =
    body.type === "person" ? [earlierPerson(id, body, context)] : recordOut(entry, context);
  const resource = withOwnRecord(main, { compartment, entry: id, body }, marks);
  const sourceId = `${main.resourceType}/${main.id}`;
  collector.addFor(id, { sourceId, url: undefined, resource });
  for (const each of rest) collector.add(each);
}

function earlierPerson(id: string, body: Person, { subject }: OutContext): OutResource {
  const code = concept(SYSTEM.record, "person", "What the record said before");
  return { resourceType: "Basic", id, code, subject, created: body.at.slice(0, 10) };
}

/** What the practice's schedule and ledger hold about the patient, and the marks of entries that were withheld whole. */
function addPractice(
  record: PatientRecord,
  {
    context,
    collector,
    sha256,
  }: { context: OutContext; collector: Collector } & Pick<OutOptions, "sha256">,
): void {
  const idOf = (file: string, key: string): string => sha256(`${file} ${key}`).slice(0, 32);
  for (const { file, key, value } of record.appointments) {
    const made = scheduleOut({ id: idOf(file, key), value }, context);
    collector.add(withOwnRecord(made, { compartment: "schedule", entry: key, body: value }));
  }
  for (const { file, key, value } of record.invoices) {
    const [main, ...rest] = ledgerOut({ id: idOf(file, key), value }, context);
    collector.add(withOwnRecord(main, { compartment: "ledger", entry: key, body: value }));
    for (const each of rest) collector.add(each);
  }
  for (const mark of record.withheld) {
    if (mark.field !== undefined) continue;
    collector.add({
      resourceType: "Basic",
      id: mark.entry,
      extension: [withheldExtension(mark)],
      code: concept(SYSTEM.record, "withheld", `Withheld: ${mark.code}`),
      subject: context.subject,
      created: mark.at.slice(0, 10),
      text: narrative(`${mark.type}, ${mark.at.slice(0, 10)}: ${fhirText(mark.reason) ?? ""}`),
    });
  }
}
