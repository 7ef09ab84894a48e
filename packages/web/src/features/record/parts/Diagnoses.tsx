import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { codingText, type Diagnosis } from "@sinetti/practice";

import { sayDate } from "../../../app/dates.ts";
import type { PartProps } from "../parts.ts";
import { CareGate } from "./care/CareGate.tsx";
import { CareLines } from "./care/CareLines.tsx";
import { DiagnosisForm } from "./care/DiagnosisForm.tsx";

const sayDay = (date: string): string => (date.length < 10 ? date : sayDate(date));

/** Diagnoses: those that hold, and below those that are over or were refuted. */
export default function Diagnoses({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  return (
    <CareGate patient={patient}>
      {({ diagnosis, canWrite }) => (
        <CareLines
          patient={patient}
          kind="diagnosis"
          lines={diagnosis.toSorted(
            (a, b) => Number(isOther(a.current.body)) - Number(isOther(b.current.body)),
          )}
          canWrite={canWrite}
          words={{
            empty: t("diagnosis.empty"),
            none: t("diagnosis.none"),
            add: t("diagnosis.add"),
          }}
          isOver={({ body: { status, certainty } }) =>
            ["resolved", "inactive"].includes(status) ||
            ["refuted", "entered-in-error"].includes(certainty)
          }
          titleOf={({ body }) => codingText(body.code)}
          draw={({ body }) => <DiagnosisFacts diagnosis={body} />}
          form={(props) => <DiagnosisForm patient={patient} {...props} />}
        />
      )}
    </CareGate>
  );
}

const isOther = ({ rank }: Pick<Diagnosis, "rank">): boolean => rank !== "main";

function DiagnosisFacts({ diagnosis }: { diagnosis: Omit<Diagnosis, "source"> }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const { rank, status, certainty, classification, from, until } = diagnosis;
  const facts = [
    rank === undefined ? null : t(`diagnosis.ranks.${rank}`),
    tRecord(`state.diagnosis.${status}`),
    t(`diagnosis.certainties.${certainty}`),
    t(`diagnosis.classifications.${classification}`),
    from === undefined ? null : t("diagnosis.fromDay", { date: sayDay(from) }),
    until === undefined ? null : t("diagnosis.untilDay", { date: sayDay(until) }),
  ].filter((fact) => fact !== null);
  return <Text>{facts.join(" · ")}</Text>;
}
