import { MAPPED_FHIR_TYPES } from "@sinetti/practice";

type Json = { readonly [key: string]: unknown };

/** Words of one bundle at most, and their least length: shorter ones say nothing of anybody. */
const FROM_EACH = 40;
const LEAST_LETTERS = 12;
const LEAST_CODE = 9;
const LEAST_LINE = 40;
const MOST_LETTERS = 120;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** What a FHIR bundle says of somebody: whole names, identifiers, phones, streets, and free text. */
export function fhirNeedles(text: string): string[] {
  const bundle: unknown = JSON.parse(text);
  if (!isObject(bundle)) return [];
  const found = new Set<string>();
  for (const { resource } of listOf(bundle["entry"])) {
    if (!isObject(resource)) continue;
    if (resource["resourceType"] === "Patient")
      for (const each of ofPatient(resource)) found.add(each);
    for (const each of freeTexts(resource)) found.add(each);
    if (found.size >= FROM_EACH) break;
  }
  return [...found].slice(0, FROM_EACH);
}

function* ofPatient(patient: Json): Generator<string> {
  for (const { given, family } of listOf(patient["name"]))
    if (typeof family === "string" && Array.isArray(given)) yield `${given.join(" ")} ${family}`;
  for (const { value } of [...listOf(patient["identifier"]), ...listOf(patient["telecom"])])
    if (typeof value === "string" && value.length >= LEAST_CODE) yield value;
  for (const { line } of listOf(patient["address"]))
    if (Array.isArray(line) && typeof line[0] === "string" && line[0].length >= LEAST_LETTERS)
      yield line[0];
}

/** Texts of people's own making; codes and their words are the same everywhere. */
function* freeTexts(resource: Json): Generator<string> {
  if (!MAPPED_FHIR_TYPES.some((type) => type === resource["resourceType"])) return;
  for (const { text } of listOf(resource["note"]))
    if (typeof text === "string" && text.length >= LEAST_LETTERS) yield text.slice(0, MOST_LETTERS);
  for (const { contentString } of listOf(resource["payload"]))
    if (typeof contentString === "string" && contentString.length >= LEAST_LETTERS)
      yield contentString.slice(0, MOST_LETTERS);
  for (const { attachment } of [
    ...listOf(resource["content"]),
    ...listOf(resource["presentedForm"]).map((each) => ({ attachment: each })),
  ])
    if (isObject(attachment) && typeof attachment["data"] === "string")
      yield* longLine(attachment["data"]);
}

/** A sentence of a document that a bundle carries in base64. */
function* longLine(base64: string): Generator<string> {
  const lines = Buffer.from(base64, "base64").toString("utf8").split("\n");
  const line = lines.find((each) => each.trim().length >= LEAST_LINE);
  if (line !== undefined) yield line.trim().slice(0, MOST_LETTERS);
}
