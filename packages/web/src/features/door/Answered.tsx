import { Button, Code, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { AnsweredSlip } from "../../worker/session.ts";

/** What somebody new has in hand after they answered a slip: the words to be compared, and their recovery kit. */
export function Answered({
  answered: { practice, practiceName, name, roles, kit, words },
  onDone,
}: {
  answered: AnsweredSlip;
  onDone: () => void;
}) {
  const { t } = useTranslation("door");
  const { t: tApp } = useTranslation("app");
  const said = roles.map((role) => tApp(`roles.${role}`)).join(", ");
  return (
    <Stack>
      <Title order={2}>{t("answered.title")}</Title>
      <Text>{t("answered.who", { name, roles: said, practice: practiceName })}</Text>
      <Code block>{practice}</Code>
      <Text>{t("answered.words")}</Text>
      <Code block fz="md">
        {words}
      </Code>
      <Text fw={620}>{t("papers.kit")}</Text>
      <Code block fz="md">
        {kit}
      </Code>
      <Text size="sm" c="dimmed">
        {t("papers.kitHint")}
      </Text>
      <Text size="sm">{t("answered.next")}</Text>
      <Button onClick={onDone}>{t("code.done")}</Button>
    </Stack>
  );
}
