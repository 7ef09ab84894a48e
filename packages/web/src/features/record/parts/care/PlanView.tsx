import { Group, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { codingText } from "@sinetti/practice";
import type { Plan } from "@sinetti/practice";

import { sayDate } from "../../../../app/dates.ts";
import { Fact } from "./Fact.tsx";

const sayDay = (date: string): string => (date.length < 10 ? date : sayDate(date));

/** One version of a plan. */
export function PlanView({ plan }: { plan: Omit<Plan, "source"> }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const { agreement, objectives, interventions } = plan;
  const facts = [
    tRecord(`state.plan.${plan.status}`),
    plan.start === undefined ? null : t("plan.since", { date: sayDay(plan.start) }),
    plan.reviewOn === undefined ? null : t("plan.reviewOnDay", { date: sayDay(plan.reviewOn) }),
  ].filter((fact) => fact !== null);
  return (
    <Stack gap="sm">
      <Text>{facts.join(" · ")}</Text>
      <Fact label={t("plan.problem")} text={plan.problem} />
      <Fact label={t("plan.diagnoses")} text={plan.diagnoses.map(codingText)} />
      <Fact label={t("plan.strengths")} text={plan.strengths} />
      <Fact label={t("plan.goals")} text={plan.longTermGoals} />
      {objectives.length > 0 && <Objectives objectives={objectives} />}
      <Fact
        label={t("plan.interventions")}
        text={interventions.map(({ text, by, frequency, status }) =>
          [text, by, frequency, t(`plan.doing.${status}`)].filter(Boolean).join(" · "),
        )}
      />
      <Fact label={t("plan.dischargeCriteria")} text={plan.dischargeCriteria} />
      {agreement !== undefined && (
        <Text>
          {t(agreement.agreed ? "plan.didAgree" : "plan.didNotAgree", {
            date: sayDay(agreement.on),
          })}{" "}
          <span translate="no">{agreement.remark}</span>
        </Text>
      )}
    </Stack>
  );
}

function Objectives({ objectives }: { objectives: Plan["objectives"] }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  return (
    <Table captionSide="top" maw="44rem">
      <Table.Caption ta="start">{t("plan.objectives")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("plan.objectiveText")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("plan.baseline")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("plan.target")}</Table.Th>
          <Table.Th>{t("plan.state")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody translate="no">
        {objectives.map(({ id, text, baseline, target, due, status }) => (
          <Table.Tr key={id}>
            <Table.Td>
              {text}
              <Group hiddenFrom="sm" gap={4}>
                <Text size="sm" c="dimmed">
                  {[baseline, target].filter(Boolean).join(" → ")}
                </Text>
              </Group>
            </Table.Td>
            <Table.Td visibleFrom="sm">{baseline}</Table.Td>
            <Table.Td visibleFrom="sm">{target}</Table.Td>
            <Table.Td>
              {tRecord(`state.goal.${status}`)}
              {due !== undefined && (
                <Text size="sm" c="dimmed">
                  {t("plan.until", { date: sayDay(due) })}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
