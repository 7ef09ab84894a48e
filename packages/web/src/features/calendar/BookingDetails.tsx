import { Anchor, Button, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { BookingChange } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { sayInstant } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useAct } from "../../app/useDesk.ts";
import type { BookingRow, SeriesPart } from "../../worker/desks/calendarDesk.ts";
import { MoveForm } from "./MoveForm.tsx";

const STATUSES = ["done", "late", "missed", "cancelled", "cancelled-late"] as const;
const TOPICS = [["calendar"], ["today"], ["caseload"], ["office"], ["invoices"]] as const;

/** One booking: what became of it, another time, or its end. */
export function BookingDetails({
  booking,
  onClose,
}: {
  booking: BookingRow | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("calendar");
  return (
    <Modal
      opened={booking !== null}
      onClose={onClose}
      title={booking === null ? "" : (booking.shortName ?? t("blocked"))}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {booking !== null && <Details booking={booking} onClose={onClose} />}
    </Modal>
  );
}

/** Says what was done, with the way back. */
export function sayWithUndo(words: { said: string; undo: string }, undo: () => void): void {
  const id = notifications.show({
    autoClose: 10_000,
    message: (
      <Group justify="space-between">
        <Text size="sm">{words.said}</Text>
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          {words.undo}
        </Button>
      </Group>
    ),
  });
}

function Details({ booking, onClose }: { booking: BookingRow; onClose: () => void }) {
  const { t } = useTranslation("calendar");
  const { me } = useHere();
  const [part, setPart] = useState<SeriesPart>("this");
  const [moving, setMoving] = useState<"no" | "now" | "before">("no");
  const [isRemoving, setRemoving] = useState(false);
  const [patient] = booking.patients;
  const kind = patient === undefined ? "block" : "booking";
  const change = useAct(
    (desks, wish: { change: BookingChange; of: BookingRow }) =>
      desks.calendar.change({
        booking: wish.of,
        change: wish.change,
        part: "this",
        isForced: true,
      }),
    TOPICS,
  );
  const remove = useAct(
    (desks, of: SeriesPart) => desks.calendar.remove({ booking, part: of }),
    TOPICS,
  );
  const mark = (status: (typeof STATUSES)[number]): void =>
    change.mutate(
      { change: { status }, of: booking },
      {
        onSuccess: () => {
          onClose();
          const words = { said: t("marked", { status: t(`status.${status}`) }), undo: t("undo") };
          sayWithUndo(words, () =>
            change.mutate({ change: { status: booking.status }, of: marked(booking) }),
          );
        },
      },
    );
  if (isRemoving)
    return (
      <Stack>
        <Text>{t(`removal.${part === "this" ? kind : part}`)}</Text>
        <Text size="sm" c="dimmed">
          {t("removal.hint")}
        </Text>
        {remove.error !== null && <FaultNote error={remove.error} />}
        <Group justify="flex-end">
          <Button variant="default" autoFocus onClick={() => setRemoving(false)}>
            {t("removal.keep")}
          </Button>
          <Button
            color="alarm"
            loading={remove.isPending}
            onClick={() => remove.mutate(part, { onSuccess: onClose })}
          >
            {t("removal.now")}
          </Button>
        </Group>
      </Stack>
    );
  if (moving === "now")
    return <MoveForm booking={booking} onClose={onClose} onBack={() => setMoving("before")} />;
  return (
    <Stack>
      <Text>
        {sayInstant(booking.startsAt)}, {t("minutes", { count: booking.minutes })}
        {booking.room !== undefined && `, ${booking.room}`}
      </Text>
      <Text size="sm" c="dimmed">
        {booking.therapistShown} · {t(`status.${booking.status}`)}
        {booking.series !== undefined && ` · ${t("inSeries")}`}
      </Text>
      {patient !== undefined && me.roles.includes("therapist") && (
        <Anchor component={Link} to={`/records/${patient}`}>
          {t("toRecord")}
        </Anchor>
      )}
      {patient !== undefined && (
        <Anchor component={Link} to={`/patients/${patient}`}>
          {t("toPatient")}
        </Anchor>
      )}
      {patient !== undefined && (
        <Group gap="xs">
          {STATUSES.filter((each) => each !== booking.status).map((status) => (
            <Button
              key={status}
              size="xs"
              variant="default"
              disabled={change.isPending}
              onClick={() => mark(status)}
            >
              {t(`status.${status}`)}
            </Button>
          ))}
        </Group>
      )}
      {change.error !== null && <FaultNote error={change.error} />}
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
      <Group justify="space-between">
        <Button variant="subtle" color="stone" onClick={() => setRemoving(true)}>
          {t("remove")}
        </Button>
        <Button autoFocus={moving === "before"} onClick={() => setMoving("now")}>
          {t("move")}
        </Button>
      </Group>
    </Stack>
  );
}

/** A date of a series stands by itself once it was marked. */
const marked = (booking: BookingRow): BookingRow =>
  booking.key === booking.series
    ? { ...booking, key: `${booking.series}/${booking.date}` }
    : booking;
