import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { sayBirthDate } from "../../../../app/dates.ts";
import { shownLanguage } from "../../../../app/language.ts";
import type { PersonFacts } from "../../../../worker/desks/personDesk.ts";
import { Fact } from "../care/Fact.tsx";

const WAYS = ["phone", "post", "email"] as const;

/** A language by its name, as far as the code is one. */
function sayLanguage(code: string): string {
  try {
    return new Intl.DisplayNames([shownLanguage()], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** One version of who somebody is. */
export function PersonView({ person }: { person: PersonFacts }) {
  const { t } = useTranslation("chart");
  const { name, addresses, phones, emails, safeContact, personalCode } = person;
  const whole = name.text ?? [...name.given, name.family ?? ""].join(" ").trim();
  const safe =
    safeContact === undefined ? [] : WAYS.filter((way) => safeContact[way] !== "unknown");
  return (
    <Stack gap="sm">
      <Fact label={t("person.name")} text={whole} />
      <Fact label={t("person.field.preferredName")} text={person.preferredName} />
      <Fact
        label={t("person.field.birthDate")}
        text={person.birthDate === undefined ? undefined : sayBirthDate(person.birthDate)}
      />
      <Fact label={t("person.field.code")} text={personalCode?.value} />
      <Fact label={t("person.field.phone")} text={phones.map(({ value }) => value)} />
      <Fact label={t("person.field.email")} text={emails} />
      <Fact
        label={t("person.address")}
        text={addresses.map(({ lines, postalCode, city }) =>
          [...lines, [postalCode, city].filter(Boolean).join(" ")].filter(Boolean).join(", "),
        )}
      />
      <Fact
        label={t("person.field.language")}
        text={person.language === undefined ? undefined : sayLanguage(person.language)}
      />
      {safe.length > 0 && (
        <Text>
          {safe
            .map((way) => `${t(`person.safe.${way}`)}: ${t(`person.reach.${safeContact?.[way]}`)}`)
            .join(" · ")}
        </Text>
      )}
      <Fact label={t("person.field.instructions")} text={safeContact?.instructions} />
    </Stack>
  );
}
