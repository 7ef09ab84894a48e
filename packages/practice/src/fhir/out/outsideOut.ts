import type {
  Communication,
  Consent,
  Encounter,
  Observations,
  Procedure,
  QuestionnaireAnswers,
} from "../../records/outside.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutMapper } from "./outMapper.ts";
import { concept, fhirList, fhirText, part, toConcept, toPeriod } from "./parts.ts";
import type { OutResource } from "./vocabulary.ts";

/** A contact with care, when its original may not go out → Encounter. */
export const encounterOut: OutMapper<Encounter> = ({ id, body }, { subject }) => {
  const { status, kinds, on, start, end, participants, place, reasons } = body;
  const where = fhirText(place);
  const resource = withoutUndefined({
    resourceType: "Encounter",
    id,
    status,
    class: {
      system: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
      code: body.class ?? "AMB",
    },
    type: fhirList(kinds.map(toConcept)),
    subject,
    participant: fhirList(
      participants.map((name) =>
        fhirText(name) === undefined ? undefined : { individual: { display: fhirText(name) } },
      ),
    ),
    period: toPeriod(start ?? on, end),
    reasonCode: fhirList(reasons.map(toConcept)),
    serviceProvider: where === undefined ? undefined : { display: where },
  });
  return [resource];
};

type Observation = Observations["observations"][number];

function valueOf(value: Observation["value"]): Record<string, unknown> {
  if (value === undefined) return {};
  if (value.is === "code") return { valueCodeableConcept: toConcept(value.coding) };
  if (value.is === "text") return withoutUndefined({ valueString: fhirText(value.text) });
  if (value.is === "flag") return { valueBoolean: value.flag };
  const { number, comparator, unit } = value;
  return {
    valueQuantity: withoutUndefined({ value: Number(number), comparator, unit: fhirText(unit) }),
  };
}

/** What was observed at one encounter, when the originals may not go out → an Observation each. */
export const observationsOut: OutMapper<Observations> = ({ id, body }, { subject }) => {
  const made = body.observations.map(
    ({ status, category, code, value, on, onDate, components }, index): OutResource =>
      withoutUndefined({
        resourceType: "Observation",
        id: index === 0 ? id : `${id}-${index}`,
        status,
        category: category === undefined ? undefined : [{ text: fhirText(category) ?? "–" }],
        code: toConcept(code),
        subject,
        effectiveDateTime: on ?? onDate,
        ...valueOf(value),
        component: fhirList(
          components.map((each) => ({ code: toConcept(each.code), ...valueOf(each.value) })),
        ),
      }),
  );
  const [first, ...rest] = made;
  if (first === undefined) throw new TypeError("a record of observations holds one at least");
  return [first, ...rest.map(part)];
};

/** Something done, when its original may not go out → Procedure. */
export const procedureOut: OutMapper<Procedure> = ({ id, body }, { subject }) => {
  const { status, code, on, start, end, outcome } = body;
  const resource = withoutUndefined({
    resourceType: "Procedure",
    id,
    status,
    code: toConcept(code),
    subject,
    performedPeriod: toPeriod(start ?? on, end),
    outcome: fhirText(outcome) === undefined ? undefined : { text: fhirText(outcome) },
  });
  return [resource];
};

/** A message from elsewhere, when its original may not go out → Communication. */
export const communicationOut: OutMapper<Communication> = ({ id, body }, { subject }) => {
  const { status, sent, sender, recipients, parts } = body;
  const named = (name: string | undefined) =>
    fhirText(name) === undefined ? undefined : { display: fhirText(name) };
  const resource = withoutUndefined({
    resourceType: "Communication",
    id,
    status,
    subject,
    sent,
    sender: named(sender),
    recipient: fhirList(recipients.map(named)),
    payload: fhirList(
      parts.map((text) =>
        fhirText(text) === undefined ? undefined : { contentString: fhirText(text) },
      ),
    ),
  });
  return [resource];
};

/** A consent from elsewhere, when its original may not go out → Consent. */
export const consentOut: OutMapper<Consent> = ({ id, body }, { subject }) => {
  const { status, scope, kinds, on, decision } = body;
  const resource = withoutUndefined({
    resourceType: "Consent",
    id,
    status,
    scope: scope === undefined ? { text: "–" } : toConcept(scope),
    category: fhirList(kinds.map(toConcept)) ?? [{ text: "–" }],
    patient: subject,
    dateTime: on,
    policyRule: concept("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN"),
    provision: decision === undefined ? undefined : { type: decision },
  });
  return [resource];
};

/** Answers to a questionnaire from elsewhere, when the original may not go out → QuestionnaireResponse. */
export const questionnaireAnswersOut: OutMapper<QuestionnaireAnswers> = (
  { id, body },
  { subject },
) => {
  const { questionnaire, status, answeredAt, answers } = body;
  const resource = withoutUndefined({
    resourceType: "QuestionnaireResponse",
    id,
    status,
    subject,
    questionnaire: /^[a-z][a-z0-9+.-]*:\S+$/i.test(questionnaire ?? "") ? questionnaire : undefined,
    authored: answeredAt,
    item: fhirList(
      answers.map(({ question, text, answers: given }) =>
        withoutUndefined({
          linkId: fhirText(question) ?? "–",
          text: fhirText(text),
          answer: fhirList(
            given.map((answer) =>
              fhirText(answer) === undefined ? undefined : { valueString: fhirText(answer) },
            ),
          ),
        }),
      ),
    ),
  });
  return [resource];
};
