import type { Block } from "@sinetti/paper";
import { documentTotal } from "../invoicing/ledger.ts";
import { codingText } from "../records/codingText.ts";
import { liveCare } from "./careSections.ts";
import { fields, prose, section, type Printing } from "./printing.ts";

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
