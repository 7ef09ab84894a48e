import type { FileId } from "@sinetti/core";
import {
  instantToLocalTime,
  payerOn,
  payerStatus,
  type Appointment,
  type AttendanceOutcome,
  type BillingAddress,
  type Booking,
  type KnownPayer,
  type OfficeState,
  type PatientIdentity,
  type Payer,
  type PayerStatus,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { isRefused } from "../errors.ts";
import { changeBooking, type Booked, type BookingRef } from "./appointments.ts";
import { readIdentity } from "./identity.ts";
import { openOffice, writeOffice } from "./officeFile.ts";
import { openOne } from "./patients.ts";
import type { CalendarPlace } from "./scheduleBook.ts";

/** What the office knows of a patient beside who they are. */
export interface PatientOffice extends Pick<OfficeState, "billingAddress" | "attendances"> {
  readonly patient: FileId;
  readonly payers: readonly (KnownPayer & { readonly status: PayerStatus })[];
}

/** Opens what the office knows of a patient; payers' decisions as they stand today. Errors: `unknown-record`, `refused`. */
export async function readOffice(
  client: Client,
  patient: string,
  { zone }: { zone: string },
): Promise<PatientOffice> {
  const { patient: identity, state } = await openOffice(client, patient);
  const now = client.context.world.clock.now() * 1000;
  const today = instantToLocalTime(now, zone).slice(0, 10);
  const { payers, attendances } = state;
  return {
    ...state,
    patient: identity,
    payers: payers.map(({ entry, payer }) => ({
      entry,
      payer,
      status: payerStatus(payer, attendances, { payerEntry: entry, today }),
    })),
  };
}

/** What the front desk sees of a patient: who they are and what the office knows, and nothing of what they are treated for. */
export async function readFrontDesk(
  client: Client,
  patient: string,
  options: { zone: string },
): Promise<{ identity: PatientIdentity; office: PatientOffice }> {
  const office = await readOffice(client, patient, options);
  const ref = { file: office.patient, vault: "who" as const };
  const identity = await openOne(client.context, ref, "contact");
  return { identity: readIdentity(client.context, identity), office };
}

/** Adds a payer's decision, or replaces one (`replaces`); gives its entry. Error of practice: `record-invalid`. */
export async function addPayer(
  client: Client,
  patient: string,
  payer: Omit<Payer, "v" | "type" | "at">,
): Promise<string> {
  const [entry = ""] = await writeOffice(client, patient, [{ type: "payer", ...payer }]);
  return entry;
}

/** Says where invoices go from now on. Error of practice: `record-invalid`. */
export async function setBillingAddress(
  client: Client,
  patient: string,
  address: Omit<BillingAddress, "v" | "type" | "at">,
): Promise<void> {
  await writeOffice(client, patient, [{ type: "billingAddress", ...address }]);
}

const OUTCOME: Record<Appointment["status"], AttendanceOutcome | null> = {
  booked: "booked",
  // Here, and not yet over: nothing to tell.
  arrived: null,
  done: "attended",
  late: "late",
  cancelled: "cancelled",
  "cancelled-late": "cancelled-late",
  missed: "missed",
};

/** What came of marking a booking. */
export interface Marked {
  readonly booked: Booked;
  /** Patients whose office file this member may not write: the office marks it there. */
  readonly unwritten: readonly string[];
}

/**
 * Marks what became of a booking: in the schedule, and in each patient's office file with the payer whose decision covers the day.
 * Marked again, the later word counts. Errors: `unknown-record`, `refused`.
 */
export async function markBooking(
  client: Client,
  place: CalendarPlace,
  { booking: ref, status }: { booking: BookingRef; status: Appointment["status"] },
): Promise<Marked> {
  const booked = await changeBooking(client, place, { booking: ref, change: { status } });
  const outcome = OUTCOME[status];
  const unwritten: string[] = [];
  if (!booked.ok || outcome === null) return { booked, unwritten };
  for (const patient of booked.value.patients)
    try {
      await writeAttendance(client, patient, { booking: booked.value, outcome });
    } catch (error) {
      if (!isRefused(error)) throw error;
      unwritten.push(patient);
    }
  return { booked, unwritten };
}

async function writeAttendance(
  client: Client,
  patient: string,
  { booking, outcome }: { booking: Booking; outcome: AttendanceOutcome },
): Promise<void> {
  const { state } = await openOffice(client, patient);
  const { key, start, zone, minutes } = booking;
  const others = state.attendances.filter((each) => each.key !== key);
  if (outcome === "booked" && others.length === state.attendances.length) return;
  const payer = payerOn({ payers: state.payers, attendances: others }, start.slice(0, 10));
  const isHeld = outcome === "attended" || outcome === "late";
  await writeOffice(client, patient, [
    {
      type: "attendance",
      start,
      zone,
      minutes,
      outcome,
      appointment: key,
      ...(isHeld && payer !== undefined && { payer: payer.entry }),
    },
  ]);
}
