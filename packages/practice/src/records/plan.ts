import { z } from "zod";
import {
  bodyOf,
  code,
  coding,
  date,
  decimal,
  id,
  line,
  list,
  partialDate,
  source,
  text,
} from "./fields.ts";

const objective = z.strictObject({
  id: code,
  text,
  baseline: line.exactOptional(),
  target: line.exactOptional(),
  measure: code.exactOptional(),
  targetValue: decimal.exactOptional(),
  due: partialDate.exactOptional(),
  status: z.enum(["proposed", "active", "met", "partly-met", "not-met", "dropped"]),
});
/** A measurable objective: baseline, target, date, state. */
export type Objective = z.infer<typeof objective>;

const intervention = z.strictObject({
  text,
  by: line.exactOptional(),
  frequency: line.exactOptional(),
  status: z.enum(["planned", "active", "done", "stopped", "unknown"]),
});

/** A treatment plan; each entry replaces the one it names. */
export const plan = bodyOf("plan", {
  title: line.exactOptional(),
  status: z.enum(["draft", "active", "on-hold", "completed", "revoked", "unknown"]),
  start: partialDate.exactOptional(),
  end: partialDate.exactOptional(),
  problem: text.exactOptional(),
  diagnoses: list(coding),
  strengths: text.exactOptional(),
  longTermGoals: list(text),
  objectives: list(objective),
  interventions: list(intervention),
  dischargeCriteria: text.exactOptional(),
  reviewOn: date.exactOptional(),
  agreement: z
    .strictObject({ agreed: z.boolean(), on: date, remark: text.exactOptional() })
    .exactOptional(),
  replaces: id.exactOptional(),
  source: source.exactOptional(),
});
/** A treatment plan. */
export type Plan = z.infer<typeof plan>;

/** A goal that came without a plan. */
export const goal = bodyOf("goal", {
  text,
  status: objective.shape.status,
  due: partialDate.exactOptional(),
  start: partialDate.exactOptional(),
  source: source.exactOptional(),
});
/** A goal that came without a plan. */
export type Goal = z.infer<typeof goal>;
