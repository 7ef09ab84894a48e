import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { MakingCopy } from "./useMaking.ts";

/** How far a copy is. */
export function Making({ making: { isRunning, progress, stop } }: { making: MakingCopy }) {
  const { t } = useTranslation("export");
  if (!isRunning) return null;
  return (
    <Stack gap={4} role="status">
      <Text>{t(progress.total === 0 ? "make.reading" : "make.sealing")}</Text>
      <Progress
        aria-label={t("make.sealing")}
        value={progress.total === 0 ? 5 : (100 * progress.done) / progress.total}
        transitionDuration={100}
      />
      <Group>
        <Button size="xs" variant="default" onClick={stop}>
          {t("make.stop")}
        </Button>
      </Group>
    </Stack>
  );
}
