import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { RiskPlan } from "@sinetti/practice";

import { sayDate } from "../../../../app/dates.ts";
import { Fact } from "./Fact.tsx";
import classes from "./SafetyPlan.module.css";
import { STEPS } from "./safetySteps.ts";

/** One version of a risk assessment; of it the safety plan alone goes on paper. */
export function SafetyPlan({
  plan,
  isPrinted,
}: {
  plan: RiskPlan;
  /** Whether this one is what printing gives. */
  isPrinted: boolean;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const { level, concerns, makingSafe, reasonsForLiving, reviewOn } = plan;
  const isAlarming = level === "high" || level === "acute";
  return (
    <Stack gap="sm">
      <Text>
        <Text span {...(isAlarming ? { c: "alarm", fw: 620 } : { fw: 620 })}>
          {tRecord(`state.risk.${level}`)}
        </Text>
        {reviewOn !== undefined && ` · ${t("plan.reviewOnDay", { date: sayDate(reviewOn) })}`}
      </Text>
      <Fact label={t("risk.concerns")} text={concerns} />
      <Stack gap="sm" className={isPrinted ? (classes["printed"] ?? "") : ""}>
        <Text className={classes["heading"] ?? ""}>{t("risk.paper")}</Text>
        {STEPS.map((name) => (
          <Fact key={name} label={t(`risk.step.${name}`)} text={plan[name]} />
        ))}
        <Fact label={t("risk.step.makingSafe")} text={makingSafe} />
        <Fact label={t("risk.reasons")} text={reasonsForLiving} />
        <Text className={classes["heading"] ?? ""}>{t("risk.emergency")}</Text>
      </Stack>
    </Stack>
  );
}
