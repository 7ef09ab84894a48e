import {
  Button,
  Group,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import type { BookingRow, SeriesPart } from "../../worker/desks/calendarDesk.ts";
import { LENGTHS } from "./lengths.ts";
import { TakenNote } from "./TakenNote.tsx";

/** Another time or room for a booking, or for the rest of its series. */
export function MoveForm({
  booking,
  onClose,
  onBack,
}: {
  booking: BookingRow;
  onClose: () => void;
  onBack: () => void;
}) {
  const { t } = useTranslation("calendar");
  const [date, setDate] = useState(booking.start.slice(0, 10));
  const [time, setTime] = useState(booking.start.slice(11, 16));
  const [minutes, setMinutes] = useState(String(booking.minutes));
  const [room, setRoom] = useState(booking.room ?? "");
  const [part, setPart] = useState<SeriesPart>("this");
  const move = useAct(
    (desks, isForced: boolean) =>
      desks.calendar.change({
        booking,
        change: {
          start: `${date}T${time}`,
          minutes: Number(minutes),
          room: room.trim() === "" ? null : room.trim(),
        },
        part,
        isForced,
      }),
    [["calendar"], ["today"], ["caseload"]],
  );
  const send = (isForced: boolean): void =>
    move.mutate(isForced, { onSuccess: ({ isDone }) => isDone && onClose() });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send(false);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <SimpleGrid cols={{ base: 2, xs: 3 }}>
          <DateField label={t("form.date")} value={date} onDate={setDate} autoFocus />
          <TextInput
            type="time"
            label={t("form.time")}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
          <Select
            label={t("form.minutes")}
            data={LENGTHS.includes(minutes) ? LENGTHS : [minutes, ...LENGTHS]}
            value={minutes}
            onChange={(value) => setMinutes(value ?? minutes)}
            allowDeselect={false}
          />
        </SimpleGrid>
        <TextInput
          label={t("form.room")}
          value={room}
          onChange={(event) => setRoom(event.currentTarget.value)}
        />
        {booking.series !== undefined && (
          <SegmentedControl
            aria-label={t("part.label")}
            value={part}
            onChange={(value) => setPart(value)}
            data={(["this", "following", "all"] as const).map((value) => ({
              value,
              label: t(`part.${value}`),
            }))}
          />
        )}
        {move.data?.isDone === false && (
          <TakenNote
            conflicts={move.data.conflicts}
            isPending={move.isPending}
            onForce={() => send(true)}
          />
        )}
        {move.error !== null && <FaultNote error={move.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onBack}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={move.isPending} disabled={date === "" || time === ""}>
            {t("move")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
