import { billingKey, isHeld, type Booking } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { billedIn } from "./draftInvoices.ts";
import { openCalendar } from "./calendar.ts";
import { LedgerBook } from "./ledgerBook.ts";
import type { CalendarPlace } from "./scheduleBook.ts";

/** A patient with sessions that the calendar holds and no invoice or receipt. */
export interface UnbilledRow {
  readonly patient: string;
  readonly shortName: string;
  /** Sessions that were held. */
  readonly held: number;
  /** Sessions that were missed, or cancelled too late. */
  readonly unkept: number;
  readonly first: string;
  readonly last: string;
}

/** Who is to be billed. */
export interface Unbilled {
  readonly rows: readonly UnbilledRow[];
  /** Months whose schedule this member may not open. */
  readonly closed: readonly string[];
}

const isUnkept = ({ status }: Booking): boolean =>
  status === "missed" || status === "cancelled-late";

/**
 * Who has sessions between two dates that the unit has not billed yet, from calendar and ledger alone: no patient's file is opened.
 * `therapist` leaves out everybody else's. Errors: `input-rejected`, `refused`.
 */
export async function listUnbilled(
  client: Client,
  place: CalendarPlace & { unit: string },
  range: { from: string; to: string; therapist?: string },
): Promise<Unbilled> {
  const { unit, ...site } = place;
  const { bookings, closed, today } = await openCalendar(client, site, range);
  const book = await LedgerBook.open(client, { unit, year: Number(today.slice(0, 4)) });
  const billed = billedIn(book);
  const rows = new Map<string, UnbilledRow>();
  for (const booking of bookings) {
    if (!isHeld(booking) && !isUnkept(booking)) continue;
    for (const patient of booking.patients) {
      if (billed.has(billingKey(patient, booking.key, "whole"))) continue;
      rows.set(patient, addTo(rows.get(patient), { patient, booking }));
    }
  }
  const byName = (a: UnbilledRow, b: UnbilledRow): number => a.shortName.localeCompare(b.shortName);
  return { rows: [...rows.values()].sort(byName), closed };
}

/** Bookings come in order of time. */
function addTo(
  row: UnbilledRow | undefined,
  { patient, booking }: { patient: string; booking: Booking },
): UnbilledRow {
  const day = booking.start.slice(0, 10);
  const { first = day, held = 0, unkept = 0 } = row ?? {};
  const isKept = isHeld(booking);
  return {
    patient,
    shortName: booking.shortName ?? row?.shortName ?? "",
    held: held + (isKept ? 1 : 0),
    unkept: unkept + (isKept ? 0 : 1),
    first,
    last: day,
  };
}
