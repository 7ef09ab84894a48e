import {
  addPatient,
  findDuplicates,
  lookUpPatients,
  type Duplicates,
  type PatientRow,
} from "@sinetti/client";
import { isFinnishCode, parseFinnishCode, type Person } from "@sinetti/practice";

import type { Session } from "../session.ts";

/** A person as the form has them. */
export interface PersonWish {
  readonly given: string;
  readonly family: string;
  readonly preferredName: string;
  readonly code: string;
  /** YYYY-MM-DD; empty: not known. */
  readonly born: string;
  readonly phone: string;
  readonly email: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly post: "safe" | "unsafe" | "unknown";
  readonly instructions: string;
}

/** What a Finnish identity code says; null: it is none. */
export interface ReadCode {
  readonly born: string;
}

type NewPerson = Omit<Person, "v" | "type" | "at">;

const line = (text: string): string => text.trim().replaceAll(/\s+/g, " ");

/** The record of a person; what was left empty is not there. */
function personOf(wish: PersonWish): NewPerson {
  const [code, phone, email] = [wish.code, wish.phone, wish.email].map(line);
  const [street, postalCode, city] = [wish.street, wish.postalCode, wish.city].map(line);
  const hasAddress = [street, postalCode, city].some((each) => each !== "");
  const instructions = wish.instructions.trim();
  return {
    name: { given: line(wish.given).split(" ").filter(Boolean), family: line(wish.family) },
    ...(line(wish.preferredName) !== "" && { preferredName: line(wish.preferredName) }),
    ...(code !== undefined && code !== "" && { personalCode: { country: "FI", value: code } }),
    ...(wish.born !== "" && { birthDate: wish.born }),
    formerNames: [],
    otherCodes: [],
    phones: phone === undefined || phone === "" ? [] : [{ value: phone }],
    emails: email === undefined || email === "" ? [] : [email],
    addresses: hasAddress
      ? [
          {
            lines: street === undefined || street === "" ? [] : [street],
            ...(postalCode !== undefined && postalCode !== "" && { postalCode }),
            ...(city !== undefined && city !== "" && { city }),
          },
        ]
      : [],
    ...((wish.post !== "unknown" || instructions !== "") && {
      safeContact: {
        post: wish.post,
        phone: "unknown",
        email: "unknown",
        ...(instructions !== "" && { instructions }),
      },
    }),
  };
}

/** Registering patients, and finding one who calls. */
export const makeRegistrationDesk = (session: Session) => ({
  /** Reads the birth date out of a Finnish code; null: the code does not hold. */
  readCode: (code: string): ReadCode | null => {
    const value = code.trim().toUpperCase();
    if (!isFinnishCode(value)) return null;
    const read = parseFinnishCode(value);
    return read.ok ? { born: read.value.birthDate } : null;
  },
  /** Who may be the same person; nothing is opened for it. */
  duplicates: (wish: PersonWish): Promise<Duplicates> =>
    findDuplicates(session.client, personOf(wish)),
  add: (wish: PersonWish): Promise<PatientRow> => addPatient(session.client, personOf(wish)),
  /** Finds by one exact field through the metered lookup, and opens contact details. */
  find: (
    ask: { name: string; born?: string } | { phone: string } | { code: string },
  ): Promise<PatientRow[]> => lookUpPatients(session.client, ask),
});
