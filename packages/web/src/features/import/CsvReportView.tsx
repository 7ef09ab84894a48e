import { Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { CsvReport, RowReport } from "@sinetti/client";

import { saveFile } from "../../app/saveFile.ts";
import { Counts } from "./Counts.tsx";
import type { Ran } from "./useRun.ts";

const SHOWN = 100;

/** What a check found, or an import did: by row and field, never by what stands there. */
export function CsvReportView({ ran }: { ran: Ran<CsvReport> }) {
  const { t } = useTranslation("import");
  const { report, isDryRun } = ran;
  const { patients, appointments, notes } = report.byType;
  return (
    <Stack gap="sm" role="status">
      <Counts
        ran={ran}
        rows={[
          ["taken.patients", patients],
          ["taken.appointments", appointments],
          ["taken.notes", notes],
          ...(isDryRun
            ? [["planned", report.planned] as const]
            : [
                ["patients", report.patients] as const,
                ["entries", report.entries] as const,
                ["unchanged", report.unchanged] as const,
                ["unlisted", report.unlisted] as const,
              ]),
          ["keptRows", report.kept],
        ]}
      />
      {report.refused && <Text fw={620}>{t("report.refused")}</Text>}
      <Rows title={t("report.left", { count: report.rejected.length })} rows={report.rejected} />
      <Rows title={t("report.looked", { count: report.warnings.length })} rows={report.warnings} />
    </Stack>
  );
}

function Rows({ title, rows }: { title: string; rows: readonly RowReport[] }) {
  const { t, i18n } = useTranslation("import");
  if (rows.length === 0) return null;
  const fieldName = (field: string): string =>
    i18n.exists(`field.${field}`, { ns: "import" }) ? t(`field.${field}`) : field;
  return (
    <Stack gap="xs">
      <Title order={3}>{title}</Title>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th visibleFrom="sm">{t("report.file")}</Table.Th>
            <Table.Th style={{ whiteSpace: "nowrap" }}>{t("report.row")}</Table.Th>
            <Table.Th>{t("report.field")}</Table.Th>
            <Table.Th>{t("report.why")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, SHOWN).map(({ file, row, field, reason }, index) => (
            <Table.Tr key={index}>
              <Table.Td visibleFrom="sm" translate="no">
                {file}
              </Table.Td>
              <Table.Td>{row}</Table.Td>
              <Table.Td>{fieldName(field)}</Table.Td>
              <Table.Td>{t(`reason.${reason}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Group>
        {rows.length > SHOWN && (
          <Text size="sm" c="dimmed">
            {t("report.first", { count: SHOWN })}
          </Text>
        )}
        <Button
          size="xs"
          variant="default"
          onClick={() => saveFile({ name: "import-report.csv", bytes: rowsText(rows) }, "text/csv")}
        >
          {t("report.save")}
        </Button>
      </Group>
    </Stack>
  );
}

const cell = (text: string | number): string => `"${String(text).replaceAll('"', '""')}"`;

const rowsText = (rows: readonly RowReport[]): Uint8Array =>
  new TextEncoder().encode(
    [
      "file,row,line,field,reason",
      ...rows.map(({ file, row, line, field, reason }) =>
        [file, row, line, field, reason].map(cell).join(","),
      ),
      "",
    ].join("\r\n"),
  );
