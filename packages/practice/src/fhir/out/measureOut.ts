import { findMeasure } from "../../measures/measures.ts";
import type { Measure } from "../../measures/measure.ts";
import type { MeasureRecord } from "../../records/measure.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutContext, OutMapper } from "./outMapper.ts";
import { concept, loinc, part } from "./parts.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

/** The questionnaire of a bundled measure, by LOINC where it has a panel. */
function canonical({ id, loinc: { panel } }: Measure): string {
  return panel === undefined ? `${SYSTEM.measure}:${id}` : `http://loinc.org/q/${panel}`;
}

function responseOut(
  { id, body }: { id: string; body: MeasureRecord },
  {
    measure,
    answers,
    context,
  }: { measure: Measure; answers: readonly number[]; context: OutContext },
): OutResource {
  const item = measure.items.map(({ text, loinc: code, options }, index) => {
    const score = answers[index] ?? 0;
    const option = (options ?? measure.options).find((each) => each.score === score);
    return {
      linkId: code === undefined ? `${measure.id}-${index + 1}` : `/${code}`,
      text,
      answer: [
        option?.loinc === undefined
          ? { valueInteger: score }
          : {
              valueCoding: {
                system: "http://loinc.org",
                code: option.loinc,
                display: option.text,
              },
            },
      ],
    };
  });
  return withoutUndefined({
    resourceType: "QuestionnaireResponse",
    id,
    questionnaire: canonical(measure),
    status: "completed",
    subject: context.subject,
    authored: body.date,
    item,
  });
}

/** A measure → QuestionnaireResponse with its answers, and an Observation of the total; the Observation alone where no answers are known. */
export const measureOut: OutMapper<MeasureRecord> = ({ id, body }, context) => {
  const measure = findMeasure(body.measure);
  const total = measure?.loinc.total;
  const hasAnswers = measure !== undefined && body.answers !== undefined;
  const observation = withoutUndefined({
    resourceType: "Observation",
    id: hasAnswers ? `${id}-total` : id,
    status: "final",
    category: [concept("http://terminology.hl7.org/CodeSystem/observation-category", "survey")],
    code:
      total === undefined
        ? concept(SYSTEM.measure, body.measure, measure?.name ?? body.measure)
        : loinc(total, `${measure?.name ?? body.measure} total`),
    subject: context.subject,
    effectiveDateTime: body.date,
    valueQuantity: { value: body.total, system: "http://unitsofmeasure.org", code: "{score}" },
    interpretation: [{ text: body.band }],
    derivedFrom: hasAnswers ? [{ reference: `QuestionnaireResponse/${id}` }] : undefined,
    note: body.alerts.length === 0 ? undefined : [{ text: `alerts: ${body.alerts.join(", ")}` }],
  });
  if (!hasAnswers) return [observation];
  const answers = body.answers ?? [];
  return [responseOut({ id, body }, { measure, answers, context }), part(observation)];
};
