import { Grammar } from "./grammar.ts";
import { FINNISH } from "./languages/finnish.ts";
import { rulesOf } from "./languages/language.ts";
import { pickName, pickSpeech } from "./person.ts";
import type { Needle } from "./plant.ts";
import { Random } from "./random.ts";

/** A practice to be invented. The same wish gives the same practice, whoever writes it and however often it is begun. */
export interface PracticeWish {
  readonly seed: string;
  readonly patients: number;
  /** Entries of a patient on the whole. */
  readonly meanEntries: number;
  /** Day before which everything has happened, `YYYY-MM-DD`. */
  readonly until: string;
  /** Patients of one therapist over the years, of whom most have ended. */
  readonly patientsEach: number;
  /** Strings from outside that are put into every kind of field. */
  readonly plant: readonly string[];
  /** Every treatment began within the last year and goes on: a practice to look at, not one with a history. */
  readonly isRecent?: boolean;
}

/** Somebody on the staff; `device` names their device. */
export interface StaffMember {
  readonly device: string;
  readonly name: string;
  readonly roles: readonly ("therapist" | "admin" | "privacy" | "office")[];
}

/** One therapist's patients, by their numbers in the practice: `from` up to `to`, without it. */
export interface Caseload {
  readonly therapist: StaffMember;
  readonly from: number;
  readonly to: number;
}

/** Name of the practice and its site. */
export function practiceName({ seed }: PracticeWish): { name: string; site: string } {
  const grammar = new Grammar(rulesOf(FINNISH));
  const random = new Random(`${seed}/practice`);
  const town = grammar.say("town", random);
  return { name: `Psykoterapia ${town}`, site: town };
}

/** The staff: who founds it, the office, and the therapists with their patients. */
export function inventStaff(wish: PracticeWish): {
  founder: StaffMember;
  office: StaffMember;
  caseloads: Caseload[];
} {
  const random = new Random(`${wish.seed}/staff`);
  const nameOf = (): string => {
    const { given, family } = pickName(pickSpeech(random), random);
    return `${given[0] ?? ""} ${family}`;
  };
  const founder: StaffMember = { device: "founder", name: nameOf(), roles: ["admin", "privacy"] };
  const office: StaffMember = { device: "office", name: nameOf(), roles: ["office"] };
  const count = Math.ceil(wish.patients / wish.patientsEach);
  const caseloads = Array.from({ length: count }, (_, index) => ({
    therapist: { device: `therapist-${index + 1}`, name: nameOf(), roles: ["therapist" as const] },
    from: Math.round((index * wish.patients) / count),
    to: Math.round(((index + 1) * wish.patients) / count),
  }));
  return { founder, office, caseloads };
}

/** The strings that are put into one patient's record: each into one patient's, round and round. */
export function needlesOf({ patients, plant }: PracticeWish, number: number): Needle[] {
  const needles: Needle[] = [];
  for (let index = number; index < plant.length; index += patients) {
    const text = plant[index];
    if (text !== undefined) needles.push({ index, text });
  }
  return needles;
}
