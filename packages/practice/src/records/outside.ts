import { z } from "zod";
import {
  bodyOf,
  coding,
  decimal,
  instant,
  line,
  list,
  partialDate,
  source,
  text,
} from "./fields.ts";

const when = {
  on: partialDate.exactOptional(),
  start: instant.exactOptional(),
  end: instant.exactOptional(),
};

/** A contact with care as another system recorded it. */
export const encounter = bodyOf("encounter", {
  status: line,
  class: line.exactOptional(),
  kinds: list(coding),
  ...when,
  minutes: z.int().min(0).exactOptional(),
  participants: list(line),
  place: line.exactOptional(),
  reasons: list(coding),
  source,
});
/** A contact with care as another system recorded it. */
export type Encounter = z.infer<typeof encounter>;

const observed = {
  code: coding,
  value: z
    .discriminatedUnion("is", [
      z.strictObject({
        is: z.literal("quantity"),
        number: decimal,
        comparator: line.exactOptional(),
        unit: line.exactOptional(),
      }),
      z.strictObject({ is: z.literal("code"), coding }),
      z.strictObject({ is: z.literal("text"), text }),
      z.strictObject({ is: z.literal("flag"), flag: z.boolean() }),
    ])
    .exactOptional(),
};

/** What was observed at one encounter, several observations together. */
export const observations = bodyOf("observations", {
  encounter: line.exactOptional(),
  observations: z
    .array(
      z.strictObject({
        ...observed,
        category: line.exactOptional(),
        status: line,
        on: instant.exactOptional(),
        onDate: partialDate.exactOptional(),
        components: list(z.strictObject(observed)),
        source,
      }),
    )
    .min(1)
    .max(256),
});
/** What was observed at one encounter; decimals are text, as written. */
export type Observations = z.infer<typeof observations>;

/** Something done, such as a therapy session or a risk assessment. */
export const procedure = bodyOf("procedure", {
  status: line,
  code: coding,
  ...when,
  encounter: line.exactOptional(),
  outcome: line.exactOptional(),
  source,
});
/** Something done. */
export type Procedure = z.infer<typeof procedure>;

/** A message as another system recorded it. */
export const communication = bodyOf("communication", {
  status: line,
  sent: instant.exactOptional(),
  sender: line.exactOptional(),
  recipients: list(line),
  parts: list(text),
  source,
});
/** A message as another system recorded it. */
export type Communication = z.infer<typeof communication>;

/** A consent as another system recorded it. */
export const consent = bodyOf("consent", {
  status: line,
  scope: coding.exactOptional(),
  kinds: list(coding),
  on: partialDate.exactOptional(),
  decision: z.enum(["permit", "deny"]).exactOptional(),
  source,
});
/** A consent as another system recorded it. */
export type Consent = z.infer<typeof consent>;

/** Answers to a questionnaire that is not one of the bundled measures. */
export const questionnaireAnswers = bodyOf("questionnaireAnswers", {
  questionnaire: line.exactOptional(),
  status: line,
  answeredAt: instant.exactOptional(),
  answers: list(
    z.strictObject({ question: line, text: text.exactOptional(), answers: list(text) }),
  ),
  source,
});
/** Answers to a questionnaire that is not one of the bundled measures. */
export type QuestionnaireAnswers = z.infer<typeof questionnaireAnswers>;
