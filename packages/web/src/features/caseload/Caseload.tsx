import { Anchor, Badge, Button, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayDay, sayInstant } from "../../app/dates.ts";
import { useView } from "../../app/useDesk.ts";
import type { CaseloadRow } from "../../worker/desks/caseloadDesk.ts";

const ALERTING = { c: "alarm", fw: 620 } as const;

/** The own patients, with what one decides by. */
export default function Caseload() {
  const { t } = useTranslation("caseload");
  const [filter, setFilter] = useState("");
  const { data: rows, error, refetch } = useView(["caseload"], (desks) => desks.caseload.list());
  const shown = rows?.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
  return (
    <Stack>
      <ScreenHead title={t("title")}>
        <Button component={Link} to="/register">
          {t("register")}
        </Button>
      </ScreenHead>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {rows === undefined && error === null && <Waiting />}
      {rows?.length === 0 && <Text c="dimmed">{t("empty")}</Text>}
      {rows !== undefined && rows.length > 0 && (
        <>
          <TextInput
            label={t("filter")}
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
            maw={360}
          />
          <CaseloadTable rows={shown ?? []} />
        </>
      )}
    </Stack>
  );
}

function CaseloadTable({ rows }: { rows: readonly CaseloadRow[] }) {
  const { t } = useTranslation("caseload");
  return (
    <Table highlightOnHover verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("name")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("next")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("measure")}</Table.Th>
          <Table.Th>{t("open")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.patient}>
            <Table.Td>
              <Anchor component={Link} to={`/records/${row.patient}`}>
                {row.name}
              </Anchor>
              {row.nextAppointment !== null && (
                <Text size="sm" c="dimmed" hiddenFrom="sm">
                  {t("nextAt", { at: sayInstant(row.nextAppointment) })}
                </Text>
              )}
            </Table.Td>
            <Table.Td visibleFrom="sm">
              {row.nextAppointment === null ? "" : sayInstant(row.nextAppointment)}
            </Table.Td>
            <Table.Td visibleFrom="sm">
              {row.lastMeasures.map(({ measure, total, alerts }) => (
                <Text key={measure} size="sm" span mr="sm" {...(alerts.length > 0 && ALERTING)}>
                  {measure.toUpperCase()} {total}
                  {alerts.length > 0 && ` (${t("alert")})`}
                </Text>
              ))}
            </Table.Td>
            <Table.Td>
              {row.ended !== null && (
                <Text size="sm" c="dimmed">
                  {t("ended", { date: sayDay(row.ended) })}
                </Text>
              )}
              {row.lastMeasures
                .filter(({ alerts }) => alerts.length > 0)
                .map(({ measure, total }) => (
                  <Text key={measure} size="sm" hiddenFrom="sm" {...ALERTING}>
                    {measure.toUpperCase()} {total} ({t("alert")})
                  </Text>
                ))}
              <Group gap={4}>
                {row.unfinished.map((date) => (
                  <Badge key={date} variant="light" color="spruce">
                    {t("unfinished", { date: sayDay(date) })}
                  </Badge>
                ))}
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
