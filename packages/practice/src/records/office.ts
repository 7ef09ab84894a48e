import { z } from "zod";
import {
  bodyOf,
  cents,
  date,
  id,
  line,
  list,
  localTime,
  retraction,
  source,
  sourceDocument,
  text,
  zone,
} from "./fields.ts";
import { exportRequest, exported } from "./export.ts";

const payer = bodyOf("payer", {
  payer: z.enum(["kela", "insurer", "municipality", "employer", "other"]),
  name: line.exactOptional(),
  decision: line.exactOptional(),
  validFrom: date,
  validTo: date,
  sessionsGranted: z.int().min(1).max(10_000),
  sessionsUsedBefore: z.int().min(0).max(10_000),
  shareCents: cents.min(0),
  warnSessionsLeft: z.int().min(0).max(1000),
  warnDaysLeft: z.int().min(0).max(1000),
  replaces: id.exactOptional(),
});
/** A payer's decision: validity, sessions granted and used before this system, and the payer's share per session in cents. */
export type Payer = z.infer<typeof payer>;

const billingAddress = bodyOf("billingAddress", {
  name: line,
  lines: list(line),
  postalCode: line.exactOptional(),
  city: line.exactOptional(),
  country: line.exactOptional(),
  email: line.exactOptional(),
  eInvoiceAddress: line.exactOptional(),
});
/** Where invoices go. */
export type BillingAddress = z.infer<typeof billingAddress>;

/** What became of an appointment. */
export const attendanceOutcome = z.enum([
  "attended",
  "late",
  "cancelled",
  "cancelled-late",
  "missed",
  "booked",
  "unknown",
]);
/** What became of an appointment. */
export type AttendanceOutcome = z.infer<typeof attendanceOutcome>;

const attendance = bodyOf("attendance", {
  start: localTime,
  zone,
  minutes: z.int().min(0).max(14_400),
  outcome: attendanceOutcome,
  payer: id.exactOptional(),
  appointment: line.exactOptional(),
  remark: text.exactOptional(),
  source: source.exactOptional(),
});
/** One appointment of the patient as the office knows it: never why. */
export type Attendance = z.infer<typeof attendance>;

const links = bodyOf("links", { identity: id });

/** What an office file's entries hold. */
export const officeBody = z.discriminatedUnion("type", [
  payer,
  billingAddress,
  attendance,
  exportRequest,
  exported,
  links,
  retraction,
  sourceDocument,
]);
/** What an office file's entries hold. */
export type OfficeBody = z.infer<typeof officeBody>;
