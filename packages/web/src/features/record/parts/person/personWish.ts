import type { PersonFacts } from "../../../../worker/desks/personDesk.ts";

type SafeContact = NonNullable<PersonFacts["safeContact"]>;

/** What a form changes of a person, as it is typed. */
export interface PersonWish {
  readonly given: string;
  readonly family: string;
  readonly preferredName: string;
  readonly birthDate: string;
  readonly code: string;
  readonly sex: NonNullable<PersonFacts["sex"]>;
  readonly phone: string;
  readonly email: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly language: string;
  readonly safe: Pick<SafeContact, "phone" | "post" | "email">;
  readonly instructions: string;
}

/** What a form begins with. */
export function wishOf(person: PersonFacts): PersonWish {
  const { name, addresses, phones, emails, safeContact } = person;
  const [address] = addresses;
  return {
    given: name.given.join(" "),
    family: name.family ?? "",
    preferredName: person.preferredName ?? "",
    birthDate: person.birthDate ?? "",
    code: person.personalCode?.value ?? "",
    sex: person.sex ?? "unknown",
    phone: phones[0]?.value ?? "",
    email: emails[0] ?? "",
    street: address?.lines.join(", ") ?? "",
    postalCode: address?.postalCode ?? "",
    city: address?.city ?? "",
    language: person.language ?? "",
    safe: {
      phone: safeContact?.phone ?? "unknown",
      post: safeContact?.post ?? "unknown",
      email: safeContact?.email ?? "unknown",
    },
    instructions: safeContact?.instructions ?? "",
  };
}

/** A text under its name; nothing where it is empty. */
function held<N extends string>(name: N, text: string): { [K in N]?: string } {
  return text.trim() === "" ? {} : ({ [name]: text.trim() } as { [K in N]: string });
}

/** The person with what the form says; what no field shows stays as it was: further phones, former names, other codes. */
export function personOf(before: PersonFacts, wish: PersonWish): PersonFacts {
  const {
    preferredName: _preferred,
    birthDate: _born,
    personalCode,
    language: _language,
    ...rest
  } = before;
  const { family: _family, given: _given, ...nameRest } = before.name;
  const first = wishOf(before);
  const isSame = (...names: readonly (keyof PersonWish)[]): boolean =>
    names.every((name) => first[name] === wish[name]);
  const [address, ...addresses] = before.addresses;
  const [phone, ...phones] = before.phones;
  const { lines: _lines, postalCode: _postal, city: _city, ...addressRest } = address ?? {};
  const street = wish.street.trim();
  const isHome = street + wish.postalCode.trim() + wish.city.trim() !== "";
  const code = wish.code.trim();
  return {
    ...rest,
    name: {
      ...nameRest,
      ...held("family", wish.family),
      given: isSame("given") ? before.name.given : wish.given.trim().split(/\s+/).filter(Boolean),
    },
    ...held("preferredName", wish.preferredName),
    ...held("birthDate", wish.birthDate),
    ...held("language", wish.language),
    ...(code === ""
      ? {}
      : { personalCode: { country: personalCode?.country ?? "FI", value: code } }),
    sex: wish.sex,
    phones: isSame("phone")
      ? before.phones
      : [...(wish.phone.trim() === "" ? [] : [{ ...phone, value: wish.phone.trim() }]), ...phones],
    emails: isSame("email")
      ? before.emails
      : [...(wish.email.trim() === "" ? [] : [wish.email.trim()]), ...before.emails.slice(1)],
    addresses: isSame("street", "postalCode", "city")
      ? before.addresses
      : [
          ...(isHome
            ? [
                {
                  ...addressRest,
                  lines: street === "" ? [] : [street],
                  ...held("postalCode", wish.postalCode),
                  ...held("city", wish.city),
                },
              ]
            : []),
          ...addresses,
        ],
    safeContact: { ...wish.safe, ...held("instructions", wish.instructions) },
  };
}
