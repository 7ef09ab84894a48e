/** A passage of a process note that may belong in the record: what it looks like, and where it stands (UTF-16 offsets). */
export interface ProcessNoteWarning {
  kind: "medication" | "time" | "test-result" | "diagnosis";
  start: number;
  end: number;
}

// Word beginnings, so that Finnish endings match: "lääkityksen", "masennuksesta".
const MEDICATION = [
  "medicat",
  "medicine",
  "prescri",
  "dosage",
  "antidepress",
  "antipsychot",
  "benzodiazep",
  "ssri",
  "snri",
  "lithium",
  "sertralin",
  "escitalopram",
  "citalopram",
  "fluoxetin",
  "paroxetin",
  "venlafaxin",
  "duloxetin",
  "mirtazapin",
  "bupropion",
  "quetiapin",
  "olanzapin",
  "aripiprazol",
  "risperidon",
  "lamotrigin",
  "diazepam",
  "oxazepam",
  "alprazolam",
  "lorazepam",
  "zopiclon",
  "melaton",
  "methylphenidat",
  "lisdexamfetamin",
  "lääkit",
  "lääke",
  "lääkkee",
  "resept",
  "annostu",
  "ketiapiin",
  "sertraliin",
  "essitalopraam",
  "sitalopraam",
  "fluoksetiin",
  "venlafaksiin",
  "mirtatsapiin",
  "olantsapiin",
  "litium",
  "diatsepaam",
  "oksatsepaam",
  "tsopikloni",
];
const DIAGNOSIS = [
  "diagnos",
  "depressive episode",
  "major depress",
  "bipolar",
  "schizophren",
  "ptsd",
  "adhd",
  "ocd",
  "borderline",
  "personality disorder",
  "anxiety disorder",
  "panic disorder",
  "eating disorder",
  "anorexia",
  "bulimia",
  "psychosis",
  "icd-10",
  "icd-11",
  "dsm-5",
  "diagnoos",
  "masennustila",
  "masennuksen",
  "kaksisuunta",
  "skitsofren",
  "psykoosi",
  "persoonallisuushäiriö",
  "ahdistuneisuushäiriö",
  "paniikkihäiriö",
  "syömishäiriö",
  "traumaperäi",
  "pakko-oireinen",
];
const TEST = [
  "phq-?9",
  "gad-?7",
  "pcl-?5",
  "audit-?c\\b",
  "who-?5",
  "bdi(?:-?ii)?\\b",
  "core-(?:10|om)",
  "test result",
  "lab result",
  "scored \\d",
  "mmse",
  "wais",
  "testitulo",
  "laboratorio",
  "verikoe",
  "verikokee",
  "pisteet \\d",
  "sai \\d+ pistettä",
];

const PATTERNS: readonly { kind: ProcessNoteWarning["kind"]; pattern: RegExp }[] = [
  { kind: "medication", pattern: wordBeginnings(MEDICATION) },
  {
    kind: "medication",
    pattern: /(?<![\p{L}\p{N}])\d+(?:[.,]\d+)?\s?(?:mg|µg|mcg|ml)(?![\p{L}\p{N}])/giu,
  },
  {
    kind: "time",
    pattern:
      /(?<![\p{L}\p{N}])(?:(?:klo|kello)\s?\d{1,2}(?:[.:]\d{2})?|(?:[01]?\d|2[0-3]):[0-5]\d|\d{1,3}\s?(?:min|minutes?|minuuttia)|(?:1[0-2]|\d)\s?[ap]\.?m\.?)(?![\p{L}\p{N}])/giu,
  },
  { kind: "test-result", pattern: wordBeginnings(TEST) },
  { kind: "diagnosis", pattern: wordBeginnings(DIAGNOSIS) },
  { kind: "diagnosis", pattern: /(?<![\p{L}\p{N}])[FZ]\d{2}(?:\.\d{1,2})?(?![\p{L}\p{N}])/gu },
];

/**
 * The passages of a process note that look like what belongs in the record: medication, session times, test results, diagnoses,
 * in English and Finnish (45 CFR 164.501 names the same four). A hint for the writer, in order of place; it never blocks.
 */
export function processNoteWarnings(text: string): ProcessNoteWarning[] {
  const found = PATTERNS.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(({ 0: passage, index }) => ({
      kind,
      start: index,
      end: index + passage.length,
    })),
  );
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function wordBeginnings(beginnings: readonly string[]): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${beginnings.join("|")})[\\p{L}]*`, "giu");
}
