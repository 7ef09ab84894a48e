import type { Block } from "@sinetti/paper";
import { documentTotal } from "../invoicing/ledger.ts";
import { liveCare } from "./careSections.ts";
import { codingText, fields, prose, section, type Printing } from "./printing.ts";

/** Documents and letters: their words, and where their files lie in the package. */
export function documentSection(printing: Printing): Block[] {
  const { word, date, record } = printing;
  const written = [...liveCare(printing, "document"), ...liveCare(printing, "letter")];
  const blocks = written.flatMap(({ body }): Block[] => {
    const { attachment } = body;
    const path = attachment && record.documentPaths.get(attachment.id);
    const by = body.type === "letter" ? `→ ${body.to}` : body.author;
    const kind = body.type === "document" && body.kind ? codingText(body.kind) : undefined;
    const line = [body.on && date(body.on), by, kind === body.title ? undefined : kind];
    return [
      { type: "heading", level: 3, text: body.title },
      { type: "paragraph", tone: "quiet", text: line.filter(Boolean).join(" · ") || "–" },
      ...prose(body.text),
      ...(path === undefined
        ? []
        : [
            {
              type: "paragraph" as const,
              text: [{ text: path, mono: true }, { text: ` (${word("inPackage")})` }],
            },
          ]),
    ];
  });
  return section(word("documents"), blocks);
}

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

/** Messages with the patient, and what the patient consented to. */
export function messageSection(printing: Printing): Block[] {
  const { word, time, member } = printing;
  const portal = printing.record.entries.filter((each) => each.compartment === "portal");
  const blocks = portal.flatMap(({ body }): Block[] => {
    if (body.type === "message") {
      const who = body.author.is === "patient" ? word("patient") : member(body.author.member);
      const title = [time(body.at), who, body.subject].filter(Boolean);
      return [{ type: "heading", level: 3, text: title.join(" · ") }, ...prose(body.text)];
    }
    if (body.type === "consent")
      return [
        {
          type: "heading",
          level: 3,
          text: `${time(body.at)} · ${body.scope}: ${body.given ? word("yes") : word("no")}`,
        },
        ...prose(body.wording),
      ];
    if (body.type === "formAnswered")
      return [
        { type: "heading", level: 3, text: time(body.at) },
        ...fields(body.answers.map(({ question, text }) => [question, text] as const)),
      ];
    if (body.type === "formSent" || body.type === "released")
      return [{ type: "paragraph", tone: "quiet", text: `${time(body.at)} · ${body.title}` }];
    return [];
  });
  return section(word("messages"), blocks);
}

/** Appointments, as the office recorded them and as the schedule holds them. */
export function appointmentSection(printing: Printing): Block[] {
  const { word, say, date } = printing;
  const held = printing.record.entries.flatMap(({ body }) =>
    body.type === "attendance" ? [{ ...body, who: "" }] : [],
  );
  const booked = printing.record.appointments.flatMap(({ value }) =>
    value.kind === "appointment"
      ? [{ ...value, outcome: value.status, who: printing.member(value.therapist) }]
      : [],
  );
  const rows = [...held, ...booked]
    .sort((a, b) => (a.start < b.start ? -1 : 1))
    .map(({ start, minutes, outcome, who }) => [
      `${date(start.slice(0, 10))} ${start.slice(11)}`,
      String(minutes),
      say(outcome),
      who,
    ]);
  if (rows.length === 0) return [];
  const head = [word("when"), word("minutes"), word("outcome"), word("therapist")];
  return section(word("appointments"), [
    { type: "table", head, rows, widths: [30, 12, 28, 30], numeric: [1] },
  ]);
}

/** Invoices, receipts, credit notes, and who pays. */
export function invoiceSection(printing: Printing): Block[] {
  const { word, date, record } = printing;
  const rows = record.invoices.flatMap(({ value }) => {
    if (value.kind === "payment") return [];
    const { grossCents } = documentTotal(value.lines);
    const sign = value.kind === "creditNote" ? -1 : 1;
    const lines = value.lines.map(({ description }) => description).join(", ");
    return [[String(value.number), date(value.issuedOn), lines, euros(sign * grossCents)]];
  });
  const payers = record.entries.flatMap(({ body }) =>
    body.type === "payer"
      ? [
          [
            word("payer"),
            [
              body.name ?? body.payer,
              body.decision,
              `${date(body.validFrom)} – ${date(body.validTo)}`,
              `${body.sessionsGranted} ${word("sessions")}`,
              `${euros(body.shareCents)} €`,
            ]
              .filter(Boolean)
              .join(", "),
          ] as const,
        ]
      : [],
  );
  const head = [word("number"), word("when"), word("document"), word("total")];
  return section(word("invoices"), [
    ...fields(payers),
    ...(rows.length === 0
      ? []
      : [{ type: "table" as const, head, rows, widths: [10, 20, 50, 20], numeric: [0, 3] }]),
  ]);
}

function euros(cents: number): string {
  return `${cents < 0 ? "−" : ""}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, "0")}`;
}

/** Who opened the record when and why, refusals too, and the copies that were given out. */
export function accessSection(printing: Printing): Block[] {
  const { word, say, time, member, record } = printing;
  const rows = record.accessLog.map(({ at, member: who, name, compartment, purpose, outcome }) => [
    time(at),
    name ?? (who === null ? "–" : member(who)),
    say(compartment),
    purpose === null ? "" : say(purpose),
    outcome === null ? "" : say(outcome),
  ]);
  const copies = record.entries.flatMap(({ body }) =>
    body.type === "export"
      ? [[time(body.at), `${member(body.author)} → ${body.to}: ${say(body.reason)}`] as const]
      : body.type === "exportRequest"
        ? [[printing.date(body.requestedOn), `${word("asked")}: ${body.by}`] as const]
        : [],
  );
  const head = [word("when"), word("who"), word("part"), word("why"), word("outcome")];
  return [
    ...section(
      word("opened"),
      rows.length === 0 ? [] : [{ type: "table", head, rows, widths: [24, 22, 16, 18, 20] }],
    ),
    ...section(word("copies"), fields(copies)),
  ];
}
