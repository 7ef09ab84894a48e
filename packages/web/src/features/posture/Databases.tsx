import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { DatabasePosture } from "@sinetti/client";

import { sayInstant } from "../../app/dates.ts";
import classes from "./Posture.module.css";

/** When each database was looked at last, and whether that is long ago. */
export function Databases({ databases }: { databases: readonly DatabasePosture[] }) {
  const { t } = useTranslation("posture");
  return (
    <Stack gap="xs" component="section" aria-labelledby="posture-databases">
      <Title order={2} id="posture-databases">
        {t("databases")}
      </Title>
      <dl className={classes["facts"]}>
        {databases.map((database) => (
          <div key={database.database}>
            <dt>{t(`database.${database.database}`)}</dt>
            <dd>
              <Looked database={database} />
            </dd>
          </div>
        ))}
      </dl>
    </Stack>
  );
}

function Looked({ database }: { database: DatabasePosture }) {
  const { t } = useTranslation("posture");
  const { state, looked, isLate, findings, left, blind } = database;
  if (looked === null) return <Text c="alarm">{t(`state.${state}`)}</Text>;
  const count = findings.length + left;
  return (
    <>
      <Group gap="xs">
        <Text>
          {t("looked", { at: sayInstant(looked) })}
          {", "}
          {count === 0 ? t("nothing") : t("count", { count })}
        </Text>
        {isLate && (
          <Badge color="alarm" variant="light">
            {t("late")}
          </Badge>
        )}
      </Group>
      {isLate && (
        <Text size="sm" c="dimmed">
          {t("lateWhat")}
        </Text>
      )}
      {blind.length > 0 && (
        <Text size="sm" c="dimmed">
          {t("blind", { count: blind.length, checks: blind.join(", ") })}
        </Text>
      )}
    </>
  );
}
