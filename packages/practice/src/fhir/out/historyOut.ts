import type { Exported, ExportRequest } from "../../records/export.ts";
import type { Origin } from "../../records/origin.ts";
import { withoutUndefined } from "../elements.ts";
import type { AccessLine, PatientRecord, RecordEntry } from "./exported.ts";
import type { OutContext, OutReference } from "./outMapper.ts";
import { concept, fhirText, framed } from "./parts.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

type Did = Origin["lines"][number]["did"];

/** What somebody did to an entry. */
interface HistoryLine {
  readonly entry: string;
  readonly did: Did;
  readonly on: string;
  readonly by: string | undefined;
  readonly name: string | undefined;
  /** Undefined: this practice, whose members the bundle names. */
  readonly practice: string | undefined;
}

/** A resource that an entry became; `sourceId` where it stands for a record that another resource made as well. */
export interface Target extends OutReference {
  readonly entry: string;
  readonly sourceId?: string;
}

const DID_BY_TYPE: Partial<Record<string, Did>> = {
  sessionNote: "signed",
  noteAmendment: "amended",
  countersignature: "countersigned",
  retraction: "retracted",
};

/** Who did what to which entry when: this practice's own word, and what other practices said before. */
function historyLines(entries: readonly RecordEntry[]): HistoryLine[] {
  const foreign = new Map<string, { lines: HistoryLine[]; on: string }>();
  const importedAt = new Map<string, string>();
  for (const { compartment, body } of entries) {
    if (body.type === "links") importedAt.set(compartment, body.at);
    if (body.type !== "origin") continue;
    for (const { entry, did, on, by, name } of body.lines) {
      const held = foreign.get(entry) ?? { lines: [], on: body.at };
      held.lines.push({ entry, did, on, by, name, practice: body.practice });
      foreign.set(entry, held);
    }
  }
  return entries.flatMap(({ compartment, entry, member, body }) => {
    const before = foreign.get(entry);
    const isImported = before !== undefined || "source" in body || isSource(body);
    const did = isImported ? "imported" : (DID_BY_TYPE[body.type] ?? "wrote");
    const on = before?.on ?? (isImported ? (importedAt.get(compartment) ?? body.at) : body.at);
    const own = { entry, did, on, by: member, name: undefined, practice: undefined } as const;
    return [...(before?.lines ?? []), own];
  });
}

function isSource(body: RecordEntry["body"]): boolean {
  return body.type === "sourceDocument" || body.type === "observations";
}

const OPERATION: Record<Did, string> = {
  wrote: "CREATE",
  signed: "CREATE",
  amended: "UPDATE",
  countersigned: "UPDATE",
  retracted: "NULLIFY",
  imported: "APPEND",
};
const AGENT: Record<Did, string> = {
  wrote: "author",
  signed: "author",
  amended: "author",
  countersigned: "verifier",
  retracted: "author",
  imported: "enterer",
};

/** Who wrote, signed, amended, countersigned or imported which entry when → Provenance, those of one act together. */
export function provenanceOut(
  entries: readonly RecordEntry[],
  { targets, context }: { targets: readonly Target[]; context: OutContext },
): OutResource[] {
  const targetsByEntry = Map.groupBy(targets, ({ entry }) => entry);
  const known = historyLines(entries).filter(({ entry }) => targetsByEntry.has(entry));
  const acts = Map.groupBy(known, ({ did, on, by, name, practice }) =>
    [did, on, by, name, practice].join("\n"),
  );
  const seen = new Map<string, number>();
  return [...acts.values()].flatMap((lines) => {
    const [first] = lines;
    if (first === undefined) return [];
    const { did, on, by, name, practice } = first;
    const base = `${first.entry}-${did}`;
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    const identifier = by === undefined ? undefined : { system: SYSTEM.member, value: by };
    const foreign = withoutUndefined({ identifier, display: fhirText(name) ?? "–" });
    const provenance = {
      resourceType: "Provenance",
      id: count === 0 ? base : `${base}-${count}`,
      target: lines.flatMap(({ entry }) => (targetsByEntry.get(entry) ?? []).map(toTarget)),
      recorded: on,
      activity: {
        coding: [
          { system: SYSTEM.activity, code: did },
          {
            system: "http://terminology.hl7.org/CodeSystem/v3-DataOperation",
            code: OPERATION[did],
          },
        ],
      },
      agent: [
        withoutUndefined({
          type: concept(
            "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
            AGENT[did],
          ),
          who: practice === undefined && by !== undefined ? context.member(by) : foreign,
          onBehalfOf: practice === undefined ? undefined : { display: practice },
        }),
      ],
    };
    return [framed(provenance, "history")];
  });
}

