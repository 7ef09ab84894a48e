import { Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Ran } from "./useRun.ts";

interface CountsProps {
  readonly ran: Ran<unknown>;
  /** Keys under `count`, with their number; what is nothing is not said. */
  readonly rows: readonly (readonly [string, number])[];
}

/** What a run came to, in numbers. */
export function Counts({ ran: { isDryRun, isStopped }, rows }: CountsProps) {
  const { t } = useTranslation("import");
  const told = rows.filter(([, count]) => count > 0);
  return (
    <Stack gap={4}>
      <Title order={3}>
        {t(isStopped ? "report.stopped" : isDryRun ? "report.would" : "report.done")}
      </Title>
      {isDryRun && <Text c="dimmed">{t("report.nothingYet")}</Text>}
      {told.length === 0 && <Text>{t("report.empty")}</Text>}
      {told.map(([key, count]) => (
        <Text key={key}>{t(`count.${key}` as "count.entries", { count })}</Text>
      ))}
    </Stack>
  );
}
