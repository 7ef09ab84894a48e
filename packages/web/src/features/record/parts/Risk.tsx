import { Button } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { useAct } from "../../../app/useDesk.ts";
import type { PartProps } from "../parts.ts";
import { CareGate } from "./care/CareGate.tsx";
import { CareLines } from "./care/CareLines.tsx";
import { RiskForm } from "./care/RiskForm.tsx";
import { SafetyPlan } from "./care/SafetyPlan.tsx";

/** Risk assessments with their safety plans; the newest can go with the patient on paper. */
export default function Risk({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  return (
    <CareGate patient={patient}>
      {({ riskPlan, canWrite }) => {
        const printed = riskPlan.find(({ takenBack }) => takenBack === null)?.current.entry;
        return (
          <CareLines
            patient={patient}
            kind="riskPlan"
            lines={riskPlan}
            canWrite={canWrite}
            words={{ empty: t("risk.empty"), none: t("risk.none"), add: t("risk.add") }}
            titleOf={() => t("risk.title")}
            draw={({ entry, body }) => <SafetyPlan plan={body} isPrinted={entry === printed} />}
            form={(props) => <RiskForm patient={patient} {...props} />}
            more={({ entry }) => (entry === printed ? <PrintPlan patient={patient} /> : null)}
          />
        );
      }}
    </CareGate>
  );
}

/** Printing is giving out: it stands in the record before the paper does. */
function PrintPlan({ patient }: { patient: string }) {
  const { t } = useTranslation("chart");
  const log = useAct((desks) => desks.care.printPlan(patient), [["record", patient]]);
  const { isSuccess, submittedAt } = log;
  useEffect(() => {
    if (isSuccess) window.print();
  }, [isSuccess, submittedAt]);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPrinter size={16} />}
        loading={log.isPending}
        onClick={() => log.mutate(undefined)}
      >
        {t("risk.print")}
      </Button>
      {log.error !== null && <FaultNote error={log.error} />}
    </>
  );
}