function toTarget({ reference, entry, sourceId }: Target): Record<string, unknown> {
  return withoutUndefined({
    reference,
    identifier: { system: SYSTEM.entry, value: entry },
    display: sourceId,
  });
}

const DICOM = "http://dicom.nema.org/resources/ontology/DCM";

/** A line of the gate's log → AuditEvent. */
export function accessLineOut(
  line: AccessLine,
  { id, context }: { id: string; context: OutContext },
): OutResource {
  const { at, member, purpose, outcome, compartment, file } = line;
  const isReleased = outcome === "released" || outcome === null;
  const event = withoutUndefined({
    resourceType: "AuditEvent",
    id,
    type: { system: DICOM, code: "110110", display: "Patient Record" },
    action: "R",
    recorded: at,
    outcome: isReleased ? "0" : "4",
    outcomeDesc: outcome ?? undefined,
    purposeOfEvent: purpose === null ? undefined : [concept(SYSTEM.purpose, purpose)],
    agent: [
      {
        who: member === null ? { display: line.name ?? "paper code" } : context.member(member),
        requestor: true,
      },
    ],
    source: { observer: { display: "gate" } },
    entity: [{ what: context.subject, name: `${compartment} ${file}` }],
  });
  return framed(event, "history");
}

/** That a copy was given out, or asked for → AuditEvent. */
export function exportOut(
  { id, body }: { id: string; body: Exported | ExportRequest },
  context: OutContext,
): OutResource {
  const isGiven = body.type === "export";
  const words = isGiven
    ? `for ${body.to}: ${body.reason}, ${body.parts.join(", ")}; ${body.withheld} withheld`
    : `asked by ${body.by}`;
  const due = body.dueOn === undefined ? "" : `; asked ${body.requestedOn}, due ${body.dueOn}`;
  const event = {
    resourceType: "AuditEvent",
    id,
    type: {
      system: DICOM,
      code: isGiven ? "110106" : "110112",
      display: isGiven ? "Export" : "Query",
    },
    action: isGiven ? "R" : "E",
    recorded: body.at,
    outcome: "0",
    outcomeDesc: fhirText(`${words}${due}`),
    agent: [{ who: context.member(body.author), requestor: true }],
    source: { observer: { display: "record" } },
    entity: [{ what: context.subject }],
  };
  return framed(event, "history");
}

/** The practice → Organization; its members → Practitioner and PractitionerRole. */
export function staffOut(
  { practice, staff }: Pick<PatientRecord, "practice" | "staff">,
  mentioned: ReadonlySet<string>,
): OutResource[] {
  const organization = {
    resourceType: "Organization",
    id: practice.id,
    name: fhirText(practice.name) ?? "–",
  };
  const known = new Map(staff.map((member) => [member.id, member]));
  const people = [...mentioned].sort().flatMap((id) => {
    const member = known.get(id);
    const name = fhirText(member?.name);
    const practitioner = withoutUndefined({
      resourceType: "Practitioner",
      id,
      identifier: [{ system: SYSTEM.member, value: id }],
      name: name === undefined ? undefined : [{ text: name }],
    });
    const role = withoutUndefined({
      resourceType: "PractitionerRole",
      id: `${id}-role`,
      practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${practice.id}` },
      code: member?.roles.map((code) => concept("urn:sinetti:fhir:role", code)),
      specialty: member?.title === undefined ? undefined : [{ text: member.title }],
    });
    return member === undefined || member.roles.length === 0
      ? [practitioner]
      : [practitioner, role];
  });
  return [organization, ...people].map((resource) => framed(resource, "staff"));
}
