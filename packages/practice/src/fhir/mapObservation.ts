import { z } from "zod";
import type { CutoffSex } from "../measures/measure.ts";
import { findMeasureByTotal, isTotalOf } from "../measures/measures.ts";
import { scoreTotal } from "../measures/score.ts";
import type { Observations } from "../records/outside.ts";
import type { BundleItem } from "./bundle.ts";
import {
  codeableConcept,
  fhirDateTime,
  period,
  reference,
  toAt,
  toCoding,
  toInstant,
  toLine,
  toPartialDate,
  toText,
  withoutUndefined,
} from "./elements.ts";
import { readFields } from "./fhirError.ts";
import type { MapContext, MappedRecord, Mapper } from "./mapping.ts";
import { utf8Length } from "./mapping.ts";

/** Bytes of one entry of grouped observations: none is so small that more than the record's 256 would fit. */
const GROUP_BYTES = 56 * 1024;
const LOINC = "http://loinc.org";

const value = {
  valueQuantity: z
    .object({
      value: z.number().optional(),
      comparator: z.string().optional(),
      unit: z.string().optional(),
      code: z.string().optional(),
    })
    .optional(),
  valueCodeableConcept: codeableConcept.optional(),
  valueString: z.string().optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.int().optional(),
};
const observationFields = z.object({
  status: z.string().min(1),
  code: codeableConcept,
  category: z.array(codeableConcept).optional(),
  encounter: reference.optional(),
  effectiveDateTime: fhirDateTime.optional(),
  effectivePeriod: period.optional(),
  issued: fhirDateTime.optional(),
  ...value,
  component: z.array(z.object({ code: codeableConcept, ...value })).optional(),
});
type ObservationFields = z.infer<typeof observationFields>;
type ValueFields = Pick<ObservationFields, keyof typeof value>;
type Observation = Observations["observations"][number];

const COUNTED = new Set(["final", "amended", "corrected"]);

/** Observation → a measure, when it is the total of a bundled one; anything else is grouped by `groupObservations`. */
export const mapMeasureTotal: Mapper = (item, context) => {
  const fields = readFields(observationFields, item);
  const loinc = fields.code.coding?.find(
    ({ system, code }) => system === LOINC && findMeasureByTotal(code ?? "") !== undefined,
  );
  const measure = findMeasureByTotal(loinc?.code ?? "");
  const total = fields.valueQuantity?.value ?? fields.valueInteger;
  const when = fields.effectiveDateTime ?? fields.effectivePeriod?.start;
  const date = toPartialDate(when);
  if (
    measure === undefined ||
    total === undefined ||
    date?.length !== 10 ||
    !COUNTED.has(fields.status)
  )
    return [];
  if (!isTotalOf(measure, total)) {
    context.warn({ code: "not-mappable", resourceIndex: item.index, field: "valueQuantity.value" });
    return [];
  }
  const gender = context.bundle.patient.resource["gender"];
  const sex: CutoffSex | undefined = gender === "female" || gender === "male" ? gender : undefined;
  const { band } = scoreTotal(measure, total, withoutUndefined({ sex }));
  const body = withoutUndefined({
    v: 1 as const,
    type: "measure" as const,
    at: toAt([when], context.at),
    measure: measure.id,
    date,
    total,
    band,
    alerts: [],
    sex,
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

/**
 * Observations → records of what was observed, those of one encounter together, within the limits of an entry. A group is named
 * after its members, so that the same bundle gives the same entries.
 */
export function groupObservations(
  items: readonly BundleItem[],
  context: MapContext,
): MappedRecord[] {
  const itemsByEncounter = Map.groupBy(items, (item) => encounterOf(item, context) ?? "");
  return [...itemsByEncounter].flatMap(([encounter, members]) =>
    splitGroup(members, context).map((group): MappedRecord => {
      const ids = group.map(({ source }) => source.sourceId).join(" ");
      const body = withoutUndefined({
        v: 1 as const,
        type: "observations" as const,
        at: toAt([group[0]?.on ?? group[0]?.onDate], context.at),
        encounter: encounter === "" ? undefined : encounter,
        observations: group,
      });
      return {
        compartment: "care",
        sourceId: `Observation/group-${context.sha256(ids).slice(0, 32)}`,
        body,
      };
    }),
  );
}

function encounterOf(item: BundleItem, context: MapContext): string | undefined {
  return context.bundle.resolve(readFields(observationFields, item).encounter?.reference)?.sourceId;
}

function splitGroup(items: readonly BundleItem[], context: MapContext): Observation[][] {
  const groups: Observation[][] = [];
  let bytes = 0;
  for (const item of items) {
    const observation = toObservation(item, context);
    const size = utf8Length(JSON.stringify(observation));
    const last = groups.at(-1);
    if (last === undefined || bytes + size > GROUP_BYTES) {
      groups.push([observation]);
      bytes = size;
    } else {
      last.push(observation);
      bytes += size;
    }
  }
  return groups;
}

function toObservation(item: BundleItem, context: MapContext): Observation {
  const fields = readFields(observationFields, item);
  const when = fields.effectiveDateTime ?? fields.effectivePeriod?.start ?? fields.issued;
  return withoutUndefined({
    code: toCoding(fields.code) ?? {},
    value: toValue(fields),
    category: toLine(fields.category?.[0]?.coding?.[0]?.code) ?? toLine(fields.category?.[0]?.text),
    status: toLine(fields.status) ?? "unknown",
    on: toInstant(when),
    onDate: toPartialDate(when),
    components: (fields.component ?? []).map((part) =>
      withoutUndefined({ code: toCoding(part.code) ?? {}, value: toValue(part) }),
    ),
    source: context.sourceOf(item),
  });
}

function toValue(fields: ValueFields): Observation["value"] {
  const {
    valueQuantity: quantity,
    valueCodeableConcept,
    valueString,
    valueBoolean,
    valueInteger,
  } = fields;
  const number = quantity?.value ?? valueInteger;
  if (number !== undefined) {
    const unit = toLine(quantity?.unit ?? quantity?.code);
    return withoutUndefined({
      is: "quantity" as const,
      number: String(number),
      comparator: toLine(quantity?.comparator),
      unit,
    });
  }
  const coding = toCoding(valueCodeableConcept);
  if (coding !== undefined) return { is: "code", coding };
  const text = toText(valueString);
  if (text !== undefined) return { is: "text", text };
  return valueBoolean === undefined ? undefined : { is: "flag", flag: valueBoolean };
}
