import type { Block } from "@sinetti/paper";
import { liveCare } from "./careSections.ts";
import { codingText, section, type Printing } from "./printing.ts";

const ELSEWHERE = [
  "encounter",
  "observations",
  "procedure",
  "communication",
  "consent",
  "questionnaireAnswers",
] as const;

/** What other systems recorded: contacts and what was done, line by line; the rest by kind. */
export function elsewhereSection(printing: Printing): Block[] {
  const { word, date, say } = printing;
  const rows = ELSEWHERE.flatMap((type) =>
    liveCare(printing, type).map(({ body }) => ({
      on: dayOf(body),
      text: lineOf(body),
      kind: type,
    })),
  ).sort((a, b) => (a.on < b.on ? -1 : 1));
  const kept = new Map<string, number>();
  for (const { compartment, body } of printing.record.entries) {
    if (compartment !== "care" || body.type !== "sourceDocument") continue;
    for (const { kind, originalOf, part } of body.documents)
      if (originalOf === undefined && (part?.index ?? 0) === 0)
        kept.set(kind, (kept.get(kind) ?? 0) + 1);
  }
  if (rows.length === 0 && kept.size === 0) return [];
  const blocks: Block[] = [{ type: "paragraph", tone: "quiet", text: word("elsewhereText") }];
  if (rows.length > 0)
    blocks.push({
      type: "table",
      head: [word("when"), word("kind"), word("what")],
      rows: rows.map(({ on, text, kind }) => [on === "" ? "" : date(on), say(kind), text]),
      widths: [18, 22, 60],
    });
  if (kept.size > 0)
    blocks.push({
      type: "table",
      head: [word("kind"), word("count")],
      rows: [...kept]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, count]) => [kind, String(count)]),
      widths: [80, 20],
      numeric: [1],
    });
  return section(word("elsewhere"), blocks);
}

type Elsewhere = ReturnType<typeof liveCare<(typeof ELSEWHERE)[number]>>[number]["body"];

function dayOf(body: Elsewhere): string {
  return "on" in body && body.on !== undefined ? body.on : body.at.slice(0, 10);
}

function lineOf(body: Elsewhere): string {
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
    case "questionnaireAnswers":
      return body.answers
        .map(({ text, question, answers }) => `${text ?? question}: ${answers.join(", ")}`)
        .join("; ");
    default:
      return "";
  }
}

type Observation = Extract<Elsewhere, { type: "observations" }>["observations"][number];

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
