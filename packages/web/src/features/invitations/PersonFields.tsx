import { MultiSelect, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { SiteId } from "@sinetti/core";

import type { SiteChoice } from "../../worker/desks/inviteDesk.ts";
import { ROLE_CHOICE } from "../people/roleChoice.ts";
import type { PersonWish } from "./staffRows.ts";

const LONGEST = 200;
const EVERYWHERE = "";

/** Who is to be invited, and as what. */
export function PersonFields({
  person,
  sites,
  onChange,
}: {
  person: PersonWish;
  sites: readonly SiteChoice[];
  onChange: (person: PersonWish) => void;
}) {
  const { t } = useTranslation("invitations");
  const { t: tApp } = useTranslation("app");
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <TextInput
        label={t("person.name")}
        value={person.name}
        maxLength={LONGEST}
        autoComplete="off"
        onChange={(event) => onChange({ ...person, name: event.currentTarget.value })}
      />
      <MultiSelect
        label={t("person.roles")}
        value={[...person.roles]}
        data={ROLE_CHOICE.map((value) => ({ value, label: tApp(`roles.${value}`) }))}
        onChange={(roles) =>
          onChange({ ...person, roles: ROLE_CHOICE.filter((role) => roles.includes(role)) })
        }
      />
      {sites.length > 1 && person.roles.includes("office") && (
        <NativeSelect
          label={t("person.site")}
          value={person.site ?? EVERYWHERE}
          data={[
            { value: EVERYWHERE, label: t("person.everywhere") },
            ...sites.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={({ currentTarget: { value } }) =>
            onChange({ ...person, site: value === EVERYWHERE ? null : (value as SiteId) })
          }
        />
      )}
    </SimpleGrid>
  );
}
