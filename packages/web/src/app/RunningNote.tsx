import { Alert, Text } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useIsRunning } from "./running.ts";

/** Says on every screen that the lock waits for something long. */
export function RunningNote() {
  const { t } = useTranslation("app");
  if (!useIsRunning()) return null;
  return (
    <Alert
      role="status"
      color="stone"
      icon={<IconHourglass />}
      title={t("running.title")}
      mb="lg"
      className="no-print"
    >
      <Text size="sm">{t("running.text")}</Text>
    </Alert>
  );
}
