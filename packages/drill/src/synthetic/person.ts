import { finnishCheckCharacter, type Contact, type Person } from "@sinetti/practice";

import { Grammar } from "./grammar.ts";
import { ENGLISH } from "./languages/english.ts";
import { FINNISH } from "./languages/finnish.ts";
import { rulesOf, type Language } from "./languages/language.ts";
import { SWEDISH } from "./languages/swedish.ts";
import type { Random } from "./random.ts";

/** A language with its grammar ready. */
export interface Speech extends Language {
  readonly grammar: Grammar;
}

const SPEECHES: readonly Speech[] = [FINNISH, SWEDISH, ENGLISH].map((language) => ({
  ...language,
  grammar: new Grammar(rulesOf(language)),
}));

/** The language of somebody: of ten, seven speak Finnish, two Swedish, one English. */
export function pickSpeech(random: Random): Speech {
  const tenth = random.between(1, 10);
  const [finnish, swedish, english] = SPEECHES as [Speech, Speech, Speech];
  if (tenth <= 7) return finnish;
  return tenth <= 9 ? swedish : english;
}

/** A name of a language. */
export function pickName(
  speech: Speech,
  random: Random,
): { sex: "female" | "male"; given: string[]; family: string } {
  const sex = random.chance(0.65) ? "female" : "male";
  const given = [
    random.pick(speech[sex]),
    ...(random.chance(0.5) ? [random.pick(speech[sex])] : []),
  ];
  return { sex, given: [...new Set(given)], family: random.pick(speech.family) };
}

const two = (value: number): string => String(value).padStart(2, "0");

/** A personal identity code that belongs to nobody: individual numbers from 900 on are never given by the population register. */
export function inventedCode(born: string, sex: "female" | "male", random: Random): string {
  const [year = "", month = "", day = ""] = born.split("-");
  const individual = 900 + 2 * random.between(0, 49) + (sex === "female" ? 0 : 1);
  const digits = `${day}${month}${year.slice(2)}${individual}`;
  // Since 2023 a century has several signs, so that codes do not run out.
  const sign = random.pick((year.startsWith("20") ? "ABCDEF" : "-YXWVU").split(""));
  return digits.slice(0, 6) + sign + digits.slice(6) + finnishCheckCharacter(digits);
}

/**
 * A number that rings nowhere: ranges that the Swedish and the British regulator keep for fiction; Finland keeps none, and
 * no Finnish number begins with 00 after the country code.
 */
export function inventedPhone({ code }: Speech, random: Random): string {
  if (code === "sv") return `+46 70 174 06 ${two(random.between(5, 99))}`;
  if (code === "en") return `+44 7700 900${String(random.between(0, 999)).padStart(3, "0")}`;
  return `+358 00 ${random.between(100, 999)} ${random.between(1000, 9999)}`;
}

function inventedAddress(speech: Speech, random: Random): Person["addresses"][number] {
  const street = random.pick(speech.streets);
  const number = random.between(1, 98);
  const flat = random.chance(0.6)
    ? ` ${random.pick("ABCDE".split(""))} ${random.between(1, 60)}`
    : "";
  return {
    use: "home",
    lines: [speech.code === "en" ? `${number} ${street}` : `${street} ${number}${flat}`],
    postalCode: `99${two(random.between(0, 99))}${random.between(0, 9)}`,
    city: speech.grammar.say("town", random),
  };
}

function inventedMail(name: string, random: Random): string {
  const plain = name
    .normalize("NFD")
    .replace(/[^A-Za-z ]/g, "")
    .trim()
    .replaceAll(" ", ".")
    .toLowerCase();
  return `${plain}${random.between(1, 999)}@example.org`;
}

/** Who a patient is. */
export function inventPerson(speech: Speech, at: string, random: Random): Person {
  const { sex, given, family } = pickName(speech, random);
  const born = `${random.between(1941, 2008)}-${two(random.between(1, 12))}-${two(random.between(1, 28))}`;
  const former = random.chance(0.15) ? [{ given, family: random.pick(speech.family) }] : [];
  return {
    v: 1,
    type: "person",
    at,
    name: { given, family },
    formerNames: former,
    personalCode: { country: "FI", value: inventedCode(born, sex, random) },
    otherCodes: [],
    birthDate: born,
    sex,
    addresses: [inventedAddress(speech, random)],
    phones: [{ use: "mobile", value: inventedPhone(speech, random) }],
    emails: [inventedMail(`${given[0] ?? ""} ${family}`, random)],
    language: speech.code,
    safeContact: {
      post: random.pick(["safe", "unsafe", "unknown"]),
      phone: "safe",
      email: random.pick(["safe", "unknown"]),
    },
  };
}

/** Somebody near a patient. */
export function inventContact(
  speech: Speech,
  at: string,
  { random, relations }: { readonly random: Random; readonly relations: readonly string[] | null },
): Contact {
  const { given, family } = pickName(speech, random);
  return {
    v: 1,
    type: "contact",
    at,
    roles: [random.pick(["emergency", "next-of-kin", "guardian"])],
    relation: relations === null ? speech.grammar.say("who", random) : random.pick(relations),
    name: { given, family },
    phones: [{ use: "mobile", value: inventedPhone(speech, random) }],
    emails: [],
    addresses: [],
  };
}
