import { Button, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { PostureChange } from "@sinetti/client";

import { localDate, sayDate, sayDay, sayTime } from "../../app/dates.ts";
import classes from "./Posture.module.css";
import { changeRows, type ChangeRow } from "./findingRows.ts";

const SHOWN = 12;

/** What looks found changed, newest first, day by day. */
export function History({ changes }: { changes: readonly PostureChange[] }) {
  const { t } = useTranslation("posture");
  const [count, setCount] = useState(SHOWN);
  const rows = changeRows(changes);
  const days = Map.groupBy(rows.slice(0, count), ({ at }) => localDate(at));
  return (
    <Stack gap="xs" component="section" aria-labelledby="posture-history">
      <Title order={2} id="posture-history">
        {t("history.title")}
      </Title>
      {rows.length === 0 && <Text c="dimmed">{t("history.none")}</Text>}
      {[...days].map(([day, ofDay]) => (
        <Stack gap={4} key={day}>
          <Title order={3}>{sayDay(day)}</Title>
          <ol className={classes["history"]}>
            {ofDay.map((change, position) => (
              <Change key={`${change.at} ${position}`} change={change} />
            ))}
          </ol>
        </Stack>
      ))}
      {rows.length > count && (
        <Button w="fit-content" variant="default" onClick={() => setCount(count + SHOWN)}>
          {t("history.more")}
        </Button>
      )}
    </Stack>
  );
}

function Change({ change }: { change: ChangeRow }) {
  const { t } = useTranslation("posture");
  const { at, change: what, id, severity, object, databases, until } = change;
  const isGrave = severity === "critical" || severity === "high";
  const isAlarm = isGrave && what !== "mended" && what !== "excepted";
  const said = until === null ? t(`change.${what}`) : t("change.until", { date: sayDate(until) });
  return (
    <li data-alarm={isAlarm || undefined}>
      <time dateTime={at}>{sayTime(at)}</time>
      <div>
        <Text>
          {said}
          <Text span size="sm" c="dimmed">
            {` ${[
              id,
              ...(severity === null ? [] : [t(`severity.${severity}`)]),
              ...databases.map((each) => t(`database.${each}`)),
            ].join(", ")}`}
          </Text>
        </Text>
        <Text size="sm" ff="monospace" className={classes["object"] ?? ""} translate="no">
          {object}
        </Text>
      </div>
    </li>
  );
}
