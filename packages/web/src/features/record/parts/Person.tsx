import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../app/FaultNote.tsx";
import { Waiting } from "../../../app/Waiting.tsx";
import { sayDate, sayInstant } from "../../../app/dates.ts";
import { useView } from "../../../app/useDesk.ts";
import type { PersonRoom } from "../../../worker/desks/personDesk.ts";
import { KeptForms } from "../KeptForms.tsx";
import type { PartProps } from "../parts.ts";
import { ContactForm } from "./person/ContactForm.tsx";
import { Contacts } from "./person/Contacts.tsx";
import { PersonForm } from "./person/PersonForm.tsx";
import { PersonView } from "./person/PersonView.tsx";

/** A form, and the entry that it changes. */
interface Edited {
  readonly form: string;
  readonly changes: string | null;
}

/** Who the patient is, whom to reach, and how long the record is kept. */
export default function Person({ patient }: PartProps) {
  const { t } = useTranslation("chart");
  const {
    data: room,
    error,
    refetch,
  } = useView(["record", patient, "person"], (desks) => desks.person.read(patient));
  const [edited, setEdited] = useState<Edited | null>(null);
  const [outcome, setOutcome] = useState<string | null>(null);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (room === undefined) return <Waiting />;
  if (room === null) return <Text c="dimmed">{t("person.notYours")}</Text>;
  const [newest] = room.versions;
  const close = (state: string | null): void => {
    setEdited(null);
    setOutcome(state);
  };
  if (edited?.form === "person" && newest !== undefined)
    return (
      <PersonForm
        patient={patient}
        changes={edited.changes ?? newest.entry}
        before={newest.person}
        newest={newest.entry}
        onClose={close}
      />
    );
  if (edited?.form === "contact")
    return (
      <ContactForm
        patient={patient}
        changes={edited.changes}
        before={room.contacts.find(({ entry }) => entry === edited.changes) ?? null}
        onClose={close}
      />
    );
  return (
    <Stack gap="xl">
      {outcome !== null && <Text role="status">{t(`person.outcome.${outcome}`)}</Text>}
      {room.canWrite && (
        <KeptForms patient={patient} forms={["person", "contact"]} onGo={setEdited} />
      )}
      <Identity
        room={room}
        onEdit={() => setEdited({ form: "person", changes: newest?.entry ?? null })}
      />
      <Contacts
        patient={patient}
        contacts={room.contacts}
        canWrite={room.canWrite}
        onEdit={(contact) => setEdited({ form: "contact", changes: contact?.entry ?? null })}
      />
      <Keeping room={room} />
    </Stack>
  );
}

function Identity({
  room: { versions, codeChanges, canWrite },
  onEdit,
}: {
  room: PersonRoom;
  onEdit: () => void;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const [areShown, shown] = useDisclosure(false);
  const [current, ...earlier] = versions;
  if (current === undefined) return <Text c="dimmed">{t("person.empty")}</Text>;
  return (
    <Stack gap="sm">
      <PersonView person={current.person} />
      {codeChanges.map(({ old, on, reason }) => (
        <Text key={old.value} size="sm">
          {t("person.oldCode", { code: old.value, date: sayDate(on) })}{" "}
          {t(`person.codeReasons.${reason}`)}
        </Text>
      ))}
      <Text size="sm" c="dimmed">
        {tRecord("written", { by: current.by ?? tRecord("somebody"), at: sayInstant(current.at) })}
      </Text>
      <Group gap="xs">
        {canWrite && (
          <Button variant="default" onClick={onEdit}>
            {t("change")}
          </Button>
        )}
        {earlier.length > 0 && (
          <Button variant="subtle" aria-expanded={areShown} onClick={shown.toggle}>
            {areShown ? t("hideEarlier") : tRecord("earlier", { count: earlier.length })}
          </Button>
        )}
      </Group>
      {areShown &&
        earlier.map(({ entry, by, at, person }) => (
          <Stack key={entry} gap="xs" pl="md">
            <Text size="sm" c="dimmed">
              {tRecord("written", { by: by ?? tRecord("somebody"), at: sayInstant(at) })}
            </Text>
            <PersonView person={person} />
          </Stack>
        ))}
    </Stack>
  );
}

/** How long the record is kept, as far as that can be said. */
function Keeping({ room: { retention, isHeld } }: { room: PersonRoom }) {
  const { t } = useTranslation("chart");
  return (
    <Text size="sm" c="dimmed">
      {retention === null
        ? t("person.keptUnknown")
        : t("person.kept", { date: sayDate(retention.due) })}{" "}
      {isHeld && t("person.held")}
    </Text>
  );
}
