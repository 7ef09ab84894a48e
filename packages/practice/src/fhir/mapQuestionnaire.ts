import { z } from "zod";
import { MEASURES } from "../measures/measures.ts";
import type { Measure, MeasureItem } from "../measures/measure.ts";
import { recordMeasure } from "../measures/score.ts";
import type { QuestionnaireAnswers } from "../records/outside.ts";
import {
  fhirDateTime,
  toAt,
  toInstant,
  toLine,
  toPartialDate,
  toText,
  withoutUndefined,
} from "./elements.ts";
import { readFields } from "./fhirError.ts";
import type { Mapper } from "./mapping.ts";

const answer = z.object({
  valueBoolean: z.boolean().optional(),
  valueDecimal: z.number().optional(),
  valueInteger: z.int().optional(),
  valueDate: z.string().optional(),
  valueDateTime: z.string().optional(),
  valueTime: z.string().optional(),
  valueString: z.string().optional(),
  valueUri: z.string().optional(),
  valueCoding: z
    .object({
      system: z.string().optional(),
      code: z.string().optional(),
      display: z.string().optional(),
    })
    .optional(),
  valueQuantity: z.object({ value: z.number().optional(), unit: z.string().optional() }).optional(),
  get item() {
    return z.array(questionnaireItem).optional();
  },
});
const questionnaireItem = z.object({
  linkId: z.string().min(1),
  text: z.string().optional(),
  answer: z.array(answer).optional(),
  get item() {
    return z.array(questionnaireItem).optional();
  },
});
type Answer = z.infer<typeof answer>;
type Item = z.infer<typeof questionnaireItem>;

const responseFields = z.object({
  status: z.enum(["in-progress", "completed", "amended", "entered-in-error", "stopped"]),
  questionnaire: z.string().optional(),
  authored: fhirDateTime.optional(),
  item: z.array(questionnaireItem).optional(),
});

/** QuestionnaireResponse → a measure when its items are those of a bundled one and all answered, else answers in words. */
export const mapQuestionnaireResponse: Mapper = (item, context) => {
  const fields = readFields(responseFields, item);
  const items = flatten(fields.item ?? []);
  const at = toAt([fields.authored], context.at);
  const date = toPartialDate(fields.authored);
  const found = MEASURES.map((measure) => ({ measure, answers: readAnswers(measure, items) })).find(
    ({ answers }) => answers !== undefined,
  );
  const counted = fields.status === "completed" || fields.status === "amended";
  if (found?.answers !== undefined && date?.length === 10 && counted) {
    const record = recordMeasure(found.measure, found.answers, { at, date });
    return [
      {
        compartment: "care",
        sourceId: item.sourceId,
        body: { ...record, source: context.sourceOf(item) },
      },
    ];
  }
  const body: QuestionnaireAnswers = withoutUndefined({
    v: 1 as const,
    type: "questionnaireAnswers" as const,
    at,
    questionnaire: toLine(fields.questionnaire),
    status: fields.status,
    answeredAt: toInstant(fields.authored),
    answers: items.flatMap(({ linkId, text, answer: given }) => {
      const answers = (given ?? []).flatMap((one) => toText(answerText(one)) ?? []);
      return answers.length === 0
        ? []
        : [withoutUndefined({ question: toLine(linkId) ?? "?", text: toText(text), answers })];
    }),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

function flatten(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [
    item,
    ...flatten(item.item ?? []),
    ...(item.answer ?? []).flatMap(({ item: inner }) => flatten(inner ?? [])),
  ]);
}

/** The answers in item order, or undefined unless each item of the measure is answered once, on its scale. */
function readAnswers(measure: Measure, items: readonly Item[]): number[] | undefined {
  const itemByCode = new Map(items.map((item) => [item.linkId.split("/").at(-1) ?? "", item]));
  const answers = measure.items.map((asked) =>
    scoreOf(itemByCode.get(asked.loinc ?? "?"), { asked, measure }),
  );
  return answers.every((score) => score !== undefined) ? answers : undefined;
}

function scoreOf(
  item: Item | undefined,
  of: { asked: MeasureItem; measure: Measure },
): number | undefined {
  const [given, another] = item?.answer ?? [];
  if (given === undefined || another !== undefined) return undefined;
  const number = given.valueInteger ?? given.valueDecimal;
  const code = given.valueCoding?.code;
  const options = of.asked.options ?? of.measure.options;
  return options.find(({ score, loinc }) =>
    number === undefined ? code !== undefined && loinc === code : score === number,
  )?.score;
}

function answerText(given: Answer): string | undefined {
  const { valueCoding, valueQuantity } = given;
  const plain =
    given.valueString ??
    given.valueBoolean ??
    given.valueDecimal ??
    given.valueInteger ??
    given.valueDate ??
    given.valueDateTime ??
    given.valueTime ??
    given.valueUri ??
    valueCoding?.display ??
    valueCoding?.code;
  if (plain !== undefined) return String(plain);
  return valueQuantity?.value === undefined
    ? undefined
    : `${valueQuantity.value} ${valueQuantity.unit ?? ""}`.trim();
}
