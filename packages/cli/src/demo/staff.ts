import type { Caseload, PracticeWish, StaffMember } from "@sinetti/drill";

/** Somebody of the demonstration, as a page offers them; `device` is also the name under which they are asked for. */
export interface DemoMember extends Omit<StaffMember, "roles"> {
  readonly roles: readonly ("therapist" | "supervisor" | "office" | "privacy" | "admin")[];
}

const aino: StaffMember = { device: "aino", name: "Aino Laine", roles: ["therapist"] };
const mikael = {
  device: "mikael",
  name: "Mikael Sandström",
  roles: ["therapist", "supervisor"],
} as const satisfies DemoMember;

/** The first founds the practice. */
export const FOUNDER: DemoMember = { device: "veikko", name: "Veikko Salmi", roles: ["admin"] };

/** The others, who come one by one. */
export const COLLEAGUES: readonly DemoMember[] = [
  { device: "sari", name: "Sari Toivonen", roles: ["office"] },
  { device: "helena", name: "Helena Ranta", roles: ["privacy"] },
  aino,
  mikael,
];

/** Everybody, in the order in which a page offers them. */
export const DEMO_STAFF: readonly DemoMember[] = [
  aino,
  mikael,
  ...COLLEAGUES.filter(({ device }) => device === "sari" || device === "helena"),
  FOUNDER,
];

const PATIENTS = 40;
const OF_AINO = 28;

/** What is invented: a year of forty patients, until a day. */
export function demoWish(until: string): PracticeWish {
  const wish = { seed: "mallila", patients: PATIENTS, meanEntries: 110, patientsEach: OF_AINO };
  return { ...wish, until, plant: [], isRecent: true };
}

/** Who writes whom. */
export const CASELOADS: readonly Caseload[] = [
  { therapist: aino, from: 0, to: OF_AINO },
  { therapist: { ...mikael, roles: ["therapist"] }, from: OF_AINO, to: PATIENTS },
];
