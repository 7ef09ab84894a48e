import { finnishCheckCharacter } from "@sinetti/practice";

import type { PersonInput } from "../input/personFile.ts";

/** An invented patient: name, birth date, and the individual number (900 to 999 are nobody's). */
type Row = readonly [given: string, family: string, born: string, number: number, language: string];

const PATIENTS: readonly Row[] = [
  ["Aada", "Kivelä", "1991-04-12", 902, "fi"],
  ["Eetu", "Rautio", "1984-11-03", 915, "fi"],
  ["Helmi", "Salonen", "2001-07-29", 928, "fi"],
  ["Ilona", "Mäkitalo", "1978-02-17", 934, "fi"],
  ["Onni", "Hakala", "1969-09-08", 947, "fi"],
  ["Venla", "Peltonen", "1995-12-21", 956, "fi"],
  ["Elin", "Lindqvist", "1988-05-30", 962, "sv"],
  ["Oskar", "Nyberg", "1973-08-14", 973, "sv"],
  ["Saga", "Ekholm", "1999-01-25", 978, "sv"],
  ["Grace", "Whitlock", "1982-10-06", 984, "en"],
  ["Owen", "Hartley", "1993-03-19", 989, "en"],
  ["Nora", "Ashdown", "1976-06-11", 996, "en"],
];

/** The staff of the practice of invented people; the first founds it. */
export const STAFF = [
  { folder: "aino", name: "Aino Laine", roles: ["therapist", "admin"] },
  { folder: "mikael", name: "Mikael Sandström", roles: ["therapist", "privacy"] },
  { folder: "sari", name: "Sari Toivonen", roles: ["office"] },
] as const;

/** The invented patients. */
export function inventedPatients(): PersonInput[] {
  return PATIENTS.map(([given, family, born, number, language], index) => ({
    name: { given: [given], family },
    formerNames: [],
    personalCode: { country: "FI", value: codeOf(born, number) },
    otherCodes: [],
    birthDate: born,
    addresses: [
      { use: "home", lines: [`Esimerkkitie ${index + 1}`], postalCode: "00999", city: "Mallila" },
    ],
    phones: [{ use: "mobile", value: `+358 40 000 ${String(1000 + index * 7)}` }],
    emails: [`${plain(given)}.${plain(family)}@example.org`],
    language,
  }));
}

function codeOf(born: string, number: number): string {
  const [year = "", month = "", day = ""] = born.split("-");
  const digits = `${day}${month}${year.slice(2)}${number}`;
  const sign = year.startsWith("20") ? "A" : "-";
  return digits.slice(0, 6) + sign + digits.slice(6) + finnishCheckCharacter(digits);
}

function plain(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
}

/** What each of them has said in a session, by its number. */
export const SESSIONS: readonly Readonly<Record<string, string>>[] = [
  {
    subjective: "Sleeps five hours. Work has felt too much since the summer.",
    objective: "Tired, speaks slowly, keeps contact.",
    assessment: "Exhaustion with low mood; no thoughts of self-harm.",
    plan: "Sleep diary until the next session. Three evenings without work mail.",
  },
  {
    subjective: "Kept the diary on five days. Slept better on the evenings without mail.",
    objective: "More movement, smiled twice.",
    assessment: "A little lighter; the link between mail and sleep is seen.",
    plan: "Go on with the evenings. Name one thing a day that went well.",
  },
];
/** Answers to PHQ-9 and GAD-7 of a patient, by number. */
export function inventedAnswers(patient: number): { phq9: number[]; gad7: number[] } {
  const phq9 = Array.from({ length: 9 }, (_, item) => (item === 8 ? 0 : (patient + item) % 3));
  const gad7 = Array.from({ length: 7 }, (_, item) => (patient * 2 + item) % 4);
  return { phq9, gad7 };
}
