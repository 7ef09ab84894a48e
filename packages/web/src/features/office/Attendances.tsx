import { Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { sayClock, sayDate } from "../../app/dates.ts";
import type { OfficePatient } from "../../worker/desks/officeDesk.ts";

const SHOWN = 10;

/** When the patient came, and what became of it. */
export function Attendances({ rows }: { rows: OfficePatient["attendances"] }) {
  const { t } = useTranslation("office");
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, SHOWN);
  return (
    <Stack component="section" gap="xs">
      <Title order={2}>{t("attendance.title")}</Title>
      {rows.length === 0 && <Text c="dimmed">{t("attendance.none")}</Text>}
      {rows.length > 0 && (
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {shown.map(({ key, start, minutes, outcome, isPaidByPayer }) => (
              <Table.Tr key={key}>
                <Table.Td>
                  {sayDate(start)} {sayClock(start.slice(0, 16))}
                </Table.Td>
                <Table.Td visibleFrom="xs">{t("attendance.minutes", { count: minutes })}</Table.Td>
                <Table.Td>{t(`attendance.outcome.${outcome}`)}</Table.Td>
                <Table.Td visibleFrom="xs">
                  <Text size="sm" c="dimmed">
                    {isPaidByPayer ? t("attendance.byPayer") : ""}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {rows.length > shown.length && (
        <Group>
          <Button variant="default" size="xs" onClick={() => setWhole(true)}>
            {t("attendance.all", { count: rows.length })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
