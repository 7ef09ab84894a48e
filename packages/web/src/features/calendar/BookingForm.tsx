import {
  Anchor,
  Button,
  Group,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { localDate } from "../../app/dates.ts";
import { KeptText, RestoredNote } from "../../app/drafting/FormDraft.tsx";
import { FormGate } from "../../app/drafting/FormGate.tsx";
import { useForm } from "../../app/drafting/useForm.ts";
import { useHere } from "../../app/me.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { CalendarView } from "../../worker/desks/calendarDesk.ts";
import type { BegunForm } from "../../worker/desks/formDesk.ts";
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
      <FormGate<BookingDraft>
        place={{ form: "booking", about: rest.person?.patient ?? null, changes: null }}
      >
        {(begun) => <Form key={begun.id} begun={begun} {...rest} onClose={onClose} />}
      </FormGate>
    </Modal>
  );
}

/** What is typed into it. */
interface BookingDraft {
  readonly patient: string | null;
  readonly therapist: string;
  readonly date: string;
  readonly time: string;
  readonly minutes: string;
  readonly room: string;
  readonly repeat: Repeat;
  readonly until: string;
}

function Form({
  begun,
  slot,
  view,
  person,
  onBooked,
  onClose,
}: Omit<BookingFormProps, "isOpen"> & { begun: BegunForm<BookingDraft> }) {
  const { t } = useTranslation("calendar");
  const { me } = useHere();
  const isTherapist = me.roles.includes("therapist");
  const asksWhom = isTherapist && person === undefined;
  const { data: patients = [] } = useView(["caseload"], (desks) => desks.caseload.list(), {
    enabled: asksWhom,
  });
  const { body, set, draft } = useForm(placed(begun, slot), () => ({
    patient: person?.patient ?? null,
    therapist: isTherapist ? me.member : (view.therapists[0]?.member ?? ""),
    date: slot?.date ?? localDate(new Date()),
    time: slot?.time ?? "09:00",
    minutes: "45",
    room: "",
    repeat: "none" as const,
    until: "",
  }));
  const { patient, therapist, date, time, minutes, room, repeat, until } = body;
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
  const leave = (): void => void draft.strike().then(onClose);
  const send = (isForced: boolean): void =>
    book.mutate(isForced, {
      onSuccess: ({ isDone }) => {
        if (!isDone) return;
        onBooked?.(`${date}T${time}`);
        leave();
      },
    });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send(false);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <RestoredNote draft={draft} isOvertaken={false} />
        {asksWhom && (
          <Select
            label={t("form.patient")}
            description={t("form.patientHint")}
            data={patients.map(({ patient: value, name }) => ({ value, label: name }))}
            value={patient}
            onChange={(value) => set({ patient: value })}
            searchable
            clearable
            data-autofocus
            autoFocus
          />
        )}
        {!isTherapist && person === undefined && (
          <Text size="sm">
            {t("form.fromPatient")}{" "}
            <Anchor component={Link} to="/find">
              {t("form.find")}
            </Anchor>
          </Text>
        )}
        {!isTherapist && (
          <Select
            label={t("form.therapist")}
            data={view.therapists.map(({ member, name }) => ({ value: member, label: name }))}
            value={therapist}
            onChange={(value) => set({ therapist: value ?? therapist })}
            allowDeselect={false}
            autoFocus
          />
        )}
        <SimpleGrid cols={{ base: 2, xs: 3 }}>
          <DateField
            label={t("form.date")}
            value={date}
            autoFocus={isTherapist && !asksWhom}
            onDate={(day) => set({ date: day })}
          />
          <TextInput
            type="time"
            label={t("form.time")}
            value={time}
            onChange={(event) => set({ time: event.currentTarget.value })}
          />
          <Select
            label={t("form.minutes")}
            data={LENGTHS}
            value={minutes}
            onChange={(value) => set({ minutes: value ?? minutes })}
            allowDeselect={false}
          />
        </SimpleGrid>
        <TextInput
          label={t("form.room")}
          value={room}
          onChange={(event) => set({ room: event.currentTarget.value })}
        />
        <Group grow align="flex-start">
          <Select
            label={t("form.repeat")}
            data={REPEATS.map((value) => ({ value, label: t(`repeat.${value}`) }))}
            value={repeat}
            onChange={(value) => set({ repeat: value ?? "none" })}
            allowDeselect={false}
          />
          {repeat !== "none" && (
            <DateField
              label={t("form.until")}
              value={until}
              onDate={(day) => set({ until: day })}
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
          <KeptText draft={draft} />
          <Button variant="default" onClick={leave}>
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

/** Who clicks on another hour means it, also where a draft was left. */
function placed(begun: BegunForm<BookingDraft>, slot: Slot | null): BegunForm<BookingDraft> {
  return begun.body === null || slot === null
    ? begun
    : { ...begun, body: { ...begun.body, ...slot } };
}
