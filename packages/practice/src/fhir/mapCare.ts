import { z } from "zod";
import type { Coding } from "../records/fields.ts";
import type { CareRelationship, Diagnosis } from "../records/care.ts";
import {
  codeableConcept,
  conceptText,
  fhirDateTime,
  period,
  reference,
  toAt,
  toCoding,
  toInstant,
  toLine,
  toPartialDate,
  withoutUndefined,
} from "./elements.ts";
import { readFields } from "./fhirError.ts";
import type { Mapper } from "./mapping.ts";

const MINUTE_MS = 60_000;

const encounterFields = z.object({
  status: z.string().min(1),
  class: z.object({ code: z.string().optional(), display: z.string().optional() }).optional(),
  type: z.array(codeableConcept).optional(),
  period: period.optional(),
  participant: z.array(z.object({ individual: reference.optional() })).optional(),
  serviceProvider: reference.optional(),
  reasonCode: z.array(codeableConcept).optional(),
});

/** Encounter → a contact with care. */
export const mapEncounter: Mapper = (item, context) => {
  const fields = readFields(encounterFields, item);
  const { start, end } = fields.period ?? {};
  const bothKnown = toInstant(start) !== undefined && toInstant(end) !== undefined;
  const minutes = bothKnown
    ? Math.round((Date.parse(end ?? "") - Date.parse(start ?? "")) / MINUTE_MS)
    : -1;
  const body = withoutUndefined({
    v: 1 as const,
    type: "encounter" as const,
    at: toAt([start, end], context.at),
    status: toLine(fields.status) ?? "unknown",
    class: toLine(fields.class?.code ?? fields.class?.display),
    kinds: codings(fields.type),
    on: toPartialDate(start),
    start: toInstant(start),
    end: toInstant(end),
    minutes: minutes < 0 ? undefined : minutes,
    participants: (fields.participant ?? []).flatMap(
      ({ individual }) => context.nameOf(individual) ?? [],
    ),
    place: context.nameOf(fields.serviceProvider),
    reasons: codings(fields.reasonCode),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

const procedureFields = z.object({
  status: z.string().min(1),
  code: codeableConcept.optional(),
  encounter: reference.optional(),
  performedDateTime: fhirDateTime.optional(),
  performedPeriod: period.optional(),
  outcome: codeableConcept.optional(),
});

/** Procedure → something done, such as a therapy session; without a code it is kept. */
export const mapProcedure: Mapper = (item, context) => {
  const fields = readFields(procedureFields, item);
  const code = toCoding(fields.code);
  if (code === undefined) return [];
  const start = fields.performedDateTime ?? fields.performedPeriod?.start;
  const body = withoutUndefined({
    v: 1 as const,
    type: "procedure" as const,
    at: toAt([start], context.at),
    status: toLine(fields.status) ?? "unknown",
    code,
    on: toPartialDate(start),
    start: toInstant(start),
    end: toInstant(fields.performedPeriod?.end),
    encounter: context.bundle.resolve(fields.encounter?.reference)?.sourceId,
    outcome: conceptText(fields.outcome),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

const CLASSIFICATIONS: readonly [system: RegExp, classification: Diagnosis["classification"]][] = [
  [/icd-?11|^http:\/\/id\.who\.int\/icd/i, "icd-11"],
  [/icd-?10|1\.2\.246\.537\.6\.1(\.|$)/i, "icd-10"],
  [/dsm-?5|2\.16\.840\.1\.113883\.6\.344/i, "dsm-5"],
  [/snomed/i, "snomed-ct"],
];

const conditionFields = z.object({
  clinicalStatus: codeableConcept.optional(),
  verificationStatus: codeableConcept.optional(),
  code: codeableConcept.optional(),
  onsetDateTime: fhirDateTime.optional(),
  onsetPeriod: period.optional(),
  abatementDateTime: fhirDateTime.optional(),
  recordedDate: fhirDateTime.optional(),
});

/** Condition → a diagnosis; without a code it is kept. ICD codes are preferred where several systems are given. */
export const mapCondition: Mapper = (item, context) => {
  const fields = readFields(conditionFields, item);
  const code = toCoding(fields.code, (system) =>
    CLASSIFICATIONS.slice(0, 3).some(([pattern]) => pattern.test(system)),
  );
  if (code === undefined) return [];
  const onset = fields.onsetDateTime ?? fields.onsetPeriod?.start;
  const body = withoutUndefined({
    v: 1 as const,
    type: "diagnosis" as const,
    at: toAt([fields.recordedDate, onset], context.at),
    code,
    classification: classificationOf(code),
    status: oneOf(
      ["active", "recurrence", "relapse", "inactive", "remission", "resolved"],
      fields.clinicalStatus,
    ),
    certainty: oneOf(
      ["confirmed", "provisional", "differential", "refuted", "entered-in-error", "unconfirmed"],
      fields.verificationStatus,
    ),
    from: toPartialDate(onset),
    until: toPartialDate(fields.abatementDateTime),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

const EPISODE_STATUSES: Record<string, CareRelationship["status"]> = {
  planned: "planned",
  waitlist: "waiting",
  active: "active",
  onhold: "on-hold",
  finished: "ended",
  cancelled: "ended",
};

const episodeFields = z.object({
  status: z.enum([
    "planned",
    "waitlist",
    "active",
    "onhold",
    "finished",
    "cancelled",
    "entered-in-error",
  ]),
  type: z.array(codeableConcept).optional(),
  period: period.optional(),
  careManager: reference.optional(),
});

/** EpisodeOfCare → a care relationship. */
export const mapEpisodeOfCare: Mapper = (item, context) => {
  const fields = readFields(episodeFields, item);
  const body = withoutUndefined({
    v: 1 as const,
    type: "careRelationship" as const,
    at: toAt([fields.period?.start], context.at),
    status: EPISODE_STATUSES[fields.status] ?? ("entered-in-error" as const),
    from: toPartialDate(fields.period?.start),
    until: toPartialDate(fields.period?.end),
    therapistName: context.nameOf(fields.careManager),
    kinds: codings(fields.type),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

function codings(concepts: readonly z.infer<typeof codeableConcept>[] | undefined): Coding[] {
  return (concepts ?? []).flatMap((concept) => toCoding(concept) ?? []);
}

function classificationOf({ system = "" }: Coding): Diagnosis["classification"] {
  return CLASSIFICATIONS.find(([pattern]) => pattern.test(system))?.[1] ?? "other";
}

function oneOf<const C extends string>(
  known: readonly C[],
  concept: z.infer<typeof codeableConcept> | undefined,
): C | "unknown" {
  const codes = new Set(concept?.coding?.map(({ code }) => code));
  return known.find((code) => codes.has(code)) ?? "unknown";
}
