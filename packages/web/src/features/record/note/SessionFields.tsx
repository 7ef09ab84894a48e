import { NativeSelect, NumberInput, SimpleGrid, TextInput } from "@mantine/core";
import type { NoteSession } from "@sinetti/practice";
import { memo } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../../app/DateField.tsx";
import { sayClock, sayDate } from "../../../app/dates.ts";
import type { SessionChoice } from "../../../worker/desks/noteDesk.ts";

const ATTENDANCE = [
  "attended",
  "late",
  "missed",
  "cancelled",
  "cancelled-late",
  "contact-only",
] as const;
const MODALITY = ["in-person", "video", "phone", "chat", "home-visit", "other"] as const;
const isOf = <T extends string>(list: readonly T[], value: string): value is T =>
  (list as readonly string[]).includes(value);

/** A new session with a start of its own, or without one. */
const startedAt = ({ start: _start, ...rest }: NoteSession, time: string): NoteSession =>
  time === "" ? rest : { ...rest, start: `${rest.date}T${time}` };

/** What a note is about: taken from the calendar where it says so, else written here. */
export const SessionFields = memo(function SessionFields({
  session,
  choices,
  onChange,
}: {
  session: NoteSession;
  choices: readonly SessionChoice[];
  onChange: (session: NoteSession) => void;
}) {
  const { t } = useTranslation("record");
  const time = session.start?.slice(11) ?? "";
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: choices.length > 0 ? 6 : 5 }}
      spacing="sm"
      role="group"
      aria-label={t("session.name")}
    >
      {choices.length > 0 && (
        <NativeSelect
          label={t("session.appointment")}
          value={
            choices.find(({ session: { appointment } }) => appointment === session.appointment)
              ?.key ?? ""
          }
          onChange={(event) => {
            const chosen = choices.find(({ key }) => key === event.currentTarget.value);
            if (chosen !== undefined) return onChange(chosen.session);
            const { appointment: _appointment, ...rest } = session;
            onChange(rest);
          }}
          data={[
            { value: "", label: t("session.none") },
            ...choices.map(({ key, session: { date, start } }) => ({
              value: key,
              label: `${sayDate(date)} ${start === undefined ? "" : sayClock(start)}`,
            })),
          ]}
        />
      )}
      <DateField
        label={t("session.date")}
        value={session.date}
        onDate={(date) => {
          if (date !== "") onChange(startedAt({ ...session, date }, time));
        }}
      />
      <TextInput
        label={t("session.start")}
        type="time"
        value={time}
        onChange={(event) => onChange(startedAt(session, event.currentTarget.value))}
      />
      <NumberInput
        label={t("session.minutes")}
        value={session.minutes}
        min={0}
        max={1440}
        step={5}
        allowDecimal={false}
        onChange={(value) => {
          const minutes = Number(value);
          if (Number.isInteger(minutes) && minutes >= 0 && minutes <= 1440)
            onChange({ ...session, minutes });
        }}
      />
      <NativeSelect
        label={t("session.attendance")}
        value={session.attendance}
        onChange={({ currentTarget: { value } }) => {
          if (isOf(ATTENDANCE, value)) onChange({ ...session, attendance: value });
        }}
        data={ATTENDANCE.map((value) => ({ value, label: t(`attendance.${value}`) }))}
      />
      <NativeSelect
        label={t("session.modality")}
        value={session.modality}
        onChange={({ currentTarget: { value } }) => {
          if (isOf(MODALITY, value)) onChange({ ...session, modality: value });
        }}
        data={MODALITY.map((value) => ({ value, label: t(`modality.${value}`) }))}
      />
    </SimpleGrid>
  );
});
