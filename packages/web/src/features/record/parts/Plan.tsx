import { useTranslation } from "react-i18next";

import { sayDate } from "../../../app/dates.ts";
import type { PartProps } from "../parts.ts";
import { CareGate } from "./care/CareGate.tsx";
import { CareLines } from "./care/CareLines.tsx";
import { PlanForm } from "./care/PlanForm.tsx";
import { PlanView } from "./care/PlanView.tsx";

const sayDay = (date: string): string => (date.length < 10 ? date : sayDate(date));

/** Treatment plans, each with every version that it had. */
export default function Plan({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  return (
    <CareGate patient={patient}>
      {({ plan, canWrite }) => (
        <CareLines
          patient={patient}
          kind="plan"
          lines={plan}
          canWrite={canWrite}
          words={{ empty: t("plan.empty"), none: t("plan.none"), add: t("plan.add") }}
          isOver={({ body: { status } }) => status === "completed" || status === "revoked"}
          titleOf={({ body: { title, start } }) =>
            title ?? t("plan.untitled", { start: start === undefined ? "" : sayDay(start) })
          }
          draw={({ body }) => <PlanView plan={body} />}
          form={(props) => <PlanForm patient={patient} {...props} />}
        />
      )}
    </CareGate>
  );
}
