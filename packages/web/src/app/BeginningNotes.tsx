import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useHere } from "./me.ts";

/** What the session found when it began, each until it is put away. */
export function BeginningNotes() {
  const { t } = useTranslation("app");
  const { beginning, me } = useHere();
  const [away, setAway] = useState<readonly string[]>([]);
  const { waiting, refused, strays, restored, unknownReleases } = beginning;
  const notes = [
    { id: "frozen", count: me.isFrozen ? 1 : 0, isAlarm: true },
    { id: "unknownReleases", count: unknownReleases, isAlarm: true },
    { id: "strays", count: strays.length, isAlarm: true },
    { id: "refused", count: refused.length, isAlarm: true },
    { id: "restored", count: restored.length, isAlarm: false },
    { id: "waiting", count: waiting, isAlarm: false },
  ].filter(({ id, count }) => count > 0 && !away.includes(id));
  if (notes.length === 0) return null;
  return (
    <Stack gap="xs" mb="lg" className="no-print">
      {notes.map(({ id, count, isAlarm }) => (
        <Alert
          key={id}
          role={isAlarm ? "alert" : "status"}
          color={isAlarm ? "alarm" : "stone"}
          icon={isAlarm ? <IconAlertTriangle /> : <IconInfoCircle />}
          withCloseButton
          closeButtonLabel={t("putAway")}
          onClose={() => setAway([...away, id])}
        >
          <Text size="sm">{t(`beginning.${id}`, { count })}</Text>
        </Alert>
      ))}
    </Stack>
  );
}
