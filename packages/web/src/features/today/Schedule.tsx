import { Anchor, Group, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Booking } from "@sinetti/practice";

import { sayTime } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import classes from "./Today.module.css";

/** One appointment; `therapistShown` where several therapists stand below each other. */
interface Row extends Booking {
  readonly therapistShown?: string;
}

/** The appointments of a day, in order of time; the next one stands out. */
export function Schedule({ rows }: { rows: readonly Row[] }) {
  const { t } = useTranslation("today");
  const { me } = useHere();
  const folder = me.roles.includes("therapist") ? "records" : "patients";
  const now = Date.now();
  const next = rows.find(({ endsAt, status }) => status === "booked" && Date.parse(endsAt) > now);
  return (
    <Stack gap={0} component="ol" className={classes["schedule"] ?? ""}>
      {rows.map((row) => {
        const [patient] = row.patients;
        return (
          <Group
            key={`${row.key}${row.date}`}
            component="li"
            gap="md"
            wrap="nowrap"
            className={classes["slot"] ?? ""}
            aria-current={row === next ? "time" : undefined}
          >
            <Text fw={row === next ? 700 : 500} className={classes["time"] ?? ""}>
              {sayTime(row.startsAt)}
            </Text>
            {patient !== undefined ? (
              <Anchor component={Link} to={`/${folder}/${patient}`} fw={row === next ? 620 : 400}>
                {row.shortName}
              </Anchor>
            ) : (
              <Text>{row.shortName ?? t("blocked")}</Text>
            )}
            <Text c="dimmed" size="sm">
              {[row.therapistShown, t("minutes", { count: row.minutes }), row.room]
                .filter(Boolean)
                .join(", ")}
            </Text>
            {row.status !== "booked" && (
              <Text size="sm" c="dimmed">
                {t(`status.${row.status}`)}
              </Text>
            )}
          </Group>
        );
      })}
    </Stack>
  );
}
