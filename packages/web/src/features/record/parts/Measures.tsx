import { Button, Group, Menu, Stack, Text, Title } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { sayDate } from "../../../app/dates.ts";
import { useAct, useView } from "../../../app/useDesk.ts";
import type { MeasureInHand, MeasureRoom } from "../../../worker/desks/measureDesk.ts";
import type { PartProps } from "../parts.ts";
import draftClasses from "../timeline/Timeline.module.css";
import { SeriesSection } from "./measures/SeriesSection.tsx";
import { TakeMeasure } from "./measures/TakeMeasure.tsx";

/** Measures: take one, go on with one, and see how they went. */
export default function Measures({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  const {
    data: room,
    error,
    refetch,
  } = useView(["record", patient, "measures"], (desks) => desks.measure.read(patient));
  const [inHand, setInHand] = useState<MeasureInHand | null>(null);
  const [outcome, setOutcome] = useState<string | null>(null);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (room === undefined) return <Waiting />;
  const measure = room.measures.find(({ id }) => id === inHand?.body.measure);
  if (inHand !== null && measure !== undefined)
    return (
      <TakeMeasure
        key={inHand.id}
        patient={patient}
        begun={inHand}
        measure={measure}
        onClose={(state) => {
          setInHand(null);
          setOutcome(state);
        }}
      />
    );
  return (
    <Stack gap="xl">
      <Begin patient={patient} room={room} onBegun={setInHand} />
      {outcome !== null && <Text role="status">{t(`measures.outcome.${outcome}`)}</Text>}
      {room.series.map((series) => (
        <SeriesSection
          key={series.measure}
          patient={patient}
          series={series}
          canWrite={room.canWrite}
        />
      ))}
    </Stack>
  );
}

function Begin({
  patient,
  room: { canWrite, measures, begun, series, sex },
  onBegun,
}: {
  patient: string;
  room: MeasureRoom;
  onBegun: (inHand: MeasureInHand) => void;
}) {
  const { t } = useTranslation("chart");
  const begin = useAct((desks, measure: string) => desks.measure.begin(patient, { measure, sex }));
  const edit = useAct((desks, id: string) => desks.measure.edit(patient, id));
  const nameOf = (id: string): string => measures.find((each) => each.id === id)?.name ?? id;
  const error = begin.error ?? edit.error;
  if (!canWrite) return series.length === 0 ? <Text c="dimmed">{t("measures.none")}</Text> : null;
  return (
    <Stack gap="sm">
      {series.length === 0 && <Text c="dimmed">{t("measures.empty")}</Text>}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            w="fit-content"
            variant="default"
            rightSection={<IconChevronDown size={16} />}
            loading={begin.isPending}
          >
            {t("measures.take")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {measures.map(({ id, name }) => (
            <Menu.Item key={id} onClick={() => begin.mutate(id, { onSuccess: onBegun })}>
              {name} · {t(`measures.about.${id}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {error !== null && <FaultNote error={error} />}
      {begun.length > 0 && (
        <Stack component="section" gap="sm" aria-label={t("measures.begun")}>
          <Title order={2} size="h3">
            {t("measures.begun")}
          </Title>
          {begun.map(({ id, measure, date, answered, items, isWaiting }) => (
            <Group key={id} justify="space-between" className={draftClasses["draft"] ?? ""}>
              <Text translate="no">
                <b>{nameOf(measure)}</b> · {sayDate(date)} ·{" "}
                {isWaiting ? t("waits") : t("measures.answered", { done: answered, count: items })}
              </Text>
              {!isWaiting && (
                <Button
                  variant="default"
                  loading={edit.isPending && edit.variables === id}
                  onClick={() => edit.mutate(id, { onSuccess: onBegun })}
                >
                  {t("measures.go")}
                </Button>
              )}
            </Group>
          ))}
        </Stack>
      )}
    </Stack>
  );
}
