import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { OpenInvitations } from "./OpenInvitations.tsx";
import { SlipForm } from "./SlipForm.tsx";

/** Slips of paper that bring people in, and what became of them. */
export default function Invitations() {
  const { t } = useTranslation("invitations");
  return (
    <Stack gap="xl" maw={760}>
      <Stack gap="xs">
        <Title order={1}>{t("title")}</Title>
        <Text maw="var(--reading)">{t("what")}</Text>
        <Anchor component={Link} to="/people" size="sm">
          {t("people")}
        </Anchor>
      </Stack>
      <OpenInvitations />
      <SlipForm />
    </Stack>
  );
}
