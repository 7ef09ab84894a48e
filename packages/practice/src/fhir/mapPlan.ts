import { z } from "zod";
import type { Goal, Plan } from "../records/plan.ts";
import {
  codeableConcept,
  conceptText,
  fhirDateTime,
  period,
  reference,
  toAt,
  toCoding,
  toLine,
  toPartialDate,
  toText,
  withoutUndefined,
} from "./elements.ts";
import { readFields } from "./fhirError.ts";
import type { MapContext, Mapper } from "./mapping.ts";

const PLAN_STATUSES = ["draft", "active", "on-hold", "completed", "revoked", "unknown"] as const;

const planFields = z.object({
  status: z.enum([...PLAN_STATUSES, "entered-in-error"]),
  title: z.string().optional(),
  description: z.string().optional(),
  category: z.array(codeableConcept).optional(),
  period: period.optional(),
  created: fhirDateTime.optional(),
  addresses: z.array(reference).optional(),
  goal: z.array(reference).optional(),
  activity: z
    .array(
      z.object({
        reference: reference.optional(),
        detail: z
          .object({
            code: codeableConcept.optional(),
            status: z.string().optional(),
            description: z.string().optional(),
            scheduledString: z.string().optional(),
            performer: z.array(reference).optional(),
          })
          .optional(),
      }),
    )
    .optional(),
});
type Activity = NonNullable<z.infer<typeof planFields>["activity"]>[number];

/** CarePlan → a treatment plan: problems from what it addresses, goals by their words, activities as interventions. */
export const mapCarePlan: Mapper = (item, context) => {
  const fields = readFields(planFields, item);
  const body = withoutUndefined({
    v: 1 as const,
    type: "plan" as const,
    at: toAt([fields.created, fields.period?.start], context.at),
    title: toLine(fields.title) ?? conceptText(fields.category?.[0]),
    status: PLAN_STATUSES.find((status) => status === fields.status) ?? ("unknown" as const),
    start: toPartialDate(fields.period?.start),
    end: toPartialDate(fields.period?.end),
    problem: toText(fields.description),
    diagnoses: (fields.addresses ?? []).flatMap((addressed) => {
      const condition = context.bundle.resolve(addressed.reference);
      const code =
        condition === undefined
          ? undefined
          : codeableConcept.safeParse(condition.resource["code"]).data;
      return toCoding(code) ?? [];
    }),
    longTermGoals: (fields.goal ?? []).flatMap((goal) => goalText(goal, context) ?? []),
    objectives: [],
    interventions: (fields.activity ?? []).flatMap((activity) => toIntervention(activity, context)),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

const ACTIVITY_STATUSES = new Map<string, Plan["interventions"][number]["status"]>(
  Object.entries({
    "not-started": "planned",
    scheduled: "planned",
    "in-progress": "active",
    "on-hold": "planned",
    completed: "done",
    cancelled: "stopped",
    stopped: "stopped",
  }),
);

function toIntervention(
  { detail, reference: referred }: Activity,
  context: MapContext,
): Plan["interventions"] {
  const text =
    toText(detail?.description) ?? conceptText(detail?.code) ?? toText(referred?.display);
  if (text === undefined) return [];
  const fields = {
    text,
    by: context.nameOf(detail?.performer?.[0]),
    frequency: toLine(detail?.scheduledString),
    status: ACTIVITY_STATUSES.get(detail?.status ?? "") ?? ("unknown" as const),
  };
  return [withoutUndefined(fields)];
}

const goalFields = z.object({
  lifecycleStatus: z.enum([
    "proposed",
    "planned",
    "accepted",
    "active",
    "on-hold",
    "completed",
    "cancelled",
    "entered-in-error",
    "rejected",
  ]),
  achievementStatus: codeableConcept.optional(),
  description: codeableConcept,
  startDate: fhirDateTime.optional(),
  statusDate: fhirDateTime.optional(),
  target: z.array(z.object({ dueDate: fhirDateTime.optional() })).optional(),
});

/** Goal → a goal; without words it is kept. */
export const mapGoal: Mapper = (item, context) => {
  const fields = readFields(goalFields, item);
  const text = conceptText(fields.description);
  if (text === undefined) return [];
  const body = withoutUndefined({
    v: 1 as const,
    type: "goal" as const,
    at: toAt([fields.statusDate, fields.startDate], context.at),
    text,
    status: goalStatus(fields),
    due: toPartialDate(fields.target?.find(({ dueDate }) => dueDate !== undefined)?.dueDate),
    start: toPartialDate(fields.startDate),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

function goalText(goal: z.infer<typeof reference>, context: MapContext): string | undefined {
  const found = context.bundle.resolve(goal.reference);
  const description =
    found === undefined ? undefined : codeableConcept.safeParse(found.resource["description"]).data;
  return conceptText(description) ?? toLine(goal.display);
}

function goalStatus(fields: z.infer<typeof goalFields>): Goal["status"] {
  const achievement = fields.achievementStatus?.coding?.[0]?.code;
  if (achievement === "achieved" || achievement === "sustaining") return "met";
  if (achievement === "not-achieved" || achievement === "not-attainable") return "not-met";
  const { lifecycleStatus } = fields;
  if (lifecycleStatus === "proposed" || lifecycleStatus === "planned") return "proposed";
  if (lifecycleStatus === "completed") return "met";
  return lifecycleStatus === "cancelled" || lifecycleStatus === "rejected" ? "dropped" : "active";
}
