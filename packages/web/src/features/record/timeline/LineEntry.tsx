import { Collapse, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { sayDate, sayInstant } from "../../../app/dates.ts";
import type { TimelineRow } from "../../../worker/record/timelineRow.ts";
import classes from "./Timeline.module.css";

/** A measure, a plan, a letter: one line that opens where it stands. */
export function LineEntry({ row }: { row: Extract<TimelineRow, { shape: "line" }> }) {
  const { t } = useTranslation("record");
  const [isOpen, { toggle }] = useDisclosure(false);
  const { summary, state, alerts, details, takenBack } = row.line;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      <UnstyledButton className={classes["line"] ?? ""} onClick={toggle} aria-expanded={isOpen}>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Chevron size={18} style={{ flex: "none", marginTop: 3 }} aria-hidden />
          <Text span translate="no" td={takenBack === null ? "none" : "line-through"}>
            <Text span c="dimmed">
              {sayDay(row.on)} · {t(`kind.${row.kind}`)}
            </Text>{" "}
            {summary} {state !== null && `· ${t(`state.${state}`)}`}{" "}
            {alerts.map((alert) => (
              <Text key={alert} span c="alarm" fw={620}>
                {t(`alert.${alert}`)}
              </Text>
            ))}
          </Text>
        </Group>
      </UnstyledButton>
      <Collapse expanded={isOpen}>
        <Stack gap="xs" pl={26} pb="sm">
          {details.map(({ key, text }) => (
            <div key={key}>
              <Text size="sm" c="dimmed">
                {t(`field.${key}`)}
              </Text>
              <Text className={classes["reading"] ?? ""} translate="no">
                {text}
              </Text>
            </div>
          ))}
          {takenBack !== null && <Text size="sm">{t("takenBack", { reason: takenBack })}</Text>}
          <Text size="sm" c="dimmed">
            {t("written", { by: row.by ?? t("somebody"), at: sayInstant(row.at) })}
          </Text>
        </Stack>
      </Collapse>
    </>
  );
}

/** A day of which perhaps only the year or the month is known. */
const sayDay = (on: string): string => (on.length < 10 ? on : sayDate(on));
