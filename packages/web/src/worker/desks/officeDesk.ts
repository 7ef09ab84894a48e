import { addPayer, readFrontDesk, setBillingAddress, type PatientOffice } from "@sinetti/client";
import {
  displayName,
  type Address,
  type AttendanceOutcome,
  type BillingAddress,
  type Payer,
  type PayerStatus,
  type Person,
} from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import type { Session } from "../session.ts";

/** A payer's decision, and where it stands today. */
export interface PayerRow extends Omit<Payer, "v" | "type" | "at"> {
  readonly entry: string;
  readonly status: PayerStatus;
}

/** Somebody near the patient. */
export interface ContactRow {
  readonly entry: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly phones: readonly string[];
}

/** A patient as the front desk sees them: nothing of what they are treated for. */
export interface OfficePatient {
  readonly patient: string;
  readonly name: string;
  readonly fullName: string;
  readonly birthDate: string | null;
  readonly code: string | null;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly addresses: readonly Address[];
  readonly language: string | null;
  readonly hasDied: boolean;
  readonly safeContact: NonNullable<Person["safeContact"]> | null;
  readonly contacts: readonly ContactRow[];
  readonly payers: readonly PayerRow[];
  readonly billing: Omit<BillingAddress, "v" | "type" | "at"> | null;
  /** The newest first. */
  readonly attendances: readonly {
    readonly key: string;
    readonly start: string;
    readonly minutes: number;
    readonly outcome: AttendanceOutcome;
    readonly isPaidByPayer: boolean;
  }[];
}

const fullNameOf = ({ name }: Pick<Person, "name">): string =>
  [...name.given, name.family ?? ""].join(" ").trim() || (name.text ?? "");

function payerRow({
  entry,
  payer: { v: _v, type: _type, at: _at, ...payer },
  status,
}: PatientOffice["payers"][number]): PayerRow {
  return { ...payer, entry, status };
}

function billingOf({ billingAddress }: PatientOffice): OfficePatient["billing"] {
  if (billingAddress === undefined) return null;
  const { v: _v, type: _type, at: _at, ...address } = billingAddress;
  return address;
}

/** What the front desk does for one patient. */
export const makeOfficeDesk = (session: Session) => ({
  /** Opens contact details and what the office knows: two files, and none of care. */
  view: async (patient: string): Promise<OfficePatient> => {
    const { identity, office } = await readFrontDesk(session.client, patient, { zone: ZONE });
    const { person, contacts } = identity;
    return {
      patient: office.patient,
      name: person === undefined ? "" : displayName(person),
      fullName: person === undefined ? "" : fullNameOf(person),
      birthDate: person?.birthDate ?? null,
      code: person?.personalCode?.value ?? null,
      phones: person?.phones.map(({ value }) => value) ?? [],
      emails: person?.emails ?? [],
      addresses: person?.addresses ?? [],
      language: person?.language ?? null,
      hasDied: person?.deceased !== undefined,
      safeContact: person?.safeContact ?? null,
      contacts: contacts.map(({ entry, contact }) => ({
        entry,
        name:
          contact.name === undefined
            ? (contact.organisation ?? "")
            : fullNameOf({ name: contact.name }),
        roles: contact.roles,
        phones: contact.phones.map(({ value }) => value),
      })),
      payers: office.payers.map(payerRow),
      billing: billingOf(office),
      attendances: office.attendances
        .map(({ key, start, minutes, outcome, payer }) => ({
          key,
          start,
          minutes,
          outcome,
          isPaidByPayer: payer !== undefined,
        }))
        .reverse(),
    };
  },
  /** Adds a payer's decision, or puts it in the place of another. */
  putPayer: async (patient: string, payer: Omit<Payer, "v" | "type" | "at">): Promise<void> => {
    await addPayer(session.client, patient, payer);
  },
  setBilling: (patient: string, address: NonNullable<OfficePatient["billing"]>): Promise<void> =>
    setBillingAddress(session.client, patient, address),
});
