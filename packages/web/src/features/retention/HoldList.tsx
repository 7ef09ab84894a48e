import { List } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Hold } from "@sinetti/client";

import { sayBirthDate } from "../../app/dates.ts";

/** The holds of a patient: one line for each reason and end, however many records it holds. */
export function HoldList({ holds }: { holds: readonly Hold[] }) {
  const { t } = useTranslation("retention");
  const lines = new Set(
    holds.map(({ reason, until }) =>
      until === null
        ? t("hold.open-ended", { reason: t(`hold.reason.${reason}`) })
        : t("hold.ending", { reason: t(`hold.reason.${reason}`), on: sayBirthDate(until) }),
    ),
  );
  return (
    <List size="sm">
      {[...lines].map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}
