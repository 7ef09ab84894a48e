import { localTimeToInstant } from "../../calendar/localTime.ts";
import type { Attendance, BillingAddress, Payer } from "../../records/office.ts";
import type { PlannedValue } from "../../records/schedule.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutContext, OutMapper } from "./outMapper.ts";
import { concept, fhirList, fhirText, narrative } from "./parts.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

const STATUS: Record<Attendance["outcome"], string> = {
  attended: "fulfilled",
  late: "fulfilled",
  cancelled: "cancelled",
  "cancelled-late": "cancelled",
  missed: "noshow",
  booked: "booked",
  unknown: "waitlist",
};

interface Slot {
  readonly start: string;
  readonly zone: string;
  readonly minutes: number;
}

function times({ start, zone, minutes }: Slot): Record<string, unknown> {
  const from = localTimeToInstant(start, zone);
  return {
    start: new Date(from).toISOString(),
    end: new Date(from + minutes * 60_000).toISOString(),
    ...(minutes > 0 && { minutesDuration: minutes }),
  };
}

/** An appointment as the office knows it → Appointment. */
export const attendanceOut: OutMapper<Attendance> = ({ id, body }, { subject }) => {
  const resource = withoutUndefined({
    resourceType: "Appointment",
    id,
    status: STATUS[body.outcome],
    ...times(body),
    comment: fhirText(body.remark),
    participant: [{ actor: subject, status: "accepted" }],
  });
  return [resource];
};

const BOOKED: Record<string, string> = {
  booked: "booked",
  arrived: "arrived",
  done: "fulfilled",
  late: "fulfilled",
  cancelled: "cancelled",
  "cancelled-late": "cancelled",
  missed: "noshow",
};

/** What the schedule holds about the patient → Appointment: one, the first of a series, or a changed date. */
export function scheduleOut(
  { id, value }: { id: string; value: PlannedValue },
  context: OutContext,
): OutResource {
  const base = { resourceType: "Appointment", id };
  if (value.kind === "exception") {
    const { on, change } = value;
    const status = change.is === "cancelled" ? "cancelled" : "proposed";
    const text = `${change.is}: ${on}${change.is === "moved" ? ` → ${change.start}` : ""}`;
    return {
      ...base,
      status,
      description: text,
      participant: [{ actor: context.subject, status: "accepted" }],
    };
  }
  const status = value.kind === "series" ? "booked" : (BOOKED[value.status] ?? "booked");
  const every = value.kind === "series" ? `every ${value.every}` : undefined;
  return withoutUndefined({
    ...base,
    status,
    description: every,
    ...times(value),
    participant: [
      { actor: context.subject, status: "accepted" },
      { actor: context.member(value.therapist), status: "accepted" },
    ],
  });
}

/** A payer's decision → Coverage. */
export const payerOut: OutMapper<Payer> = ({ id, body }, { subject }) => {
  const { payer, name, decision, validFrom, validTo, shareCents, sessionsGranted } = body;
  const resource = withoutUndefined({
    resourceType: "Coverage",
    id,
    status: "active",
    type: { text: payer },
    subscriberId: fhirText(decision),
    beneficiary: subject,
    period: { start: validFrom, end: validTo },
    payor: [{ display: fhirText(name) ?? payer }],
    costToBeneficiary: [
      {
        type: { text: `Share per session, ${sessionsGranted} sessions granted` },
        valueMoney: { value: shareCents / 100, currency: "EUR" },
      },
    ],
  });
  return [resource];
};

/** Where invoices go → Basic. */
export const billingAddressOut: OutMapper<BillingAddress> = ({ id, body }, { subject }) => {
  const { name, lines, postalCode, city, country, email, eInvoiceAddress } = body;
  const words = [
    name,
    ...lines,
    [postalCode, city].filter(Boolean).join(" "),
    country,
    email,
    eInvoiceAddress,
  ];
  const resource = withoutUndefined({
    resourceType: "Basic",
    id,
    code: concept(SYSTEM.record, "billingAddress", "Billing address"),
    subject,
    created: body.at.slice(0, 10),
    text: narrative((fhirList(words.map(fhirText)) ?? []).join("\n")),
  });
  return [resource];
};
