import { parseEntryBody } from "../records/entryBody.ts";
import type { CareBody } from "../records/care.ts";
import type { IdentityBody } from "../records/identity.ts";
import type { OfficeBody } from "../records/office.ts";
import type { PortalBody } from "../records/portal.ts";
import type { ProcessBody } from "../records/process.ts";
import { PracticeError } from "../error.ts";
import type { BundleItem } from "./bundle.ts";
import { readBundle } from "./bundle.ts";
import { FhirError } from "./fhirError.ts";
import { isEnteredInError } from "./inError.ts";
import { keepOriginals } from "./keptDocuments.ts";
import { mapCondition, mapEncounter, mapEpisodeOfCare, mapProcedure } from "./mapCare.ts";
import { mapAppointment, mapCommunication, mapConsent } from "./mapContact.ts";
import { mapComposition, mapDiagnosticReport, mapDocumentReference } from "./mapDocument.ts";
import { groupObservations, mapMeasureTotal } from "./mapObservation.ts";
import { mapPatient, mapRelatedPerson } from "./mapPerson.ts";
import { mapCarePlan, mapGoal } from "./mapPlan.ts";
import { mapQuestionnaireResponse } from "./mapQuestionnaire.ts";
import {
  aliasesOf,
  importedAt,
  originsOf,
  readActs,
  untoldAct,
  type EntryAlias,
  type ToldAct,
} from "./ownHistory.ts";
import { documentPathOf, frameOf, readOwnRecord } from "./readOwn.ts";
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
  /** Only an export of ours holds records of these two. */
  portal: EntryDraft<PortalBody>[];
  process: EntryDraft<ProcessBody>[];
  /** Source documents for the care file. */
  kept: EntryDraft<CareBody>[];
  /** For the care file, from an export of ours: who wrote what, and the access log, of the practice that it left. */
  history: EntryDraft<CareBody>[];
  /** Ids that entries had there, and the drafts that they are here: whatever names the one means the other. */
  renames: EntryAlias[];
  byType: Record<string, TypeCount>;
  /** Drafts whose document lies in the package beside an export of ours, and where; its key there says nothing here. */
  documents: { sourceId: string; path: string | undefined }[];
  /** Resources that an export of ours puts around the record: they are not counted in `byType`, for the record says the same. */
  around: number;
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
  const framed = Map.groupBy(bundle.items, frameOf);
  const history = framed.get("history") ?? [];
  const acts = readActs(history, bundle);
  const context = mapContext(bundle, {
    ...options,
    at: importedAt(acts) ?? options.at,
    apart,
    warn: (warning) => warnings.push(warning),
  });
  const result: MappedBundle = {
    patient: bundle.patient.sourceId,
    identity: [],
    care: [],
    office: [],
    portal: [],
    process: [],
    kept: [],
    history: [],
    renames: [],
    byType: {},
    documents: [],
    around: bundle.items.length - (framed.get(undefined)?.length ?? 0),
    warnings,
  };
  const observations: BundleItem[] = [];
  const kept: BundleItem[] = [];
  const untold: ToldAct[] = [];
  for (const item of framed.get(undefined) ?? []) {
    const own = readOwnRecord(item);
    if (own !== undefined) {
      const { entry: from, compartment, sourceId, body } = own;
      if (compartment === "care" && "attachment" in body) {
        result.documents.push({ sourceId, path: documentPathOf(item) });
        delete body.attachment;
      }
      result.renames.push({ from, compartment, sourceId });
      if (!acts.some(({ entry }) => entry === from)) untold.push(untoldAct(from, body));
    }
    const records =
      own !== undefined ? [own] : isEnteredInError(item, context) ? [] : mapItem(item, context);
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
  const { sha256 } = options;
  const keep = { at: context.at, sha256 };
  for (const { sourceId, body } of keepOriginals([...kept, ...apart], apart, keep))
    result.kept.push({ sourceId, body: parseEntryBody("care", body) });
  result.renames.push(...aliasesOf(acts, result));
  const lines = history.filter(({ resource }) => resource.resourceType !== "Provenance");
  for (const { sourceId, body } of keepOriginals(lines, new Set(), keep))
    result.history.push({ sourceId, body: parseEntryBody("care", body) });
  const from = { at: options.at, patient: bundle.patient.resource.id };
  for (const body of originsOf([...acts, ...untold], from)) {
    const names = body.lines.map(({ entry, did, on, by }) => [entry, did, on, by].join(" "));
    const sourceId = `Provenance/origin-${sha256(names.join("\n")).slice(0, 32)}`;
    result.history.push({ sourceId, body: parseEntryBody("care", body) });
  }
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
    else if (record.compartment === "portal")
      result.portal.push({ sourceId, body: parseEntryBody("portal", record.body) });
    else if (record.compartment === "process")
      result.process.push({ sourceId, body: parseEntryBody("process", record.body) });
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

function count(byType: MappedBundle["byType"], item: BundleItem, as: keyof TypeCount): void {
  const counted = (byType[item.resource.resourceType] ??= { mapped: 0, kept: 0 });
  counted[as] += 1;
}
