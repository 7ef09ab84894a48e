import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { Dropzone, type FileWithPath } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { CsvImport } from "./CsvImport.tsx";
import { DocumentImport } from "./DocumentImport.tsx";
import { FhirImport } from "./FhirImport.tsx";
import { partsOf, type Given } from "./given.ts";

/** Brings in what another system has. Nothing is written before a check has shown what would be. */
export default function Import() {
  const { t } = useTranslation("import");
  const [given, setGiven] = useState<readonly Given[]>([]);
  const [round, setRound] = useState(0);
  const take = (files: FileWithPath[]): void => {
    const added = files.map((file) => ({ file, path: placeOf(file) }));
    const paths = new Set(added.map(({ path }) => path));
    setGiven((held) => [...held.filter(({ path }) => !paths.has(path)), ...added]);
    setRound((before) => before + 1);
  };
  const { csv, bundles, documents, beside } = partsOf(given);
  return (
    <Stack gap="xl" maw={900}>
      <Stack gap="xs">
        <Title order={1}>{t("title")}</Title>
        <Text maw="var(--reading)">{t("does")}</Text>
      </Stack>
      <Dropzone onDrop={take} aria-label={t("drop.label")} p="xl">
        <Stack align="center" gap={4} style={{ pointerEvents: "none" }}>
          <Text fw={620}>{t("drop.here")}</Text>
          <Text size="sm" c="dimmed" ta="center">
            {t("drop.kinds")}
          </Text>
        </Stack>
      </Dropzone>
      {given.length > 0 && (
        <Group justify="space-between">
          <Text>{t("given", { count: given.length })}</Text>
          <Button variant="subtle" size="xs" onClick={() => setGiven([])}>
            {t("clear")}
          </Button>
        </Group>
      )}
      {csv.length > 0 && <CsvImport key={`csv${round}`} given={csv} />}
      {bundles.length > 0 && (
        <FhirImport key={`fhir${round}`} count={bundles.length} given={[...bundles, ...beside]} />
      )}
      {documents.length > 0 && <DocumentImport key={`doc${round}`} given={documents} />}
    </Stack>
  );
}

/** Where in a dropped folder a file lay. */
function placeOf(file: FileWithPath): string {
  const path = file.path ?? file.webkitRelativePath;
  return (path === "" ? file.name : path).replace(/^\.?\/+/, "");
}
