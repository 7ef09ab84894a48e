import { RIGHTS } from "@sinetti/core";
import {
  createSeries,
  draftInvoices,
  grantPatient,
  invoicingUnits,
  issueInvoice,
  listPatients,
  openCalendar,
  openDirectory,
  putUnit,
  readLedger,
  recordPayment,
  type Client,
} from "@sinetti/client";

const ZONE = "Europe/Helsinki";
const PLACE = { site: null, zone: ZONE };
const UNIT = "mallila";
const LEDGER_ZONE = { zone: ZONE };
/** An example from the IBAN registry: it is nobody's. */
const IBAN = "FI2112345600000785";
const SESSION_CENTS = 9500;
const INVOICES = 8;
const SUPERVISED = 4;
const WEEK_DAYS = 5;
const FIRST_HOUR = 9;
const DAY_MS = 86_400_000;

/** A day of this week, `YYYY-MM-DD`; 0 is its Monday. */
function dayOfWeek(day: number, nowMs: number): string {
  const today = new Date(nowMs);
  const sinceMonday = (today.getUTCDay() + 6) % 7;
  return new Date(nowMs + (day - sinceMonday) * DAY_MS).toISOString().slice(0, 10);
}

/** A date every week for each patient of a therapist, from this week on; who has one keeps it. */
export async function bookWeeks(client: Client): Promise<void> {
  const nowMs = client.context.world.clock.now() * 1000;
  const { bookings } = await openCalendar(client, PLACE, { therapist: client.member });
  const booked = new Set(bookings.flatMap(({ patients }) => patients));
  const patients = (await listPatients(client)).toSorted((a, b) =>
    a.patient < b.patient ? -1 : 1,
  );
  for (const [index, { patient, name }] of patients.entries()) {
    if (booked.has(patient)) continue;
    const hour = FIRST_HOUR + Math.floor(index / WEEK_DAYS);
    const start = `${firstDay(index % WEEK_DAYS, nowMs)}T${String(hour).padStart(2, "0")}:00`;
    const series = {
      start,
      zone: ZONE,
      minutes: 45,
      therapist: client.member,
      patients: [patient],
      shortName: name,
      every: "week" as const,
    };
    // Two therapists have two rooms; a colleague's date at the hour is no conflict.
    await createSeries(client, PLACE, { series });
  }
}

/** This week's day, or next week's where this one's lies in a month that is over. */
function firstDay(day: number, nowMs: number): string {
  const found = dayOfWeek(day, nowMs);
  const isOver = found.slice(0, 7) < new Date(nowMs).toISOString().slice(0, 7);
  return isOver ? dayOfWeek(day + 7, nowMs) : found;
}

/** A colleague reads some of the records, as a supervisor does. */
export async function shareWithSupervisor(
  client: Client,
  supervisor: Client["member"],
): Promise<void> {
  const patients = await listPatients(client);
  const supervised = patients.toSorted((a, b) => (a.patient < b.patient ? -1 : 1));
  for (const { patient } of supervised.slice(0, SUPERVISED))
    await grantPatient(client, patient, {
      member: supervisor,
      rights: RIGHTS.read,
      untilSeconds: null,
      reason: "supervision",
    });
}

/** The invoicing unit, by the administrator. */
export async function nameUnit({ context }: Client): Promise<void> {
  if (invoicingUnits(await openDirectory(context)).length > 0) return;
  await putUnit(context, {
    id: UNIT,
    name: "Mallilan psykoterapia",
    lines: ["Esimerkkitie 1"],
    postalCode: "00999",
    city: "Mallila",
    businessId: "0000000-0",
    iban: IBAN,
    paymentDays: 14,
    therapists: [],
  });
}

/** A few invoices of the last weeks, by the office; one is paid. What an earlier run issued stays. */
export async function issueInvoices(client: Client): Promise<void> {
  const nowMs = client.context.world.clock.now() * 1000;
  const place = { unit: UNIT, year: Number(dayOfWeek(0, nowMs).slice(0, 4)) };
  const { invoices } = await readLedger(client, place, LEDGER_ZONE);
  // The office keeps no caseload: it knows whom it has in the calendar.
  const { bookings } = await openCalendar(client, PLACE);
  const patients = new Set(bookings.flatMap((booking) => booking.patients));
  const wish = { unit: UNIT, zone: ZONE, prices: { session: SESSION_CENTS } };
  let issued = invoices.length;
  for (const patient of patients) {
    if (issued >= INVOICES) break;
    const drafted = await draftInvoices(client, patient, { ...wish, language: "fi" });
    if (drafted.patient === null) continue;
    const made = await issueInvoice(client, { unit: UNIT, zone: ZONE, draft: drafted.patient });
    if (made.ok) issued++;
  }
  await payFirst(client, place);
}

async function payFirst(
  client: Client,
  place: { readonly unit: string; readonly year: number },
): Promise<void> {
  const { invoices } = await readLedger(client, place, LEDGER_ZONE);
  const [first] = invoices;
  if (first === undefined || first.openCents <= 0) return;
  const { number } = first.invoice;
  const receivedOn = dayOfWeek(0, client.context.world.clock.now() * 1000);
  await recordPayment(client, place, { number, receivedOn, cents: first.openCents });
}
