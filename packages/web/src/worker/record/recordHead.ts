import type { ClosedFile, OpenedRecord } from "@sinetti/client";
import { RIGHTS, grantsAt, weekStart, type AccessState, type BudgetClass } from "@sinetti/core";
import { displayName, type Person } from "@sinetti/practice";

import { recordCode } from "./recordCode.ts";

/** Somebody who can open a record. */
export interface Holder {
  readonly kind: "member" | "team" | "patient" | "recovery";
  readonly id: string;
  readonly name: string | null;
  readonly isMe: boolean;
  readonly canWrite: boolean;
  readonly reason: string;
  /** The Monday on which it ends, `YYYY-MM-DD`; null: never. */
  readonly until: string | null;
}

/** Which ways to reach a patient are safe. */
export type SafeContact = NonNullable<Person["safeContact"]>;

/** What stands above a record. */
export interface RecordHead {
  readonly patient: string;
  /** Empty: it is not granted. */
  readonly name: string;
  /** What the record is called where no name is read. */
  readonly code: string;
  /** Names that differ from the one shown: the legal one where another is preferred. */
  readonly legalName: string | null;
  readonly birthDate: string | null;
  readonly age: number | null;
  readonly hasDied: boolean;
  readonly safeContact: SafeContact | null;
  readonly holders: readonly Holder[];
  /** When this member's own grant ends; null: never, or by a team. */
  readonly ownUntil: string | null;
  readonly canWrite: boolean;
  readonly closed: readonly Pick<ClosedFile, "compartment" | "outcome">[];
  readonly near: readonly BudgetClass[];
}

/** Whole years between a birth date of which the year at least is known and a day; null where the years alone do not say. */
export function ageOn(birthDate: string | undefined, today: string): number | null {
  if (birthDate === undefined || birthDate.length < 10) return null;
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Who can open a file now, and until when: oneself first, recovery last. */
export function holdersOf(
  access: AccessState,
  { me, nameOf }: { me: string; nameOf: (member: string) => string | null },
): Holder[] {
  const rank = { member: 1, team: 2, patient: 3, recovery: 4 } as const;
  const place = ({ kind, isMe }: Holder): number => (isMe ? 0 : rank[kind]);
  return grantsAt(access)
    .map(({ grant: { subject, rights, expires, reason } }): Holder => ({
      kind: subject.type,
      id: subject.id,
      name: subject.type === "member" ? nameOf(subject.id) : null,
      isMe: subject.id === me,
      canWrite: (rights & RIGHTS.write) !== 0,
      reason,
      until: expires === 0 ? null : new Date(weekStart(expires) * 1000).toISOString().slice(0, 10),
    }))
    .sort((a, b) => place(a) - place(b));
}

/** What stands above an opened record. */
export function headOf(
  record: OpenedRecord,
  context: {
    me: string;
    nameOf: (member: string) => string | null;
    today: string;
    canWrite: boolean;
  },
): RecordHead {
  const { person } = record.identity ?? {};
  const file = record.files.care ?? record.files.identity;
  const holders = file === undefined ? [] : holdersOf(file.access, context);
  const shown = person === undefined ? record.name : displayName(person) || record.name;
  const legal = person === undefined ? "" : [...person.name.given, person.name.family].join(" ");
  return {
    patient: record.patient,
    name: shown,
    code: recordCode(file?.file ?? record.patient),
    legalName: person?.preferredName === undefined ? null : legal.trim(),
    birthDate: person?.birthDate ?? null,
    age: ageOn(person?.birthDate, context.today),
    hasDied: person?.deceased !== undefined,
    safeContact: person?.safeContact ?? null,
    holders,
    ownUntil: holders.find(({ isMe }) => isMe)?.until ?? null,
    canWrite: context.canWrite,
    closed: record.closed.map(({ compartment, outcome }) => ({ compartment, outcome })),
    near: record.near,
  };
}
