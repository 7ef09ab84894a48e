import { RIGHTS } from "@sinetti/core";
import {
  bookAppointment,
  chooseRetentionClass,
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
  readRetentionClass,
  recordPayment,
  type Client,
} from "@sinetti/client";

const ZONE = "Europe/Helsinki";
const PLACE = { site: null, zone: ZONE };
const UNIT = "mallila";
const LEDGER_ZONE = { zone: ZONE };
/** An example from the IBAN registry: it is nobody's. */
const IBAN = "FI2112345600000785";
const KEEPING = "fi-703-2023";
const SESSION_CENTS = 9500;
const INVOICES = 8;
const SUPERVISED = 4;
/** Each week's days that have dates: from today on, whatever day it is. */
const BUSY_DAYS = 5;
const FIRST_HOUR = 9;
const LAST_HOUR = 16;
/** Sessions that are over and have no note yet, by patient: one of them is overdue. */
const UNFINISHED_DAYS_AGO = [1, 2, 6];
const DAY_MS = 86_400_000;

/** A day, `YYYY-MM-DD`, so many days from now. */
const dayFromNow = (days: number, nowMs: number): string =>
  new Date(nowMs + days * DAY_MS).toISOString().slice(0, 10);

const at = (day: string, hour: number): string => `${day}T${String(hour).padStart(2, "0")}:00`;

/** A date every week for each patient of a therapist, the first of them today; who has one keeps it. */
export async function bookWeeks(client: Client): Promise<void> {
  const nowMs = client.context.world.clock.now() * 1000;
  const { bookings } = await openCalendar(client, PLACE, { therapist: client.member });
  const booked = new Set(bookings.flatMap(({ patients }) => patients));
  // By their names: their ids are others in every demonstration.
  const patients = await listPatients(client);
  const slotOf = ({ patient, name }: (typeof patients)[number], start: string) => ({
    start,
    zone: ZONE,
    minutes: 45,
    therapist: client.member,
    patients: [patient],
    shortName: name,
  });
  for (const [index, row] of patients.entries()) {
    if (booked.has(row.patient)) continue;
    const day = dayFromNow(index % BUSY_DAYS, nowMs);
    const slot = slotOf(row, at(day, FIRST_HOUR + Math.floor(index / BUSY_DAYS)));
    // Two therapists have two rooms; a colleague's date at the hour is no conflict.
    await createSeries(client, PLACE, { series: { ...slot, every: "week" } });
    const daysAgo = UNFINISHED_DAYS_AGO[index];
    if (daysAgo === undefined) continue;
    const appointment = slotOf(row, at(dayFromNow(-daysAgo, nowMs), LAST_HOUR));
    await bookAppointment(client, PLACE, { appointment, isForced: true });
  }
}

/** A colleague reads some of the records, as a supervisor does. */
export async function shareWithSupervisor(
  client: Client,
  supervisor: Client["member"],
): Promise<void> {
  const patients = await listPatients(client);
  for (const { patient } of patients.slice(0, SUPERVISED))
    await grantPatient(client, patient, {
      member: supervisor,
      rights: RIGHTS.read,
      untilSeconds: null,
      reason: "supervision",
    });
}

/** The law that the practice follows in keeping records, by the administrator. */
export async function chooseKeeping(client: Client): Promise<void> {
  if ((await readRetentionClass(client)) === null) await chooseRetentionClass(client, KEEPING);
}

/** The invoicing unit, by the administrator: whoever treats sees the invoices too. */
export async function nameUnit(
  { context }: Client,
  therapists: readonly Client["member"][],
): Promise<void> {
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
    therapists: [...therapists],
  });
}

/** A few invoices of the last weeks, by the office; one is paid. What an earlier run issued stays. */
export async function issueInvoices(client: Client): Promise<void> {
  const nowMs = client.context.world.clock.now() * 1000;
  const place = { unit: UNIT, year: Number(dayFromNow(0, nowMs).slice(0, 4)) };
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
  const receivedOn = dayFromNow(0, client.context.world.clock.now() * 1000);
  await recordPayment(client, place, { number, receivedOn, cents: first.openCents });
}
