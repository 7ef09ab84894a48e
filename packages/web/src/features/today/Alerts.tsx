import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Alert } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { sayDate, sayInstant } from "../../app/dates.ts";
import { useAct } from "../../app/useDesk.ts";
import { Line, Lines, Room, ToRecord } from "./Room.tsx";

const FIRST_ALERTS = 5;

/** The newest first; the rest on demand, so that they do not hide what else waits. */
export function Alerts({ rows }: { rows: readonly Alert[] }) {
  const { t } = useTranslation("today");
  const [areAll, setAll] = useState(false);
  return (
    <Room title={t("alerts")}>
      <Lines>
        {(areAll ? rows : rows.slice(0, FIRST_ALERTS)).map((alert) => (
          <OpenAlert key={`${alert.patient}${alert.measure}`} alert={alert} />
        ))}
      </Lines>
      {rows.length > FIRST_ALERTS && !areAll && (
        <Button variant="subtle" w="fit-content" ml={-12} onClick={() => setAll(true)}>
          {t("allAlerts", { count: rows.length })}
        </Button>
      )}
    </Room>
  );
}

/** An alert is quiet once it was seen; it goes when risk was assessed. */
function OpenAlert({ alert: { patient, name, measure, total, date, seen } }: { alert: Alert }) {
  const { t } = useTranslation("today");
  const mark = useAct(
    (desks, isSeen: boolean) => desks.today.markAlert({ patient, measure, date, total, isSeen }),
    [["today"]],
  );
  const words = { measure: measure.toUpperCase(), total, date: sayDate(date) };
  const isSeen = seen !== undefined;
  return (
    <Line
      who={
        <>
          {!isSeen && (
            <IconAlertTriangle size={18} color="var(--mantine-color-alarm-6)" aria-hidden />
          )}
          <ToRecord patient={patient} name={name} />
        </>
      }
      what={isSeen ? t("alertSeen", words) : t("alert", words)}
      more={
        <Stack gap={0}>
          <Group gap="sm">
            {isSeen && (
              <Text size="sm" c="dimmed">
                {t("seenAt", { at: sayInstant(seen) })}
              </Text>
            )}
            <Anchor
              component={Link}
              to={`/records/${patient}`}
              hash="risk"
              size="sm"
              underline="always"
              aria-label={t("assessOf", { name })}
            >
              {t("assess")}
            </Anchor>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={t(isSeen ? "notSeenOf" : "markSeenOf", { name, ...words })}
              onClick={() => mark.mutate(!isSeen)}
            >
              {t(isSeen ? "notSeen" : "markSeen")}
            </Button>
          </Group>
          {mark.error !== null && <FaultNote error={mark.error} />}
        </Stack>
      }
    />
  );
}

/** Alerts after which risk was assessed, until the measure is taken again. */
export function AnsweredAlerts({ rows }: { rows: readonly Alert[] }) {
  const { t } = useTranslation("today");
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <Stack gap="xs">
      <Button variant="subtle" w="fit-content" ml={-12} aria-expanded={isOpen} onClick={toggle}>
        {t("answered", { count: rows.length })}
      </Button>
      {isOpen && (
        <Lines>
          {rows.map(({ patient, name, measure, total, date, seen, assessed }) => (
            <Line
              key={`${patient}${measure}`}
              who={<ToRecord patient={patient} name={name} />}
              what={[
                t("alertSeen", { measure: measure.toUpperCase(), total, date: sayDate(date) }),
                seen === undefined ? null : t("seenAt", { at: sayInstant(seen) }),
                assessed === undefined ? null : t("assessedAt", { at: sayInstant(assessed) }),
              ]
                .filter((each) => each !== null)
                .join(" · ")}
            />
          ))}
        </Lines>
      )}
    </Stack>
  );
}
