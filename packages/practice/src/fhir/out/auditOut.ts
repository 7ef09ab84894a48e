import type { Exported, ExportRequest } from "../../records/export.ts";
import { withoutUndefined } from "../elements.ts";
import type { AccessLine, PatientRecord } from "./exported.ts";
import type { OutContext } from "./outMapper.ts";
import { concept, fhirText, framed } from "./parts.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

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
