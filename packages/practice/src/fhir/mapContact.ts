import { z } from "zod";
import { instantToLocalTime } from "../calendar/localTime.ts";
import type { AttendanceOutcome } from "../records/office.ts";
import {
  codeableConcept,
  fhirDateTime,
  reference,
  toAt,
  toCoding,
  toInstant,
  toLine,
  toPartialDate,
  toText,
  withoutUndefined,
} from "./elements.ts";
import { readFields } from "./fhirError.ts";
import type { Mapper } from "./mapping.ts";

const communicationFields = z.object({
  status: z.string().min(1),
  sent: fhirDateTime.optional(),
  received: fhirDateTime.optional(),
  sender: reference.optional(),
  recipient: z.array(reference).optional(),
  payload: z
    .array(
      z.object({ contentString: z.string().optional(), contentReference: reference.optional() }),
    )
    .optional(),
});

/** Communication → a message as the other system kept it, in the care file. */
export const mapCommunication: Mapper = (item, context) => {
  const fields = readFields(communicationFields, item);
  const body = withoutUndefined({
    v: 1 as const,
    type: "communication" as const,
    at: toAt([fields.sent, fields.received], context.at),
    status: toLine(fields.status) ?? "unknown",
    sent: toInstant(fields.sent),
    sender: context.nameOf(fields.sender),
    recipients: (fields.recipient ?? []).flatMap((recipient) => context.nameOf(recipient) ?? []),
    parts: (fields.payload ?? []).flatMap(({ contentString }) => toText(contentString) ?? []),
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

const consentFields = z.object({
  status: z.string().min(1),
  scope: codeableConcept.optional(),
  category: z.array(codeableConcept).optional(),
  dateTime: fhirDateTime.optional(),
  provision: z.object({ type: z.enum(["permit", "deny"]).optional() }).optional(),
});

/** Consent → a consent as the other system kept it. */
export const mapConsent: Mapper = (item, context) => {
  const fields = readFields(consentFields, item);
  const body = withoutUndefined({
    v: 1 as const,
    type: "consent" as const,
    at: toAt([fields.dateTime], context.at),
    status: toLine(fields.status) ?? "unknown",
    scope: toCoding(fields.scope),
    kinds: (fields.category ?? []).flatMap((category) => toCoding(category) ?? []),
    on: toPartialDate(fields.dateTime),
    decision: fields.provision?.type,
    source: context.sourceOf(item),
  });
  return [{ compartment: "care", sourceId: item.sourceId, body }];
};

const OUTCOMES = new Map<string, AttendanceOutcome>(
  Object.entries({
    fulfilled: "attended",
    cancelled: "cancelled",
    noshow: "missed",
    booked: "booked",
    pending: "booked",
    proposed: "booked",
    arrived: "booked",
    "checked-in": "booked",
    waitlist: "unknown",
  }),
);

const appointmentFields = z.object({
  status: z.string().min(1),
  start: fhirDateTime.optional(),
  end: fhirDateTime.optional(),
  minutesDuration: z.int().min(0).max(14_400).optional(),
});

/**
 * Appointment → the office file's attendance, without its reason: the original may say why and goes to the care file.
 * One without a start is kept.
 */
export const mapAppointment: Mapper = (item, context) => {
  const fields = readFields(appointmentFields, item);
  const start = toInstant(fields.start);
  if (start === undefined) return [];
  const end = toInstant(fields.end);
  const lasted =
    end === undefined
      ? (fields.minutesDuration ?? 0)
      : Math.round((Date.parse(end) - Date.parse(start)) / 60_000);
  const body = {
    v: 1 as const,
    type: "attendance" as const,
    at: toAt([start], context.at),
    start: instantToLocalTime(Date.parse(start), context.zone),
    zone: context.zone,
    minutes: Math.min(Math.max(0, lasted), 14_400),
    outcome: OUTCOMES.get(fields.status) ?? ("unknown" as const),
    appointment: item.sourceId,
    source: context.sourceApart(item),
  };
  return [{ compartment: "office", sourceId: item.sourceId, body }];
};
