import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { MadeCopy } from "../../worker/desks/exportDesk.ts";
import type { Seal } from "./SealTo.tsx";

interface MadeFileProps {
  readonly made: MadeCopy;
  readonly seal: Seal;
  readonly onAnother: () => void;
}

/** The sealed file, to be saved, and what its receiver needs. */
export function MadeFile({ made: { file, report }, seal, onAnother }: MadeFileProps) {
  const { t } = useTranslation("export");
  return (
    <Stack component="section" gap="md" role="status">
      <Title order={2}>{t("made.title")}</Title>
      <Text>
        {t("made.holds", { count: report.entries })}{" "}
        {report.documents > 0 && t("made.documents", { count: report.documents })}{" "}
        {report.withheld > 0 && t("made.withheld", { count: report.withheld })}
      </Text>
      {report.closed.length > 0 && (
        <Alert color="stone" title={t("made.closed")}>
          {report.closed.map(({ compartment }) => t(`compartment.${compartment}`)).join(", ")}
        </Alert>
      )}
      {seal.to === "passphrase" && (
        <Stack gap={4}>
          <Text>{t("made.passphrase")}</Text>
          <Text ff="monospace" fz="lg" translate="no">
            {seal.text.trim()}
          </Text>
        </Stack>
      )}
      <Text size="sm" c="dimmed" maw="var(--reading)">
        {t("made.how")}
      </Text>
      <Group>
        <Button onClick={() => saveBlob(file)}>{t("made.save")}</Button>
        <Button variant="default" onClick={onAnother}>
          {t("made.another")}
        </Button>
      </Group>
    </Stack>
  );
}

/** From where the browser keeps it: a large copy never passes through the page's memory. Its name is nobody's. */
function saveBlob(file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = "record-copy.zip.age";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
