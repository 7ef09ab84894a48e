import type { BundleItem, PatientBundle } from "./bundle.ts";
import { FhirError } from "./fhirError.ts";

/** The fields by which resources of R4 name the patient that they are about. */
const SUBJECT_FIELDS = ["subject", "patient", "beneficiary"] as const;
const PATIENT_REFERENCE = /(?:^|\/)Patient\/([^/#?]+)(?:\/_history\/[^/#?]+)?$/;

/**
 * Refuses a resource about anybody but the bundle's patient, as it would end in this patient's record: `several-patients` when it
 * names another, `resource-invalid` when nobody can tell. An appointment may name others beside the patient: groups meet.
 */
export function refuseOtherSubject(item: BundleItem, bundle: PatientBundle): void {
  for (const field of SUBJECT_FIELDS)
    for (const reference of referencesIn(item.resource[field]))
      refuseOther(reference, { item, bundle, field: `${field}.reference` });
  if (!item.resource.resourceType.startsWith("Appointment")) return;
  const actors = actorsIn(item.resource["participant"]).filter(isOfPatient);
  const isOurs = actors.some((reference) => bundle.resolve(reference) === bundle.patient);
  if (actors.length > 0 && !isOurs)
    throw new FhirError("several-patients", {
      resourceIndex: item.index,
      field: "participant.actor.reference",
    });
}

function refuseOther(
  reference: string,
  place: { item: BundleItem; bundle: PatientBundle; field: string },
): void {
  const { item, bundle, field } = place;
  const found = bundle.resolve(reference);
  if (found === bundle.patient) return;
  if (isOfPatient(reference))
    throw new FhirError("several-patients", { resourceIndex: item.index, field });
  const isUnknown = reference.startsWith("urn:") || /(?:^|\/)Patient\?/.test(reference);
  if (found === undefined && isUnknown)
    throw new FhirError("resource-invalid", { resourceIndex: item.index, field });
}

function isOfPatient(reference: string): boolean {
  return PATIENT_REFERENCE.test(reference);
}

function actorsIn(participants: unknown): string[] {
  const list: unknown[] = Array.isArray(participants) ? participants : [];
  return list.flatMap((participant) =>
    typeof participant === "object" && participant !== null && "actor" in participant
      ? referencesIn(participant.actor)
      : [],
  );
}

function referencesIn(field: unknown): string[] {
  const list: unknown[] = Array.isArray(field) ? field : [field];
  return list.flatMap((subject) =>
    typeof subject === "object" && subject !== null && "reference" in subject
      ? typeof subject.reference === "string"
        ? [subject.reference]
        : []
      : [],
  );
}
