import { Alert, Button, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { sayInstant } from "../../app/dates.ts";
import { useAct } from "../../app/useDesk.ts";
import type { BookingRow, SeriesPart } from "../../worker/desks/calendarDesk.ts";

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
  const [room, setRoom] = useState(booking.room ?? "");
  const [part, setPart] = useState<SeriesPart>("this");
  const move = useAct(
    (desks, isForced: boolean) =>
      desks.calendar.change({
        booking,
        change: { start: `${date}T${time}`, room: room.trim() === "" ? null : room.trim() },
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
        <Group grow>
          <TextInput
            type="date"
            label={t("form.date")}
            value={date}
            onChange={(event) => setDate(event.currentTarget.value)}
            autoFocus
          />
          <TextInput
            type="time"
            label={t("form.time")}
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
        </Group>
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
          <Alert role="alert" color="stone" title={t("conflict.title")}>
            {move.data.conflicts.slice(0, 5).map(({ at, over }) => (
              <Text key={at} size="sm">
                {sayInstant(at)}: {over.map((each) => t(`conflict.${each}`)).join(", ")}
              </Text>
            ))}
            <Button mt="sm" size="xs" variant="default" onClick={() => send(true)}>
              {t("conflict.force")}
            </Button>
          </Alert>
        )}
        {move.error !== null && <FaultNote error={move.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onBack}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={move.isPending}>
            {t("move")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
