import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { localDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { CalendarView } from "../../worker/desks/calendarDesk.ts";
import { LENGTHS } from "./lengths.ts";
import { TakenNote } from "./TakenNote.tsx";

/** Where somebody clicked. */
export interface Slot {
  readonly date: string;
  readonly time: string;
}

/** For whom it is, where that is known already. */
export interface BookedPerson {
  readonly patient: string;
  readonly name: string;
}

interface BookingFormProps {
  readonly isOpen: boolean;
  readonly slot: Slot | null;
  readonly view: Pick<CalendarView, "therapists">;
  readonly person?: BookedPerson;
  readonly onBooked?: (start: string) => void;
  readonly onClose: () => void;
}

const REPEATS = ["none", "week", "two-weeks", "month"] as const;
type Repeat = (typeof REPEATS)[number];

/** Books an appointment or a series, or blocks time. */
export function BookingForm({ isOpen, onClose, ...rest }: BookingFormProps) {
  const { t } = useTranslation("calendar");
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={
        rest.person === undefined ? t("form.title") : t("form.titleFor", { name: rest.person.name })
      }
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Form {...rest} onClose={onClose} />
    </Modal>
  );
}

function Form({ slot, view, person, onBooked, onClose }: Omit<BookingFormProps, "isOpen">) {
  const { t } = useTranslation("calendar");
  const { me } = useHere();
  const isTherapist = me.roles.includes("therapist");
  const asksWhom = isTherapist && person === undefined;
  const { data: patients = [] } = useView(["caseload"], (desks) => desks.caseload.list(), {
    enabled: asksWhom,
  });
  const [patient, setPatient] = useState<string | null>(person?.patient ?? null);
  const [therapist, setTherapist] = useState(
    isTherapist ? me.member : (view.therapists[0]?.member ?? ""),
  );
  const [date, setDate] = useState(slot?.date ?? localDate(new Date()));
  const [time, setTime] = useState(slot?.time ?? "09:00");
  const [minutes, setMinutes] = useState("45");
  const [room, setRoom] = useState("");
  const [repeat, setRepeat] = useState<Repeat>("none");
  const [until, setUntil] = useState("");
  const book = useAct(
    (desks, isForced: boolean) => {
      const shortName = person?.name ?? patients.find((each) => each.patient === patient)?.name;
      return desks.calendar.book({
        appointment: {
          start: `${date}T${time}`,
          minutes: Number(minutes),
          therapist,
          patients: patient === null ? [] : [patient],
          ...(shortName !== undefined && { shortName }),
          ...(room.trim() !== "" && { room: room.trim() }),
        },
        repeat: repeat === "none" ? null : { every: repeat, until: until === "" ? null : until },
        isForced,
      });
    },
    [["calendar"], ["today"], ["caseload"]],
  );
  const send = (isForced: boolean): void =>
    book.mutate(isForced, {
      onSuccess: ({ isDone }) => {
        if (!isDone) return;
        onBooked?.(`${date}T${time}`);
        onClose();
      },
    });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send(false);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {asksWhom && (
          <Select
            label={t("form.patient")}
            description={t("form.patientHint")}
            data={patients.map(({ patient: value, name }) => ({ value, label: name }))}
            value={patient}
            onChange={setPatient}
            searchable
            clearable
            data-autofocus
          />
        )}
        {!isTherapist && (
          <Select
            label={t("form.therapist")}
            data={view.therapists.map(({ member, name }) => ({ value: member, label: name }))}
            value={therapist}
            onChange={(value) => setTherapist(value ?? therapist)}
            allowDeselect={false}
          />
        )}
        <Group grow align="flex-start">
          <TextInput
            type="date"
            label={t("form.date")}
            value={date}
            onChange={(event) => setDate(event.currentTarget.value)}
          />
          <TextInput
            type="time"
            label={t("form.time")}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
          <Select
            label={t("form.minutes")}
            data={LENGTHS}
            value={minutes}
            onChange={(value) => setMinutes(value ?? minutes)}
            allowDeselect={false}
          />
        </Group>
        <TextInput
          label={t("form.room")}
          value={room}
          onChange={(event) => setRoom(event.currentTarget.value)}
        />
        <Group grow align="flex-start">
          <Select
            label={t("form.repeat")}
            data={REPEATS.map((value) => ({ value, label: t(`repeat.${value}`) }))}
            value={repeat}
            onChange={(value) => setRepeat(value ?? "none")}
            allowDeselect={false}
          />
          {repeat !== "none" && (
            <TextInput
              type="date"
              label={t("form.until")}
              value={until}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          )}
        </Group>
        {book.data?.isDone === false && (
          <TakenNote
            conflicts={book.data.conflicts}
            isPending={book.isPending}
            onForce={() => send(true)}
          />
        )}
        {book.error !== null && <FaultNote error={book.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={book.isPending} disabled={date === "" || time === ""}>
            {patient === null ? t("form.block") : t("book")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
