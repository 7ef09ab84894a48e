import { Button, Text, VisuallyHidden } from "@mantine/core";
import type { CSSProperties } from "react";
import { useTranslation } from "react-i18next";

import { sayClock, sayDate } from "../../app/dates.ts";
import type { BookingRow } from "../../worker/desks/calendarDesk.ts";
import type { Slot } from "./BookingForm.tsx";
import classes from "./Week.module.css";
import { addDays, lanesOf, minuteOf } from "./week.ts";

const WORK_DAYS = 5;
const ALL_DAYS = 7;
const FIRST_HOUR = 8;
const LAST_HOUR = 19;
const HOUR_PX = 58;

interface WeekProps {
  readonly monday: string;
  readonly today: string;
  readonly rows: readonly BookingRow[];
  readonly isMine: boolean;
  readonly onBook: (slot: Slot) => void;
  readonly onShow: (booking: BookingRow) => void;
}

/** The days of a week beside each other; below each other where there is no room. */
export function Week({ monday, today, rows, isMine, onBook, onShow }: WeekProps) {
  const byDay = Map.groupBy(rows, ({ start }) => start.slice(0, 10));
  const days = Array.from({ length: ALL_DAYS }, (_, index) => addDays(monday, index)).filter(
    (day, index) => index < WORK_DAYS || byDay.has(day),
  );
  const { first, last } = hoursOf(rows);
  return (
    <div
      className={classes["week"]}
      style={vars({ "--days": String(days.length), "--hour": `${HOUR_PX}px` })}
    >
      <div className={classes["hours"]} aria-hidden>
        {Array.from({ length: last - first }, (_, index) => (
          <Text key={index} size="xs" c="dimmed" className={classes["hour"] ?? ""}>
            {String(first + index).padStart(2, "0")}
          </Text>
        ))}
      </div>
      {days.map((day) => (
        <Day
          key={day}
          day={day}
          isToday={day === today}
          isOver={day < today}
          rows={byDay.get(day) ?? []}
          hours={{ first, last }}
          isMine={isMine}
          onBook={onBook}
          onShow={onShow}
        />
      ))}
    </div>
  );
}

/** What the style sheet reads. */
const vars = (values: Readonly<Record<`--${string}`, string>>): CSSProperties => values;

/** The hours that are drawn: a working day, and what lies outside it. */
function hoursOf(rows: readonly BookingRow[]): { first: number; last: number } {
  const starts = rows.map(({ start }) => Math.floor(minuteOf(start) / 60));
  const ends = rows.map(({ start, minutes }) => Math.ceil((minuteOf(start) + minutes) / 60));
  return {
    first: Math.max(0, Math.min(FIRST_HOUR, ...starts)),
    last: Math.min(24, Math.max(LAST_HOUR, ...ends)),
  };
}

function Day({
  day,
  isToday,
  isOver,
  rows,
  hours,
  isMine,
  onBook,
  onShow,
}: Omit<WeekProps, "monday" | "today"> & {
  day: string;
  isToday: boolean;
  isOver: boolean;
  hours: { first: number; last: number };
}) {
  const { t } = useTranslation("calendar");
  return (
    <section
      className={classes["day"]}
      aria-label={sayDate(day)}
      aria-current={isToday ? "date" : undefined}
      data-over={(isOver && rows.length === 0) || undefined}
    >
      <Text component="h2" size="sm" fw={isToday ? 700 : 500} {...(isToday && { c: "spruce" })}>
        {sayDate(day)}
      </Text>
      <div
        className={classes["hoursOfDay"]}
        style={vars({ "--tall": `${(hours.last - hours.first) * HOUR_PX}px` })}
      >
        {Array.from({ length: hours.last - hours.first }, (_, index) => {
          const time = `${String(hours.first + index).padStart(2, "0")}:00`;
          return (
            <button
              key={time}
              type="button"
              tabIndex={-1}
              className={classes["free"]}
              style={{ top: index * HOUR_PX }}
              aria-label={t("bookAt", { day: sayDate(day), time: sayClock(time) })}
              onClick={() => onBook({ date: day, time })}
            />
          );
        })}
        {lanesOf(rows).map(({ booking, lane, lanes }) => (
          <Block
            key={`${booking.key}${booking.date}`}
            booking={booking}
            place={{ lane, lanes, first: hours.first }}
            isMine={isMine}
            onShow={onShow}
          />
        ))}
      </div>
      {rows.length === 0 && (
        <Text size="sm" c="dimmed" className={classes["empty"] ?? ""}>
          {t("nothing")}
        </Text>
      )}
      <Button
        variant="subtle"
        size="xs"
        className={classes["add"] ?? ""}
        onClick={() => onBook({ date: day, time: "09:00" })}
      >
        {t("book")}
      </Button>
    </section>
  );
}

/** Aino Laine: AL. */
const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join("");

/** Aino Laine: Aino L.; what is hidden of it stands in the details. */
function briefly(name: string): string {
  const [given = "", ...family] = name.trim().split(/\s+/);
  return [given, ...family.slice(-1).map((word) => `${word.slice(0, 1)}.`)].join(" ");
}

function Block({
  booking,
  place: { lane, lanes, first },
  isMine,
  onShow,
}: {
  booking: BookingRow;
  place: { lane: number; lanes: number; first: number };
  isMine: boolean;
  onShow: (booking: BookingRow) => void;
}) {
  const { t } = useTranslation("calendar");
  const { start, minutes, status, patients } = booking;
  const isOff = status === "cancelled" || status === "cancelled-late" || status === "missed";
  const kind = patients.length === 0 ? "blocked" : isOff ? "off" : "held";
  const time = sayClock(start.slice(0, 16));
  const name = booking.shortName ?? (patients.length === 0 ? t("blocked") : "");
  const therapist = isMine ? "" : booking.therapistShown;
  const said = status === "booked" ? "" : t(`status.${status}`);
  const whole = [`${time} ${name}`, therapist, said].filter(Boolean).join(", ");
  return (
    <button
      type="button"
      title={whole}
      className={`${classes["block"]} ${classes[kind]}`}
      style={{
        top: ((minuteOf(start) - first * 60) / 60) * HOUR_PX,
        height: Math.max((minutes / 60) * HOUR_PX - 2, 22),
        left: `${(lane / lanes) * 100}%`,
        width: `calc(${100 / lanes}% - 3px)`,
      }}
      onClick={() => onShow(booking)}
    >
      <VisuallyHidden>{whole}</VisuallyHidden>
      <span className={classes["first"]} aria-hidden>
        <span className={classes["time"]}>{time}</span>
        <span className={classes["beside"]}>
          <span className={classes["whole"]}>{therapist}</span>
          <span className={classes["brief"]}>{initialsOf(therapist)}</span> {said}
        </span>
      </span>
      <span className={classes["who"]} aria-hidden>
        <span className={classes["whole"]}>{name}</span>
        <span className={classes["brief"]}>{patients.length === 0 ? name : briefly(name)}</span>
        <span className={classes["least"]}>{initialsOf(name)}</span>
      </span>
    </button>
  );
}
