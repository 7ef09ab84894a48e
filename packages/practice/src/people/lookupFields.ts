import type { PersonName } from "../records/identity.ts";
import type { PatientIdentity } from "./patientIdentity.ts";
import { normalisePhone } from "./phone.ts";

/** One value under which a patient is found by the metered lookup. */
export interface LookupField {
  field: "name" | "phone" | "code" | "name-born";
  value: string;
}

/**
 * A name for comparison: NFKC, case folded, hyphens and dots as spaces, apostrophes dropped, words in alphabetical order with
 * one space between, so that "Virtanen, Matti" equals "matti VIRTANEN". Letters keep their marks: ä is not a. "" when nothing is left.
 */
export function normaliseName(name: string): string {
  const words = foldCase(name)
    .replace(/['’ʼ`´]/gu, "")
    .replace(/[\p{P}\p{S}\s]+/gu, " ")
    .trim()
    .split(" ");
  return words.sort().join(" ");
}

/** An identity code for comparison: NFKC, capital letters, no spaces. A changed century sign is another code. */
export function normaliseCode(code: string): string {
  return code.normalize("NFKC").replace(/\s+/gu, "").toUpperCase();
}

/**
 * Every value under which a patient may be found: names (all given names, the first alone, the preferred one, former names),
 * phones in E.164, present and former identity codes, and each name with the full birth date (`name|YYYY-MM-DD`).
 * Each value once, in a stable order.
 */
export function lookupFields(
  identity: PatientIdentity,
  options: { defaultCountryCode?: string } = {},
): LookupField[] {
  const { person } = identity;
  const found = new Map<string, LookupField>();
  const add = (field: LookupField["field"], value: string | undefined) => {
    if (value !== undefined && value !== "") found.set(`${field}|${value}`, { field, value });
  };
  const names =
    person === undefined
      ? []
      : [person.name, ...person.formerNames].flatMap((name) =>
          nameVariants(name, person.preferredName),
        );
  for (const name of names) add("name", name);
  for (const { value } of person?.phones ?? []) add("phone", normalisePhone(value, options));
  const codes = [
    person?.personalCode,
    ...identity.codeChanges.flatMap((change) => [change.old, change.new]),
  ];
  for (const code of codes) if (code !== undefined) add("code", normaliseCode(code.value));
  const born = person?.birthDate;
  if (born?.length === 10)
    for (const name of names) if (name !== "") add("name-born", `${name}|${born}`);
  return [...found.values()];
}

/** What a search for a caller asks the lookup: one field, or undefined when the text can match nothing. */
export function lookupQuery(
  query: { name: string; born?: string } | { phone: string } | { code: string },
  options: { defaultCountryCode?: string } = {},
): LookupField | undefined {
  if ("phone" in query) return asField("phone", normalisePhone(query.phone, options) ?? "");
  if ("code" in query) return asField("code", normaliseCode(query.code));
  const name = normaliseName(query.name);
  if (query.born === undefined || name === "") return asField("name", name);
  return asField("name-born", `${name}|${query.born}`);
}

function asField(field: LookupField["field"], value: string): LookupField | undefined {
  return value === "" ? undefined : { field, value };
}

function nameVariants(name: PersonName, preferred: string | undefined): string[] {
  const family = name.family ?? "";
  const givens = [name.given.join(" "), name.given[0] ?? "", preferred ?? ""];
  const whole =
    family === "" && name.given.length === 0
      ? [name.text ?? ""]
      : givens.filter((given) => given !== "").map((given) => `${given} ${family}`);
  return [...new Set((whole.length > 0 ? whole : [family]).map(normaliseName))].filter(
    (variant) => variant !== "",
  );
}

// Upper before lower folds ß and final sigma as Unicode's full case folding does.
function foldCase(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKC");
}
