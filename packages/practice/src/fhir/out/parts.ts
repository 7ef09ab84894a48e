import type { Coding } from "../../records/fields.ts";
import type { Address, PersonName, Phone } from "../../records/identity.ts";
import { withoutUndefined } from "../elements.ts";
import { SYSTEM, type Frame, type OutResource } from "./vocabulary.ts";

const LOINC = "http://loinc.org";

/** A text as a FHIR string: control characters but tab and line ends become spaces; undefined when nothing is left. */
export function fhirText(text: string | undefined): string | undefined {
  const plain = text?.replace(/[^\P{Cc}\t\n\r]/gu, " ");
  return plain === undefined || plain.trim() === "" ? undefined : plain;
}

/** The object, or undefined when it says nothing: FHIR knows no empty elements. */
export function filled<T extends object>(element: T): T | undefined {
  return Object.keys(element).length === 0 ? undefined : element;
}

/** A list without blanks; undefined when nothing is left: FHIR knows no empty lists. */
export function fhirList<T>(items: readonly (T | undefined)[]): T[] | undefined {
  const known = items.filter((item): item is Exclude<typeof item, undefined> => item !== undefined);
  return known.length === 0 ? undefined : known;
}

/** A concept of one code. */
export function concept(
  system: string | undefined,
  code: string,
  text?: string,
): Record<string, unknown> {
  return withoutUndefined({
    coding: [withoutUndefined({ system, code })],
    text: fhirText(text),
  });
}

/** A LOINC concept. */
export function loinc(code: string, text?: string): Record<string, unknown> {
  return concept(LOINC, code, text);
}

/** A record's coding as a concept. */
export function toConcept(coding: Coding): Record<string, unknown> {
  const { system, code, text } = coding;
  const coded =
    code === undefined
      ? undefined
      : [withoutUndefined({ system: system === undefined ? undefined : uri(system), code })];
  return withoutUndefined({ coding: coded, text: fhirText(text ?? code ?? system ?? "–") });
}

const URI_BY_NAME: Record<string, string> = {
  "ICD-10": "http://hl7.org/fhir/sid/icd-10",
  "ICD-11": "http://id.who.int/icd/release/11/mms",
  "DSM-5": "urn:oid:2.16.840.1.113883.6.344",
  "SNOMED-CT": "http://snomed.info/sct",
};

/** A code system as a URI; a name that is none stands under a URN of ours. */
export function uri(system: string): string {
  const known = URI_BY_NAME[system.toUpperCase()];
  if (known !== undefined) return known;
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(system)
    ? system
    : `urn:sinetti:fhir:system:${encodeURIComponent(system)}`;
}

/** A narrative of plain text, paragraph by paragraph. */
export function narrative(text: string): { status: "generated"; div: string } | undefined {
  const plain = fhirText(text);
  if (plain === undefined) return undefined;
  const escaped = plain.replace(/[&<>"]/g, (mark) => ENTITY[mark] ?? mark);
  const paragraphs = escaped
    .split(/\n{2,}/)
    .map((each) => `<p>${each.replaceAll("\n", "<br/>")}</p>`);
  const div = `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.join("")}</div>`;
  return { status: "generated", div };
}
const ENTITY: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The same resource, marked as standing around the record. */
export function framed(resource: OutResource, frame: Frame): OutResource {
  const { resourceType, id, ...rest } = resource;
  return { resourceType, id, meta: { tag: [{ system: SYSTEM.frame, code: frame }] }, ...rest };
}

/** A resource that belongs to another one, which holds the record. */
export function part(resource: OutResource): OutResource {
  return framed(resource, "part");
}

/** A name as HumanName. */
export function toHumanName(
  name: PersonName,
  use: string | undefined,
): Record<string, unknown> | undefined {
  const { family, given, prefix, suffix, text } = name;
  const whole = fhirText(text ?? [prefix, ...given, family, suffix].filter(Boolean).join(" "));
  if (whole === undefined) return undefined;
  return withoutUndefined({
    use,
    text: whole,
    family: fhirText(family),
    given: fhirList(given.map(fhirText)),
    prefix: fhirList([fhirText(prefix)]),
    suffix: fhirList([fhirText(suffix)]),
  });
}

const ADDRESS_USE: Record<string, string> = {
  home: "home",
  work: "work",
  temporary: "temp",
  old: "old",
  billing: "billing",
};

/** An address. */
export function toFhirAddress(address: Address): Record<string, unknown> | undefined {
  const fields = withoutUndefined({
    use: address.use === undefined ? undefined : ADDRESS_USE[address.use],
    line: fhirList(address.lines.map(fhirText)),
    city: fhirText(address.city),
    state: fhirText(address.region),
    postalCode: fhirText(address.postalCode),
    country: fhirText(address.country),
  });
  return filled(fields);
}

/** Phones and e-mail addresses as contact points. */
export function toTelecom(
  phones: readonly Phone[],
  emails: readonly string[],
): Record<string, unknown>[] | undefined {
  const use = (name: Phone["use"]): string | undefined => (name === "temporary" ? "temp" : name);
  return fhirList([
    ...phones.map((phone) =>
      withoutUndefined({ system: "phone", value: fhirText(phone.value), use: use(phone.use) }),
    ),
    ...emails.map((value) => withoutUndefined({ system: "email", value: fhirText(value) })),
  ]);
}

/** A record's period. */
export function toPeriod(
  start: string | undefined,
  end: string | undefined,
): Record<string, unknown> | undefined {
  return start === undefined && end === undefined ? undefined : withoutUndefined({ start, end });
}
