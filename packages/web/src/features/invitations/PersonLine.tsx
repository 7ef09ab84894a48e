import { ActionIcon, Group, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { PersonWish } from "./staffRows.ts";

/** Somebody on the list of those who get a slip. */
export function PersonLine({
  person: { name, roles },
  site,
  onRemove,
}: {
  person: PersonWish;
  site: string | null;
  onRemove: () => void;
}) {
  const { t } = useTranslation("invitations");
  const { t: tApp } = useTranslation("app");
  const said = [...roles.map((role) => tApp(`roles.${role}`)), ...(site === null ? [] : [site])];
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text>
        <Text span fw={600} translate="no">
          {name}
        </Text>{" "}
        <Text span size="sm" c="dimmed">
          {said.join(", ")}
        </Text>
      </Text>
      <ActionIcon variant="subtle" aria-label={t("person.remove", { name })} onClick={onRemove}>
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}
