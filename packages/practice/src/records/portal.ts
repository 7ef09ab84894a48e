import { z } from "zod";
import { measureAnswers } from "./measure.ts";
import { bodyOf, code, date, id, line, list, retraction, sourceDocument, text } from "./fields.ts";

const author = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("member"), member: id }),
  z.strictObject({ is: z.literal("patient") }),
]);

const message = bodyOf("message", {
  author,
  subject: line.exactOptional(),
  text,
  repliesTo: id.exactOptional(),
  attachments: list(id),
});
/** A secure message between patient and staff. */
export type Message = z.infer<typeof message>;

const formSent = bodyOf("formSent", {
  title: line,
  measure: code.exactOptional(),
  questions: list(
    z.strictObject({
      id: code,
      text,
      kind: z.enum(["text", "choice", "yes-no", "date"]),
      options: list(line),
    }),
  ),
  answerBy: date.exactOptional(),
});
/** A form or questionnaire that waits for the patient; `measure` names a bundled one. */
export type FormSent = z.infer<typeof formSent>;

const formAnswered = bodyOf("formAnswered", {
  form: id,
  answers: list(z.strictObject({ question: code, text })),
  measure: z.strictObject({ measure: code, answers: measureAnswers }).exactOptional(),
});
/** The patient's answers to a form. */
export type FormAnswered = z.infer<typeof formAnswered>;

const released = bodyOf("released", {
  title: line,
  kind: z.enum(["note", "document", "letter", "plan", "measure"]),
  entry: id.exactOptional(),
  text: text.exactOptional(),
  attachment: id.exactOptional(),
});
/** A note or document that the patient may read: a copy, so that the care file stays closed. */
export type Released = z.infer<typeof released>;

const consent = bodyOf("consent", {
  scope: code,
  given: z.boolean(),
  on: date,
  wording: text,
  until: date.exactOptional(),
});
/** A consent given or withdrawn by the patient. */
export type PortalConsent = z.infer<typeof consent>;

const links = bodyOf("links", { identity: id, care: id.exactOptional() });

/** What a portal file's entries hold. */
export const portalBody = z.discriminatedUnion("type", [
  message,
  formSent,
  formAnswered,
  released,
  consent,
  links,
  retraction,
  sourceDocument,
]);
/** What a portal file's entries hold. */
export type PortalBody = z.infer<typeof portalBody>;
