import { parseEntryBody } from "../records/entryBody.ts";
import type { CareBody } from "../records/care.ts";
import type { IdentityBody } from "../records/identity.ts";
import type { OfficeBody } from "../records/office.ts";
import { PracticeError } from "../error.ts";
import type { BundleItem } from "./bundle.ts";
import { readBundle } from "./bundle.ts";
import { codeableConcept } from "./elements.ts";
import { FhirError } from "./fhirError.ts";
import { keepOriginals } from "./keptDocuments.ts";
import { mapCondition, mapEncounter, mapEpisodeOfCare, mapProcedure } from "./mapCare.ts";
import { mapAppointment, mapCommunication, mapConsent } from "./mapContact.ts";
import { mapComposition, mapDiagnosticReport, mapDocumentReference } from "./mapDocument.ts";
import { groupObservations, mapMeasureTotal } from "./mapObservation.ts";
import { mapPatient, mapRelatedPerson } from "./mapPerson.ts";
import { mapCarePlan, mapGoal } from "./mapPlan.ts";
import { mapQuestionnaireResponse } from "./mapQuestionnaire.ts";
import type {
  EntryDraft,
  FhirWarning,
  MapContext,
  MapOptions,
  MappedRecord,
  Mapper,
} from "./mapping.ts";
import { mapContext } from "./mapping.ts";

/** How many resources of a type became records, and how many are kept as they came. */
export interface TypeCount {
  mapped: number;
  kept: number;
}

/** What a bundle becomes. Every resource is in exactly one record, or kept in a source document; `byType` counts each once. */
export interface MappedBundle {
  /** The Patient's source id, `Patient/123`. */
  patient: string;
  identity: EntryDraft<IdentityBody>[];
  care: EntryDraft<CareBody>[];
  office: EntryDraft<OfficeBody>[];
  /** Source documents for the care file. */
  kept: EntryDraft<CareBody>[];
  byType: Record<string, TypeCount>;
  warnings: FhirWarning[];
}

const MAPPER_BY_TYPE: Record<string, Mapper> = {
  Patient: mapPatient,
  RelatedPerson: mapRelatedPerson,
  Encounter: mapEncounter,
  Condition: mapCondition,
  CarePlan: mapCarePlan,
  Goal: mapGoal,
  Procedure: mapProcedure,
  EpisodeOfCare: mapEpisodeOfCare,
  QuestionnaireResponse: mapQuestionnaireResponse,
  DiagnosticReport: mapDiagnosticReport,
  DocumentReference: mapDocumentReference,
  Composition: mapComposition,
  Communication: mapCommunication,
  Consent: mapConsent,
  Appointment: mapAppointment,
};

/** The FHIR R4 resource types that become records; all others are kept as source documents. */
export const MAPPED_FHIR_TYPES: readonly string[] = [
  ...Object.keys(MAPPER_BY_TYPE),
  "Observation",
].sort();

/**
 * Maps a parsed FHIR R4 bundle about one patient to drafts of entries (hl7.org/fhir/R4). The same bundle always gives the same
 * drafts in the same order. Mapped types are read strictly, others kept whole; what was entered in error is kept, not mapped.
 * Throws FhirError: `not-fhir`, `not-a-bundle`, `no-patient`, `several-patients`, `resource-invalid`.
 */
export function mapBundle(value: unknown, options: MapOptions): MappedBundle {
  const bundle = readBundle(value);
  const warnings: FhirWarning[] = [];
  const apart = new Set<BundleItem>();
  const context = mapContext(bundle, {
    ...options,
    apart,
    warn: (warning) => warnings.push(warning),
  });
  const result: MappedBundle = {
    patient: bundle.patient.sourceId,
    identity: [],
    care: [],
    office: [],
    kept: [],
    byType: {},
    warnings,
  };
  const observations: BundleItem[] = [];
  const kept: BundleItem[] = [];
  for (const item of bundle.items) {
    const records = isEnteredInError(item, context) ? [] : mapItem(item, context);
    for (const record of records) addRecord(result, record, item.index);
    const isGrouped =
      records.length === 0 &&
      item.resource.resourceType === "Observation" &&
      !isEnteredInError(item);
    if (isGrouped) observations.push(item);
    else if (records.length === 0) kept.push(item);
    count(result.byType, item, records.length > 0 || isGrouped ? "mapped" : "kept");
  }
  for (const record of groupObservations(observations, context))
    addRecord(result, record, observations[0]?.index ?? 0);
  for (const { sourceId, body } of keepOriginals([...kept, ...apart], apart, options))
    result.kept.push({ sourceId, body: parseEntryBody("care", body) });
  return result;
}

function mapItem(item: BundleItem, context: MapContext): MappedRecord[] {
  const { resourceType } = item.resource;
  const mapper = resourceType === "Observation" ? mapMeasureTotal : MAPPER_BY_TYPE[resourceType];
  return mapper?.(item, context) ?? [];
}

// A record that breaks its own schema names the resource it was made of, so that the report can.
function addRecord(result: MappedBundle, record: MappedRecord, resourceIndex: number): void {
  const { sourceId } = record;
  try {
    if (record.compartment === "identity")
      result.identity.push({ sourceId, body: parseEntryBody("identity", record.body) });
    else if (record.compartment === "office")
      result.office.push({ sourceId, body: parseEntryBody("office", record.body) });
    else result.care.push({ sourceId, body: parseEntryBody("care", record.body) });
  } catch (cause) {
    if (!(cause instanceof PracticeError)) throw cause;
    throw new FhirError(
      "resource-invalid",
      { resourceIndex, field: cause.issues[0]?.field ?? "." },
      { cause },
    );
  }
}

const ERROR_FIELDS = ["status", "lifecycleStatus", "verificationStatus"] as const;

function isEnteredInError(item: BundleItem, context?: MapContext): boolean {
  const field = ERROR_FIELDS.find((name) => saysInError(item.resource[name]));
  if (field === undefined || item.resource.resourceType === "Patient") return false;
  context?.warn({ code: "entered-in-error", resourceIndex: item.index, field });
  return true;
}

function saysInError(status: unknown): boolean {
  if (typeof status === "string") return status === "entered-in-error";
  const codings = codeableConcept.safeParse(status).data?.coding ?? [];
  return codings.some(({ code }) => code === "entered-in-error");
}

function count(byType: MappedBundle["byType"], item: BundleItem, as: keyof TypeCount): void {
  const counted = (byType[item.resource.resourceType] ??= { mapped: 0, kept: 0 });
  counted[as] += 1;
}
