import type { CareRelationship, Diagnosis, Discharge, RiskPlan } from "../../records/care.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutMapper } from "./outMapper.ts";
import { concept, fhirList, fhirText, loinc, narrative, toConcept, toPeriod } from "./parts.ts";

const CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

/** A diagnosis → Condition. */
export const diagnosisOut: OutMapper<Diagnosis> = ({ id, body }, { subject }) => {
  const { code, status, certainty, rank, from, until, at } = body;
  const isClinical = status !== "unknown" && certainty !== "entered-in-error";
  const resource = withoutUndefined({
    resourceType: "Condition",
    id,
    clinicalStatus: isClinical ? concept(CLINICAL, status) : undefined,
    verificationStatus: certainty === "unknown" ? undefined : concept(VERIFICATION, certainty),
    category: [
      concept("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis"),
    ],
    code: toConcept(code),
    subject,
    onsetDateTime: from,
    abatementDateTime: until,
    recordedDate: at,
    note: rank === undefined ? undefined : [{ text: `rank: ${rank}` }],
  });
  return [resource];
};

const EPISODE_STATUS: Record<CareRelationship["status"], string> = {
  planned: "planned",
  waiting: "waitlist",
  active: "active",
  "on-hold": "onhold",
  ended: "finished",
  "entered-in-error": "entered-in-error",
};

/** Who is responsible from when until when → EpisodeOfCare. */
export const careRelationshipOut: OutMapper<CareRelationship> = ({ id, body }, context) => {
  const { status, from, until, therapist, therapistName, kinds } = body;
  const named = fhirText(therapistName);
  const manager = therapist === undefined ? named && { display: named } : context.member(therapist);
  const resource = withoutUndefined({
    resourceType: "EpisodeOfCare",
    id,
    status: EPISODE_STATUS[status],
    type: fhirList(kinds.map(toConcept)),
    patient: context.subject,
    period: toPeriod(from, until),
    careManager: manager === "" ? undefined : manager,
  });
  return [resource];
};

/** A risk assessment with its safety plan → RiskAssessment. */
export const riskPlanOut: OutMapper<RiskPlan> = ({ id, body }, { subject }) => {
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["Warning signs", body.warningSigns],
    ["Coping", body.copingSteps],
    ["People and places", body.peopleAndPlaces],
    ["Professionals", body.professionals],
    ["Making safe", [body.makingSafe]],
    ["Reasons for living", [body.reasonsForLiving ?? ""]],
  ];
  const plan = steps.flatMap(([title, texts]) => {
    const known = texts.filter((text) => text.trim() !== "");
    return known.length === 0 ? [] : [`${title}: ${known.join("; ")}`];
  });
  const concerns = fhirText(body.concerns);
  const resource = withoutUndefined({
    resourceType: "RiskAssessment",
    id,
    status: "final",
    code: { text: "Risk assessment with safety plan" },
    subject,
    occurrenceDateTime: body.at,
    prediction: [{ qualitativeRisk: { text: body.level } }],
    mitigation: fhirText(plan.join("\n")),
    note: concerns === undefined ? undefined : [{ text: concerns }],
  });
  return [resource];
};

/** The end of a treatment → a Composition: discharge summary. */
export const dischargeOut: OutMapper<Discharge> = ({ id, member, body }, context) => {
  const { reason, summary, recommendations, referredTo, on, at } = body;
  const parts: readonly (readonly [string, string | undefined])[] = [
    ["Reason", reason],
    ["Summary", summary],
    ["Recommendations", recommendations],
    ["Referred to", referredTo],
  ];
  const resource = {
    resourceType: "Composition",
    id,
    status: "final",
    type: loinc("18842-5", "Discharge summary"),
    subject: context.subject,
    date: at,
    author: [context.member(member)],
    title: `Discharge summary ${on}`,
    section: parts.flatMap(([title, text]) => {
      const words = narrative(text ?? "");
      return words === undefined ? [] : [{ title, text: words }];
    }),
  };
  return [resource];
};
