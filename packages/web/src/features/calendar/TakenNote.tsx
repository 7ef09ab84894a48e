import { Alert, Button, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { sayInstant, sayTime } from "../../app/dates.ts";
import type { Taken } from "../../worker/desks/calendarDesk.ts";

const SHOWN = 5;

/** What stands where something was to be booked, and the way over it. Takes the focus, which the pressed button has lost. */
export function TakenNote({
  conflicts,
  isPending,
  onForce,
}: {
  conflicts: readonly Taken[];
  isPending: boolean;
  onForce: () => void;
}) {
  const { t } = useTranslation("calendar");
  const force = useRef<HTMLButtonElement>(null);
  useEffect(() => force.current?.focus(), [conflicts]);
  return (
    <Alert role="alert" color="stone" title={t("conflict.title")}>
      {conflicts.slice(0, SHOWN).map(({ from, to, name, over }) => (
        <Text key={from} size="sm">
          {sayInstant(from)}–{sayTime(to)}: {name ?? t("blocked")} (
          {over.map((each) => t(`conflict.${each}`)).join(", ")})
        </Text>
      ))}
      {conflicts.length > SHOWN && (
        <Text size="sm">{t("conflict.more", { count: conflicts.length - SHOWN })}</Text>
      )}
      <Button ref={force} mt="sm" size="xs" variant="default" loading={isPending} onClick={onForce}>
        {t("conflict.force")}
      </Button>
    </Alert>
  );
}
