import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../../app/FaultNote.tsx";
import { saySize } from "./saySize.ts";
import type { Upload } from "./useUploads.ts";

/** How far a file has come, and the way to stop it. */
export function UploadLine({
  upload: { name, size, sent, state, error },
  onStop,
  onAgain,
}: {
  upload: Upload;
  onStop: () => void;
  onAgain: () => void;
}) {
  const { t } = useTranslation("chart");
  const isUnderWay = state === "queued" || state === "sending";
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" role="status" flex="1 1 200px">
          <span translate="no">{name}</span> · {saySize(size)} · {t(`documents.upload.${state}`)}
        </Text>
        {isUnderWay && (
          <Button size="compact-sm" variant="default" onClick={onStop}>
            {t("documents.stop")}
          </Button>
        )}
        {state === "failed" && (
          <Button size="compact-sm" variant="default" onClick={onAgain}>
            {t("documents.again")}
          </Button>
        )}
      </Group>
      {isUnderWay && (
        <Progress
          value={size === 0 ? 0 : (sent / size) * 100}
          aria-label={t("documents.progress", { name })}
        />
      )}
      {error !== null && <FaultNote error={error} />}
    </Stack>
  );
}
