import type { Attendance, BillingAddress, OfficeBody, Payer } from "../records/office.ts";

/** A payer's decision with the entry that names it. */
export interface KnownPayer {
  readonly entry: string;
  readonly payer: Payer;
}

/** One appointment as the office knows it; `key` names it in the schedule, or is its entry where it came from elsewhere. */
export interface AttendedSession extends Attendance {
  readonly entry: string;
  readonly key: string;
}

/** An office file as it stands. */
export interface OfficeState {
  readonly payers: readonly KnownPayer[];
  readonly billingAddress?: BillingAddress;
  /** In order of time; of one appointment what was said last. */
  readonly attendances: readonly AttendedSession[];
}

/** What an office file's entries add up to, in chain order; what was replaced or taken back falls away. */
export function foldOffice(entries: readonly { entry: string; body: OfficeBody }[]): OfficeState {
  const payerByEntry = new Map<string, KnownPayer>();
  const attendanceByKey = new Map<string, AttendedSession>();
  const addressByEntry = new Map<string, BillingAddress>();
  for (const { entry, body } of entries) {
    if (body.type === "payer") {
      if (body.replaces !== undefined) payerByEntry.delete(body.replaces);
      payerByEntry.set(entry, { entry, payer: body });
    }
    if (body.type === "billingAddress") addressByEntry.set(entry, body);
    if (body.type === "attendance") {
      const key = body.appointment ?? entry;
      attendanceByKey.set(key, { ...body, entry, key });
    }
    if (body.type !== "retraction") continue;
    payerByEntry.delete(body.entry);
    addressByEntry.delete(body.entry);
    for (const [key, each] of attendanceByKey)
      if (each.entry === body.entry) attendanceByKey.delete(key);
  }
  const billingAddress = [...addressByEntry.values()].at(-1);
  return {
    payers: [...payerByEntry.values()],
    ...(billingAddress !== undefined && { billingAddress }),
    attendances: [...attendanceByKey.values()].sort((a, b) => a.start.localeCompare(b.start)),
  };
}
