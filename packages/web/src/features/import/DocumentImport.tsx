import { Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Counts } from "./Counts.tsx";
import { Rejected } from "./Rejected.tsx";
import { RunBar } from "./RunBar.tsx";
import { ownerByName, type Given } from "./given.ts";
import { useRun } from "./useRun.ts";

const SHOWN = 50;

/** Letters and scans: each goes to the patient whose number its name or folder says, unless somebody says another. */
export function DocumentImport({ given }: { given: readonly Given[] }) {
  const { t } = useTranslation("import");
  const [ownerByPath, setOwners] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(given.map(({ path }) => [path, ownerByName(path)])),
  );
  const run = useRun((desks, isDryRun, onProgress) =>
    desks.importing.documents(
      given.map((each) => ({ ...each, patient: ownerByPath[each.path] ?? "" })),
      isDryRun,
      onProgress,
    ),
  );
  return (
    <Stack component="section" gap="md">
      <Title order={2}>{t("documents.title")}</Title>
      <Text c="dimmed" maw="var(--reading)">
        {t("documents.how")}
      </Text>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("report.file")}</Table.Th>
            <Table.Th>{t("documents.patient")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {given.slice(0, SHOWN).map(({ path }) => (
            <Table.Tr key={path}>
              <Table.Td translate="no">{path}</Table.Td>
              <Table.Td>
                <TextInput
                  aria-label={t("documents.patientOf", { file: path })}
                  value={ownerByPath[path] ?? ""}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    run.forget();
                    setOwners((held) => ({ ...held, [path]: value }));
                  }}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {given.length > SHOWN && (
        <Text size="sm" c="dimmed">
          {t("documents.more", { count: given.length - SHOWN })}
        </Text>
      )}
      <RunBar run={run} isReady />
      {run.last !== null && (
        <Stack gap="sm" role="status">
          <Counts
            ran={run.last}
            rows={[
              ["documents", run.last.report.byType.documents],
              ["entries", run.last.report.entries],
              ["already", run.last.report.unchanged],
            ]}
          />
          <Rejected rows={run.last.report.rejected} />
        </Stack>
      )}
    </Stack>
  );
}
