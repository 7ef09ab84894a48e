import type { z } from "zod";
import type { Address, Contact, Person, PersonName } from "../records/identity.ts";
import type { codeableConcept, contactPoint, fhirAddress, humanName } from "./elements.ts";
import { toLine, toLines, withoutUndefined } from "./elements.ts";

/** How a relation counts: role codes of v2 table 0131 and v3 RoleCode; a parent is next of kin, a guardian only when called so. */
export function toRole(relation: z.infer<typeof codeableConcept>): Contact["roles"][number] {
  const codes = new Set(relation.coding?.map(({ code }) => code));
  const has = (...wanted: string[]) => wanted.some((code) => codes.has(code));
  if (has("GUARD", "GUADLTM")) return "guardian";
  if (has("C", "ECON")) return "emergency";
  if (has("N", "NOK", "PRN", "MTH", "FTH", "SPS", "CHILD", "FAMMEMB")) return "next-of-kin";
  return "other";
}

/** HumanName in its parts. */
export function toName(name: z.infer<typeof humanName> | undefined): PersonName {
  return withoutUndefined({
    family: toLine(name?.family),
    given: toLines(name?.given),
    prefix: toLine(name?.prefix?.filter((part) => part !== null).join(" ")),
    suffix: toLine(name?.suffix?.filter((part) => part !== null).join(" ")),
    text: toLine(name?.text),
  });
}

const ADDRESS_USES = new Map<string, Address["use"]>(
  Object.entries({
    home: "home",
    work: "work",
    temp: "temporary",
    old: "old",
    billing: "billing",
  }),
);
const PHONE_USES = new Map<string, Person["phones"][number]["use"]>(
  Object.entries({
    home: "home",
    work: "work",
    mobile: "mobile",
    temp: "temporary",
    old: "old",
  }),
);

/** Address in its parts. */
export function toAddress(address: z.infer<typeof fhirAddress>): Address {
  return withoutUndefined({
    use: ADDRESS_USES.get(address.use ?? ""),
    lines: toLines(address.line),
    postalCode: toLine(address.postalCode),
    city: toLine(address.city),
    region: toLine(address.state),
    country: toLine(address.country),
  });
}

/** The phones among contact points. */
export function toPhones(
  telecom: readonly z.infer<typeof contactPoint>[] | undefined,
): Person["phones"] {
  return (telecom ?? []).flatMap(({ system, value, use }) => {
    const plain = toLine(value);
    return (system === "phone" || system === "sms") && plain !== undefined
      ? [withoutUndefined({ use: PHONE_USES.get(use ?? ""), value: plain })]
      : [];
  });
}

/** The e-mail addresses among contact points. */
export function toEmails(telecom: readonly z.infer<typeof contactPoint>[] | undefined): string[] {
  return toLines(telecom?.filter(({ system }) => system === "email").map(({ value }) => value));
}
