import { Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { localDate, sayDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import type { BookingRow } from "../../worker/desks/calendarDesk.ts";
import { BookingDetails } from "./BookingDetails.tsx";
import { BookingForm, type Slot } from "./BookingForm.tsx";
import { Week } from "./Week.tsx";
import { addDays, weekOf } from "./week.ts";

const DAYS = 7;

/** A week of the calendar: the own one, or everybody's. */
export default function Calendar() {
  const { t } = useTranslation("calendar");
  const { me } = useHere();
  const isTherapist = me.roles.includes("therapist");
  const [monday, setMonday] = useState(() => weekOf(localDate(new Date())));
  const [isMine, setMine] = useState(isTherapist);
  const [slot, setSlot] = useState<Slot | null>(null);
  const [shown, setShown] = useState<BookingRow | null>(null);
  const [isBooking, booking] = useDisclosure(false);
  const sunday = addDays(monday, DAYS - 1);
  const { data, error, refetch } = useView(["calendar", monday, isMine ? "mine" : "all"], (desks) =>
    desks.calendar.view({ from: monday, to: sunday, mine: isMine }),
  );
  const book = (at: Slot | null): void => {
    setSlot(at);
    booking.open();
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        <Button onClick={() => book(null)} className="no-print">
          {t("book")}
        </Button>
      </Group>
      <Group justify="space-between" className="no-print">
        <Group gap="xs">
          <Button
            variant="default"
            px="xs"
            aria-label={t("before")}
            onClick={() => setMonday(addDays(monday, -DAYS))}
          >
            <IconChevronLeft size={18} />
          </Button>
          <Button variant="default" onClick={() => setMonday(weekOf(localDate(new Date())))}>
            {t("today")}
          </Button>
          <Button
            variant="default"
            px="xs"
            aria-label={t("after")}
            onClick={() => setMonday(addDays(monday, DAYS))}
          >
            <IconChevronRight size={18} />
          </Button>
          <Text aria-live="polite" fw={620}>
            {sayDate(monday)} – {sayDate(sunday)}
          </Text>
        </Group>
        <Group gap="xs">
          {isTherapist && (
            <SegmentedControl
              aria-label={t("whose")}
              value={isMine ? "mine" : "all"}
              onChange={(value) => setMine(value === "mine")}
              data={[
                { value: "mine", label: t("mine") },
                { value: "all", label: t("all") },
              ]}
            />
          )}
          <Button
            variant="default"
            leftSection={<IconPrinter size={16} />}
            visibleFrom="sm"
            onClick={() => print()}
          >
            {t("print")}
          </Button>
        </Group>
      </Group>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && (
        <Week
          monday={monday}
          today={data.today}
          rows={data.rows}
          isMine={isMine}
          onBook={book}
          onShow={setShown}
        />
      )}
      {data !== undefined && data.closed.length > 0 && (
        <Text size="sm" c="dimmed">
          {t("closed", { months: data.closed.join(", ") })}
        </Text>
      )}
      {data !== undefined && (
        <BookingForm isOpen={isBooking} slot={slot} view={data} onClose={booking.close} />
      )}
      <BookingDetails booking={shown} onClose={() => setShown(null)} />
    </Stack>
  );
}
