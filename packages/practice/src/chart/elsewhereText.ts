import { codingText } from "../records/codingText.ts";
import type {
  Communication,
  Consent,
  Encounter,
  Observations,
  Procedure,
  QuestionnaireAnswers,
} from "../records/outside.ts";

/** What another system recorded, as this record keeps it. */
export type Elsewhere =
  | Encounter
  | Observations
  | Procedure
  | Communication
  | Consent
  | QuestionnaireAnswers;

/** The day of something that another system recorded. */
export function elsewhereDay(body: Elsewhere): string {
  return "on" in body && body.on !== undefined ? body.on : body.at.slice(0, 10);
}

/** What another system recorded, in one line. */
export function elsewhereText(body: Elsewhere): string {
  switch (body.type) {
    case "encounter":
      return [body.kinds.map(codingText).join(", "), body.participants.join(", "), body.place]
        .filter(Boolean)
        .join(" · ");
    case "observations":
      return body.observations.map(observationText).join("; ");
    case "procedure":
      return codingText(body.code);
    case "communication":
      return [body.sender, ...body.parts].filter(Boolean).join(": ");
    case "consent":
      return [body.scope && codingText(body.scope), body.decision].filter(Boolean).join(" · ");
    default:
      return body.answers
        .map(({ text, question, answers }) => `${text ?? question}: ${answers.join(", ")}`)
        .join("; ");
  }
}

type Observation = Observations["observations"][number];

function observationText({ code, value, components }: Observation): string {
  const parts = components.map((each) =>
    `${codingText(each.code)} ${valueText(each.value)}`.trim(),
  );
  return [`${code.text ?? codingText(code)} ${valueText(value)}`.trim(), ...parts].join(", ");
}

/** As people read a number; the exact one stands in the bundle. */
function rounded(number: string): string {
  return /\.\d{4,}$/.test(number) ? String(Math.round(Number(number) * 100) / 100) : number;
}

function valueText(value: Observation["value"]): string {
  if (value === undefined) return "";
  if (value.is === "quantity")
    return [value.comparator, rounded(value.number), value.unit].filter(Boolean).join(" ");
  if (value.is === "code") return codingText(value.coding);
  return value.is === "text" ? value.text : String(value.flag);
}
