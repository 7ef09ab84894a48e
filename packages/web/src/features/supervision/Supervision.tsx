import { Anchor, Stack, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayDate, sayDay, sayInstant } from "../../app/dates.ts";
import type { SupervisionRow } from "../../worker/desks/supervisionDesk.ts";
import { useSupervision } from "./useSupervision.ts";

const ENDING = { c: "alarm", fw: 620 } as const;

/** The records that were granted for supervision: who granted them, until when, what is new, and which notes wait. */
export default function Supervision() {
  const { t } = useTranslation("supervision");
  const { data: rows, error, refetch } = useSupervision();
  return (
    <Stack>
      <ScreenHead title={t("title")} />
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {rows === undefined && error === null && <Waiting />}
      {rows?.length === 0 && <Text maw="var(--reading)">{t("empty")}</Text>}
      {rows !== undefined && rows.length > 0 && (
        <>
          <Text maw="var(--reading)">{t("about")}</Text>
          <Records rows={rows} />
          {rows.some(({ name }) => name === null) && (
            <Text size="sm" c="dimmed" maw="var(--reading)">
              {t("codes")}
            </Text>
          )}
        </>
      )}
    </Stack>
  );
}

function Records({ rows }: { rows: readonly SupervisionRow[] }) {
  const { t } = useTranslation("supervision");
  return (
    <Table highlightOnHover verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("record")}</Table.Th>
          <Table.Th>{t("toDo")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("granted")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("until")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.code}>
            <Table.Td>
              <Anchor component={Link} to={`/records/${row.patient}`} translate="no">
                {row.name ?? t("called", { code: row.code })}
              </Anchor>
              <Stack gap={0} hiddenFrom="sm">
                <Text size="sm" c="dimmed">
                  {sayGrant(t, row)}
                </Text>
                <Until row={row} isAlone />
              </Stack>
            </Table.Td>
            <Table.Td>
              <ToDo row={row} />
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Text size="sm">{sayGrant(t, row)}</Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              <Until row={row} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const sayGrant = (t: TFunction<"supervision">, { by, reason }: SupervisionRow): string =>
  t(reason === "supervision" ? "by" : "byFor", {
    name: by ?? t("somebody"),
    reason: t(`reason.${reason}`),
  });

/** When it ends; `isAlone`: no heading of a column says what the date is. */
function Until({
  row: { until, endsSoon },
  isAlone = false,
}: {
  row: SupervisionRow;
  isAlone?: boolean;
}) {
  const { t } = useTranslation("supervision");
  const date = until === null ? "" : t(isAlone ? "untilDay" : "ends", { date: sayDate(until) });
  if (until === null) return <Text size="sm">{t("noEnd")}</Text>;
  return (
    <Text size="sm" {...(endsSoon && ENDING)}>
      {endsSoon ? t("soon", { date }) : date}
    </Text>
  );
}

/** The notes that wait, and how much is new. */
function ToDo({ row: { waiting, canCountersign, fresh, lookedAt } }: { row: SupervisionRow }) {
  const { t } = useTranslation("supervision");
  const news =
    fresh === 0
      ? t("nothingNew", { at: sayInstant(lookedAt ?? "") })
      : lookedAt === null
        ? t("notLooked", { count: fresh })
        : t("new", { count: fresh, at: sayInstant(lookedAt) });
  return (
    <Stack gap={2}>
      {waiting.map(({ entry, on, author }) => (
        <Text key={entry} size="sm" fw={600}>
          {t(canCountersign ? "waits" : "waitsForOther", {
            date: sayDay(on),
            name: author ?? t("somebody"),
          })}
        </Text>
      ))}
      <Text size="sm" {...(fresh === 0 && { c: "dimmed" })}>
        {news}
      </Text>
    </Stack>
  );
}
