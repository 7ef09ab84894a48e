import { Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { ImportReport } from "@sinetti/client";

import { Counts } from "./Counts.tsx";
import { RunBar } from "./RunBar.tsx";
import { Rejected } from "./Rejected.tsx";
import type { Given } from "./given.ts";
import { useRun, type Ran } from "./useRun.ts";

/** Bundles of another system, one patient each. */
export function FhirImport({ count, given }: { count: number; given: readonly Given[] }) {
  const { t } = useTranslation("import");
  const run = useRun((desks, isDryRun, onProgress) =>
    desks.importing.fhir(given, { isDryRun, nameless: t("nameless") }, onProgress),
  );
  return (
    <Stack component="section" gap="md">
      <Title order={2}>{t("fhir.title")}</Title>
      <Text>{t("fhir.found", { count })}</Text>
      <RunBar run={run} isReady />
      {run.last !== null && <Report ran={run.last} />}
    </Stack>
  );
}

function Report({ ran }: { ran: Ran<ImportReport> }) {
  const { t } = useTranslation("import");
  const { report, isDryRun } = ran;
  const types = Object.entries(report.byType).sort(([, a], [, b]) => b - a);
  const resources = types.reduce((sum, [, count]) => sum + count, 0);
  return (
    <Stack gap="sm" role="status">
      <Counts
        ran={ran}
        rows={[
          ["resources", resources],
          ...(isDryRun
            ? []
            : [
                ["patients", report.patients] as const,
                ["entries", report.entries] as const,
                ["unchanged", report.unchanged] as const,
                ["unlisted", report.unlisted] as const,
              ]),
          ["keptWhole", report.kept],
          ["missingDocuments", report.missingDocuments],
        ]}
      />
      <Rejected rows={report.rejected} />
      {types.length > 0 && (
        <Table verticalSpacing={4} maw={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("fhir.type")}</Table.Th>
              <Table.Th ta="end">{t("fhir.taken")}</Table.Th>
              <Table.Th ta="end">{t("fhir.kept")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {types.map(([type, count]) => (
              <Table.Tr key={type}>
                <Table.Td translate="no">{type}</Table.Td>
                <Table.Td ta="end">{count}</Table.Td>
                <Table.Td ta="end">{report.keptByType[type] ?? 0}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
