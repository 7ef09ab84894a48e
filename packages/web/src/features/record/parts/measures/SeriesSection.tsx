import { ActionIcon, Group, Menu, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconDots } from "@tabler/icons-react";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";

import type { MeasureChange, MeasurePoint, MeasureSeries } from "@sinetti/practice";

import { Waiting } from "../../../../app/Waiting.tsx";
import { sayDate } from "../../../../app/dates.ts";
import { useAct } from "../../../../app/useDesk.ts";
import { ReasonDialog } from "../../ReasonDialog.tsx";
import { AlertNote } from "./AlertNote.tsx";
import classes from "./Measures.module.css";

const SeriesChart = lazy(() => import("./SeriesChart.tsx"));

/** One measure over time: how it stands, the course, and every time that it was taken. */
export function SeriesSection({
  patient,
  series,
  canWrite,
}: {
  patient: string;
  series: MeasureSeries;
  canWrite: boolean;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const { points, name, highest } = series;
  const last = points.at(-1);
  const [asked, setAsked] = useState<MeasurePoint | null>(null);
  const takeBack = useAct(
    (desks, wish: { entry: string; reason: string }) => desks.measure.takeBack(patient, wish),
    [["record", patient]],
  );
  if (last === undefined) return null;
  return (
    <Stack component="section" gap="sm" aria-label={name}>
      <div>
        <Title order={2}>{name}</Title>
        <Text translate="no">
          <b>
            {last.total} / {highest}
          </b>{" "}
          · {tRecord(`state.band.${last.band}`)} · {sayDate(last.date)}
        </Text>
        {last.sinceLast !== undefined && <ChangeText change={last.sinceLast} from="last" />}
        {last.sinceFirst !== undefined && points.length > 2 && (
          <ChangeText change={last.sinceFirst} from="first" />
        )}
      </div>
      <AlertNote alerts={last.alerts} />
      <SimpleGrid cols={{ base: 1, lg: points.length > 1 ? 2 : 1 }} spacing="xl">
        {points.length > 1 && (
          <Suspense fallback={<Waiting />}>
            <SeriesChart series={series} />
          </Suspense>
        )}
        <Table className={classes["table"] ?? ""} captionSide="top" horizontalSpacing={6}>
          <Table.Caption ta="start">{t("measures.caption", { name })}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("measures.day")}</Table.Th>
              <Table.Th>{t("measures.score")}</Table.Th>
              <Table.Th>{t("measures.sinceLast")}</Table.Th>
              {canWrite && <Table.Th aria-label={t("more")} />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {points.toReversed().map((point) => (
              <Table.Tr key={point.entry}>
                <Table.Td>{sayDate(point.date)}</Table.Td>
                <Table.Td translate="no">
                  <b>{point.total}</b> {tRecord(`state.band.${point.band}`)}
                  {point.alerts.map((alert) => (
                    <Text key={alert} c="alarm" fw={620} size="sm">
                      {tRecord(`alert.${alert}`)}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td>{point.sinceLast === undefined ? "–" : signed(point.sinceLast)}</Table.Td>
                {canWrite && (
                  <Table.Td ta="end">
                    <Menu position="bottom-end">
                      <Menu.Target>
                        <ActionIcon
                          variant="subtle"
                          aria-label={`${t("more")}: ${sayDate(point.date)}`}
                        >
                          <IconDots size={18} />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item
                          leftSection={<IconArrowBackUp size={16} />}
                          onClick={() => setAsked(point)}
                        >
                          {t("takeBack")}
                        </Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </SimpleGrid>
      <ReasonDialog
        key={asked?.entry}
        isOpen={asked !== null}
        title={t("takeBack")}
        text={t("takeBackHint")}
        act={t("takeBack")}
        error={takeBack.error}
        isBusy={takeBack.isPending}
        onClose={() => setAsked(null)}
        onReason={(reason) =>
          takeBack.mutate(
            { entry: asked?.entry ?? "", reason },
            { onSuccess: () => setAsked(null) },
          )
        }
      />
    </Stack>
  );
}

const signed = ({ points }: MeasureChange): string =>
  points > 0 ? `+${points}` : String(points).replace("-", "−");

function ChangeText({ change, from }: { change: MeasureChange; from: "last" | "first" }) {
  const { t } = useTranslation("chart");
  return (
    <Group gap={4}>
      <Text size="sm">
        {t(`measures.since.${from}`, { points: signed(change) })}{" "}
        {t(`measures.direction.${change.direction}`)}
        {change.direction !== "same" && ` · ${t(`measures.reliable.${change.reliable}`)}`}
      </Text>
    </Group>
  );
}
