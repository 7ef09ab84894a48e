import { Anchor, Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Today as TodayView } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { localDate, sayClock, sayDay, sayWholeDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import { AccessDue } from "./AccessDue.tsx";
import { wantSession } from "../record/note/wantedSession.ts";
import { Alerts, AnsweredAlerts } from "./Alerts.tsx";
import { BeforeOffice } from "./BeforeOffice.tsx";
import { Line, Lines, Room, ToRecord } from "./Room.tsx";
import { Schedule } from "./Schedule.tsx";
import { SupervisionDue } from "./SupervisionDue.tsx";

/** What there is to do today: a therapist's own day, or the site's for the office. */
export default function Today() {
  const { me } = useHere();
  if (me.roles.includes("therapist")) return <OwnDay />;
  if (me.roles.includes("office")) return <SiteDay />;
  return me.roles.includes("privacy") ? <OfficerDay /> : <SupervisorDay />;
}

/** A supervisor who treats nobody here: the records that were granted to them. */
const SupervisorDay = () => (
  <Stack gap="xl">
    <ScreenHead title={sayWholeDate(localDate(new Date()))} />
    <SupervisionDue isAlone />
  </Stack>
);

/** A privacy officer who has neither patients nor a desk: what there is to review. */
function OfficerDay() {
  const { t } = useTranslation("today");
  return (
    <Stack gap="xl">
      <ScreenHead title={sayWholeDate(localDate(new Date()))} />
      <AccessDue saysNothing />
      <SupervisionDue isAlone />
      <Text c="dimmed">
        <Anchor component={Link} to="/watch">
          {t("access.toWatch")}
        </Anchor>
      </Text>
    </Stack>
  );
}

function OwnDay() {
  const { t } = useTranslation("today");
  const { data, error, refetch } = useView(["today", "own"], (desks) => desks.today.own());
  return (
    <Stack gap="xl">
      <ScreenHead title={sayWholeDate(data?.today ?? localDate(new Date()))}>
        <Button component={Link} to="/register">
          {t("register")}
        </Button>
      </ScreenHead>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      <AccessDue />
      <BeforeOffice />
      {data !== undefined && <OwnDayRooms day={data} />}
      <SupervisionDue />
    </Stack>
  );
}

function OwnDayRooms({ day }: { day: TodayView }) {
  const { t } = useTranslation("today");
  const isQuiet = [day.appointments, day.unfinished, day.alerts, day.reviews, day.nextDays].every(
    (each) => each.length === 0,
  );
  const waits =
    day.alerts.length + day.unfinished.length + day.reviews.length + day.answered.length > 0;
  return (
    <SimpleGrid cols={{ base: 1, lg: waits ? 2 : 1 }} spacing={48} verticalSpacing="xl">
      <Stack gap="xl">
        <Room title={t("schedule")}>
          {day.appointments.length === 0 ? (
            <Text c="dimmed">{t("noAppointments")}</Text>
          ) : (
            <Schedule rows={day.appointments} />
          )}
        </Room>
        {day.nextDays.length > 0 && <NextDays days={day.nextDays} />}
        {isQuiet && (
          <Text c="dimmed">
            {t("quiet")}{" "}
            <Anchor component={Link} to="/register">
              {t("register")}
            </Anchor>
          </Text>
        )}
      </Stack>
      {waits && (
        <Stack gap="xl">
          {day.alerts.length > 0 && <Alerts rows={day.alerts} />}
          {day.unfinished.length > 0 && (
            <Room title={t("unfinished", { count: day.unfinished.length })}>
              <Lines>
                {day.unfinished.map((each) => (
                  <ToFinish key={`${each.patient}${each.date}`} session={each} />
                ))}
              </Lines>
            </Room>
          )}
          {day.reviews.length > 0 && (
            <Room title={t("reviews")}>
              <Lines>
                {day.reviews.map(({ patient, name, due, isOverdue }) => (
                  <Line
                    key={patient}
                    who={<ToRecord patient={patient} name={name} />}
                    what={t(isOverdue ? "reviewOverdue" : "reviewDue", { date: sayDay(due) })}
                  />
                ))}
              </Lines>
            </Room>
          )}
          {day.answered.length > 0 && <AnsweredAlerts rows={day.answered} />}
        </Stack>
      )}
    </SimpleGrid>
  );
}

function NextDays({ days }: { days: TodayView["nextDays"] }) {
  const { t } = useTranslation("today");
  return (
    <Room title={t("nextDays")}>
      <Lines>
        {days.map(({ date, count, first }) => (
          <Line
            key={date}
            who={sayDay(date)}
            what={t("appointments", { count, first: sayClock(first.slice(0, 16)) })}
          />
        ))}
      </Lines>
    </Room>
  );
}

function SiteDay() {
  const { t } = useTranslation("today");
  const today = localDate(new Date());
  const { data, error, refetch } = useView(["today", "site", today], (desks) =>
    desks.today.site(today),
  );
  return (
    <Stack gap="xl">
      <ScreenHead title={sayWholeDate(today)}>
        <Button component={Link} to="/register">
          {t("register")}
        </Button>
      </ScreenHead>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data?.bookings.length === 0 && (
        <Text c="dimmed">
          {t("noAppointments")}{" "}
          <Anchor component={Link} to="/calendar">
            {t("toCalendar")}
          </Anchor>
        </Text>
      )}
      {data !== undefined && data.bookings.length > 0 && (
        <Room title={t("schedule")}>
          <Schedule rows={data.bookings} />
        </Room>
      )}
      <SupervisionDue isAlone />
    </Stack>
  );
}

/** A session without a note; one press begins it. */
function ToFinish({
  session: { patient, name, date, isOverdue },
}: {
  session: TodayView["unfinished"][number];
}) {
  const { t } = useTranslation("today");
  return (
    <Line
      who={<ToRecord patient={patient} name={name} />}
      what={
        <>
          {t(isOverdue ? "noteOverdue" : "noteOf", { date: sayDay(date) })}
          <Anchor
            component={Link}
            to={`/records/${patient}`}
            hash="note/new"
            ml="sm"
            underline="always"
            onClick={() => wantSession(patient, date)}
            aria-label={t("writeOf", { name, date: sayDay(date) })}
          >
            {t("write")}
          </Anchor>
        </>
      }
    />
  );
}
