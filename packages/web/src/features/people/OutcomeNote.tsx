import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { sayInstant } from "../../app/dates.ts";
import type { Outcome } from "../../worker/desks/peopleDesk.ts";

/** What became of an order: done, or what it waits for. */
export function OutcomeNote({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation("people");
  return <Text role="status">{t(`outcome.${wordOf(outcome)}`, { at: dueOf(outcome) })}</Text>;
}

const wordOf = ({ state, dueAt }: Outcome): string => {
  if (state === "done") return "done";
  return dueAt === null ? "person" : "time";
};

const dueOf = ({ dueAt }: Outcome): string =>
  dueAt === null ? "" : sayInstant(new Date(dueAt * 1000).toISOString());
