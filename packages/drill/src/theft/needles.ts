import { inventStaff, practiceName, type PracticeWish } from "../synthetic/caseload.ts";
import { inventPatient } from "../synthetic/patient.ts";

/** Patients whose own words and names are looked for, beside what was planted. */
const PATIENTS = 100;
const WORDS_LETTERS = 60;

/** What the records of a practice say of people: names, codes, addresses and sentences of notes that must be nowhere. */
export function ownNeedles(wish: PracticeWish): string[] {
  const { founder, office, caseloads } = inventStaff(wish);
  const { name } = practiceName(wish);
  const staff = [founder, office, ...caseloads.map(({ therapist }) => therapist)];
  const step = Math.max(1, Math.floor(wish.patients / PATIENTS));
  const found = new Set([name, ...staff.map((person) => person.name)]);
  for (let number = 0; number < wish.patients; number += step) {
    const { seed, until, meanEntries } = wish;
    const { person, records } = inventPatient({ seed, number, until, meanEntries, author: "" });
    found.add(`${person.name.given.join(" ")} ${person.name.family ?? ""}`.trim());
    for (const text of [
      person.personalCode?.value,
      person.phones[0]?.value,
      person.emails[0],
      person.addresses[0]?.lines[0],
    ])
      if (text !== undefined) found.add(text);
    const note = records.care.map(({ body }) => body).find((body) => body.type === "sessionNote");
    const told = note?.sections[0]?.text ?? "";
    if (told.length >= WORDS_LETTERS) found.add(told.slice(0, WORDS_LETTERS));
  }
  return [...found];
}

/** Beginnings of the ways in which password hashes are written. */
export const PASSWORD_HASHES = [
  "$argon2i$",
  "$argon2id$",
  "$2a$10$",
  "$2b$10$",
  "$2b$12$",
  "$2y$10$",
  "$pbkdf2-sha256$",
  "$scrypt$",
  "$6$rounds=",
] as const;

/** How PostgreSQL keeps the passwords of its own roles; these are random, and belong to programs. */
export const ROLE_VERIFIER = "SCRAM-SHA-256$4096:";
