import { Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { Today as TodayView } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { localDate, sayDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import { Schedule } from "./Schedule.tsx";
import classes from "./Today.module.css";

/** What there is to do today: a therapist's own day, or the site's for the office. */
export default function Today() {
  const { me } = useHere();
  return me.roles.includes("therapist") ? <OwnDay /> : <SiteDay />;
}

function OwnDay() {
  const { t } = useTranslation("today");
  const { data, error, refetch } = useView(["today", "own"], (desks) => desks.today.own());
  return (
    <Stack gap="xl" className={classes["page"] ?? ""}>
      <Group justify="space-between">
        <Title order={1}>{sayDate(data?.today ?? localDate(new Date()))}</Title>
        <Button component={Link} to="/register">
          {t("register")}
        </Button>
      </Group>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <OwnDayRooms day={data} />}
    </Stack>
  );
}

function OwnDayRooms({ day }: { day: TodayView }) {
  const { t } = useTranslation("today");
  const isQuiet = [day.appointments, day.unfinished, day.alerts, day.reviews, day.nextDays].every(
    (each) => each.length === 0,
  );
  return (
    <>
      {day.alerts.length > 0 && (
        <Room title={t("alerts")}>
          {day.alerts.map(({ patient, name, measure, total, date }) => (
            <Group key={`${patient}${measure}`} gap="sm" wrap="nowrap" align="flex-start">
              <IconAlertTriangle size={18} color="var(--mantine-color-alarm-6)" aria-hidden />
              <Text>
                <ToRecord patient={patient} name={name} />{" "}
                {t("alert", { measure: measure.toUpperCase(), total, date: sayDate(date) })}
              </Text>
            </Group>
          ))}
        </Room>
      )}
      <Room title={t("schedule")}>
        {day.appointments.length === 0 ? (
          <Text c="dimmed">{t("noAppointments")}</Text>
        ) : (
          <Schedule rows={day.appointments} />
        )}
      </Room>
      {day.unfinished.length > 0 && (
        <Room title={t("unfinished", { count: day.unfinished.length })}>
          {day.unfinished.map(({ patient, name, date, isOverdue }) => (
            <Text key={`${patient}${date}`}>
              <ToRecord patient={patient} name={name} />{" "}
              <Text span c="dimmed">
                {t(isOverdue ? "noteOverdue" : "noteOf", { date: sayDate(date) })}
              </Text>
            </Text>
          ))}
        </Room>
      )}
      {day.reviews.length > 0 && (
        <Room title={t("reviews")}>
          {day.reviews.map(({ patient, name, due, isOverdue }) => (
            <Text key={patient}>
              <ToRecord patient={patient} name={name} />{" "}
              <Text span c="dimmed">
                {t(isOverdue ? "reviewOverdue" : "reviewDue", { date: sayDate(due) })}
              </Text>
            </Text>
          ))}
        </Room>
      )}
      {day.nextDays.length > 0 && (
        <Room title={t("nextDays")}>
          {day.nextDays.map(({ date, count, first }) => (
            <Text key={date}>
              {sayDate(date)}{" "}
              <Text span c="dimmed">
                {t("appointments", { count, first: first.slice(11, 16) })}
              </Text>
            </Text>
          ))}
        </Room>
      )}
      {isQuiet && (
        <Text c="dimmed">
          {t("quiet")}{" "}
          <Anchor component={Link} to="/register">
            {t("register")}
          </Anchor>
        </Text>
      )}
    </>
  );
}

function SiteDay() {
  const { t } = useTranslation("today");
  const today = localDate(new Date());
  const { data, error, refetch } = useView(["today", "site", today], (desks) =>
    desks.today.site(today),
  );
  return (
    <Stack gap="xl" className={classes["page"] ?? ""}>
      <Title order={1}>{sayDate(today)}</Title>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data?.bookings.length === 0 && <Text c="dimmed">{t("noAppointments")}</Text>}
      {data !== undefined && data.bookings.length > 0 && (
        <Room title={t("schedule")}>
          <Schedule rows={data.bookings} />
        </Room>
      )}
    </Stack>
  );
}

/** One thing to look at, with its heading. */
function Room({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack component="section" gap="xs">
      <Title order={2}>{title}</Title>
      {children}
    </Stack>
  );
}

function ToRecord({ patient, name }: { patient: string; name: string }) {
  return (
    <Anchor component={Link} to={`/records/${patient}`} underline="always">
      {name}
    </Anchor>
  );
}
