import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import type { Run } from "./useRun.ts";

/** Check first, import then; what runs shows how far it is, and can be stopped. */
export function RunBar<R>({ run, isReady }: { run: Run<R>; isReady: boolean }) {
  const { t } = useTranslation("import");
  const { progress, isRunning, isDryRun, isStopping, last, error } = run;
  const isChecked = last?.isDryRun === true && !last.isStopped;
  const again = last !== null && !last.isDryRun && last.isStopped;
  return (
    <Stack gap="sm">
      {isRunning && (
        <Stack gap={4} role="status">
          <Text>
            {t(isDryRun ? "run.checking" : "run.importing")}{" "}
            {progress.total > 0 && t("run.of", { done: progress.done, total: progress.total })}
          </Text>
          <Progress
            aria-label={t(isDryRun ? "run.checking" : "run.importing")}
            value={progress.total === 0 ? 0 : (100 * progress.done) / progress.total}
            transitionDuration={100}
          />
          <Text size="sm" c="dimmed">
            {t("run.keepOpen")}
          </Text>
        </Stack>
      )}
      {error !== null && <FaultNote error={error} />}
      <Group>
        {isRunning && (
          <Button variant="default" loading={isStopping} onClick={run.stop}>
            {t("run.stop")}
          </Button>
        )}
        {!isRunning && (
          <Button variant="default" disabled={!isReady} onClick={() => run.start(true)}>
            {t(isChecked ? "run.checkAgain" : "run.check")}
          </Button>
        )}
        {!isRunning && (isChecked || again) && (
          <Button disabled={!isReady} onClick={() => run.start(false)}>
            {t(again ? "run.goOn" : "run.import")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
