import { Button, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { localDate, sayDate } from "../../../app/dates.ts";
import { useAct } from "../../../app/useDesk.ts";
import type { CareRoom } from "../../../worker/desks/careDesk.ts";
import type { PartProps } from "../parts.ts";
import { CareGate } from "./care/CareGate.tsx";
import { CareLines } from "./care/CareLines.tsx";
import { DischargeForm } from "./care/DischargeForm.tsx";
import { Fact } from "./care/Fact.tsx";

const sayDay = (date: string): string => (date.length < 10 ? date : sayDate(date));

/** Who is responsible for the patient, since when, and how it ended. */
export default function Care({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  return (
    <CareGate patient={patient}>
      {(room) => (
        <Stack gap="lg">
          <Relationships patient={patient} room={room} />
          <CareLines
            patient={patient}
            kind="discharge"
            lines={room.discharge}
            canWrite={room.canWrite}
            words={{ empty: t("care.empty"), none: t("care.none"), add: t("care.end") }}
            titleOf={({ body: { on } }) => t("care.ended", { date: sayDay(on) })}
            draw={({ body }) => (
              <Stack gap="sm">
                <Text>{tRecord(`state.discharge.${body.reason}`)}</Text>
                <Fact label={t("care.summary")} text={body.summary} />
                <Fact label={t("care.recommendations")} text={body.recommendations} />
                <Fact label={t("care.referredTo")} text={body.referredTo} />
              </Stack>
            )}
            form={(props) => <DischargeForm patient={patient} {...props} />}
          />
        </Stack>
      )}
    </CareGate>
  );
}

function Relationships({
  patient,
  room: { careRelationship, canWrite },
}: {
  patient: string;
  room: CareRoom;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const begin = useAct(
    (desks, from: string) => desks.care.beginCare(patient, from),
    [["record", patient], ["caseload"]],
  );
  const held = careRelationship.filter(({ takenBack }) => takenBack === null);
  const isRunning = held.some(({ current: { body } }) =>
    ["active", "planned", "waiting", "on-hold"].includes(body.status),
  );
  return (
    <Stack component="section" gap="xs" aria-label={t("care.relationships")}>
      <Title order={2}>{t("care.relationships")}</Title>
      {held.length === 0 && <Text c="dimmed">{t("care.noRelationship")}</Text>}
      {held.map(({ current: { entry, by, body, therapist } }) => (
        <Text key={entry} translate="no">
          <b>{therapist ?? body.therapistName ?? by ?? tRecord("somebody")}</b> ·{" "}
          {tRecord(`state.care.${body.status}`)}
          {body.from !== undefined && ` · ${t("diagnosis.fromDay", { date: sayDay(body.from) })}`}
          {body.until !== undefined &&
            ` · ${t("diagnosis.untilDay", { date: sayDay(body.until) })}`}
        </Text>
      ))}
      {canWrite && !isRunning && (
        <Button
          w="fit-content"
          variant="default"
          loading={begin.isPending}
          onClick={() => begin.mutate(localDate(new Date()))}
        >
          {t("care.begin")}
        </Button>
      )}
      {begin.data === "waiting" && <Text role="status">{t("waits")}</Text>}
      {begin.error !== null && <FaultNote error={begin.error} />}
    </Stack>
  );
}
