import { Alert, List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { TableProblem } from "@sinetti/client";

const MOST_SHOWN = 20;
const RULES = [
  "missing",
  "unknown",
  "twice",
  "too-long",
  "reviewer-alone",
  "column-missing",
  "empty",
] as const;
const FIELDS = ["name", "roles", "site", "file"] as const;

/** What is wrong in a table of staff, by row and column; nobody of it is on the list. */
export function TableProblems({ problems }: { problems: readonly TableProblem[] }) {
  const { t } = useTranslation("invitations");
  const ruleOf = (rule: string): string =>
    t(`rule.${RULES.find((each) => each === rule) ?? "other"}`);
  const fieldOf = (field: string): string =>
    t(`field.${FIELDS.find((each) => each === field) ?? "file"}`);
  return (
    <Alert role="alert" color="stone" title={t("problems.title")}>
      <Text size="sm">{t("problems.kept")}</Text>
      <List size="sm">
        {problems.slice(0, MOST_SHOWN).map(({ row, field, rule }) => (
          <List.Item key={`${row} ${field} ${rule}`}>
            {t("problems.line", { row, field: fieldOf(field), rule: ruleOf(rule) })}
          </List.Item>
        ))}
      </List>
      {problems.length > MOST_SHOWN && (
        <Text size="sm">{t("problems.more", { count: problems.length - MOST_SHOWN })}</Text>
      )}
    </Alert>
  );
}
