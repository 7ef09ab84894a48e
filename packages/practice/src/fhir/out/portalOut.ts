import type { FormAnswered, FormSent, Message, PortalConsent } from "../../records/portal.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutMapper } from "./outMapper.ts";
import { concept, fhirList, fhirText } from "./parts.ts";
import { SYSTEM } from "./vocabulary.ts";

/** A secure message → Communication. */
export const messageOut: OutMapper<Message> = ({ id, body }, context) => {
  const { author, subject, text, repliesTo, at } = body;
  const answered = repliesTo === undefined ? undefined : context.entry(repliesTo);
  const topic = fhirText(subject);
  const content = fhirText(text);
  const resource = withoutUndefined({
    resourceType: "Communication",
    id,
    status: "completed",
    subject: context.subject,
    topic: topic === undefined ? undefined : { text: topic },
    inResponseTo: answered === undefined ? undefined : [{ reference: answered.reference }],
    sent: at,
    sender: author.is === "patient" ? context.subject : context.member(author.member),
    payload: content === undefined ? undefined : [{ contentString: content }],
  });
  return [resource];
};

const ITEM_TYPE = { text: "text", choice: "choice", "yes-no": "boolean", date: "date" } as const;

/** A form that was sent → Questionnaire. */
export const formSentOut: OutMapper<FormSent> = ({ id, body }) => {
  const { title, measure, questions, answerBy, at } = body;
  const resource = withoutUndefined({
    resourceType: "Questionnaire",
    id,
    status: "active",
    title: fhirText(title),
    subjectType: ["Patient"],
    date: at,
    code: measure === undefined ? undefined : [{ system: SYSTEM.measure, code: measure }],
    effectivePeriod: answerBy === undefined ? undefined : { end: answerBy },
    item: fhirList(
      questions.map(({ id: linkId, text, kind, options }) =>
        withoutUndefined({
          linkId,
          text: fhirText(text),
          type: ITEM_TYPE[kind],
          answerOption: fhirList(
            options.map((option) =>
              fhirText(option) === undefined ? undefined : { valueString: fhirText(option) },
            ),
          ),
        }),
      ),
    ),
  });
  return [resource];
};

/** The patient's answers to a form → QuestionnaireResponse. */
export const formAnsweredOut: OutMapper<FormAnswered> = ({ id, body }, context) => {
  const { form, answers, measure, at } = body;
  const asked = context.entry(form);
  const scores = measure?.answers.map((score, index) => ({
    linkId: `${measure.measure}-${index + 1}`,
    answer: [{ valueInteger: score }],
  }));
  const items = answers.map(({ question, text }) =>
    withoutUndefined({
      linkId: question,
      answer: fhirText(text) === undefined ? undefined : [{ valueString: fhirText(text) }],
    }),
  );
  const resource = withoutUndefined({
    resourceType: "QuestionnaireResponse",
    id,
    questionnaire: asked?.reference,
    status: "completed",
    subject: context.subject,
    authored: at,
    source: context.subject,
    item: fhirList([...items, ...(scores ?? [])]),
  });
  return [resource];
};

/** A consent given or withdrawn → Consent. */
export const portalConsentOut: OutMapper<PortalConsent> = ({ id, body }, { subject }) => {
  const { scope, given, on, wording, until } = body;
  const resource = withoutUndefined({
    resourceType: "Consent",
    id,
    status: given ? "active" : "rejected",
    scope: concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", scope),
    category: [{ text: scope }],
    patient: subject,
    dateTime: on,
    sourceAttachment:
      fhirText(wording) === undefined
        ? undefined
        : { contentType: "text/plain", title: (fhirText(wording) ?? "").slice(0, 500) },
    policyRule: concept(
      "http://terminology.hl7.org/CodeSystem/v3-ActCode",
      given ? "OPTIN" : "OPTOUT",
    ),
    provision: withoutUndefined({
      type: given ? "permit" : "deny",
      period: until === undefined ? undefined : { end: until },
    }),
  });
  return [resource];
};
