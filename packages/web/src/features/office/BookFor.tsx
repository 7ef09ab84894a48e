import { Anchor, Button, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { localDate, sayClock, sayDay } from "../../app/dates.ts";
import { useView } from "../../app/useDesk.ts";
import { BookingForm, type BookedPerson } from "../calendar/BookingForm.tsx";
import { addDays, weekOf } from "../calendar/week.ts";

/** Books for the patient whose page this is: the front desk has no list of patients to choose from. */
export function BookFor({
  person,
  onBooked,
}: {
  person: BookedPerson;
  onBooked: (start: string) => void;
}) {
  const { t } = useTranslation("calendar");
  const [isOpen, { open, close }] = useDisclosure(false);
  const monday = weekOf(localDate(new Date()));
  const week = { from: monday, to: addDays(monday, 6), mine: false };
  const {
    data: view,
    error,
    refetch,
  } = useView(["calendar", monday, "all"], (desks) => desks.calendar.view(week), {
    enabled: isOpen,
  });
  return (
    <>
      <Button onClick={open} loading={isOpen && view === undefined && error === null}>
        {t("book")}
      </Button>
      {error !== null && (
        <Modal
          opened={isOpen}
          onClose={close}
          title={t("form.titleFor", { name: person.name })}
          closeButtonProps={{ "aria-label": t("close") }}
        >
          <FaultNote error={error} retry={() => void refetch()} />
        </Modal>
      )}
      {view !== undefined && error === null && (
        <BookingForm
          isOpen={isOpen}
          slot={null}
          view={view}
          person={person}
          onBooked={onBooked}
          onClose={close}
        />
      )}
    </>
  );
}

/** Says that it is booked, and where it stands. */
export function BookedNote({ start }: { start: string }) {
  const { t } = useTranslation("calendar");
  return (
    <Text role="status">
      {t("booked", { when: `${sayDay(start)} ${sayClock(start.slice(0, 16))}` })}{" "}
      <Anchor component={Link} to="/calendar">
        {t("title")}
      </Anchor>
    </Text>
  );
}
