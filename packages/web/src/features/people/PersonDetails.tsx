import { Button, Checkbox, Divider, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { PersonRow } from "@sinetti/client";
import type { Role } from "@sinetti/core";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useHere } from "../../app/me.ts";
import { useAct } from "../../app/useDesk.ts";
import { ConsentForm } from "./ConsentForm.tsx";
import { DeviceName } from "./DeviceName.tsx";
import { OutcomeNote } from "./OutcomeNote.tsx";
import { ROLE_CHOICE } from "./roleChoice.ts";

/** One person: roles, devices, and the end of either. */
export function PersonDetails({
  person,
  onClose,
}: {
  person: PersonRow | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("people");
  return (
    <Modal
      opened={person !== null}
      onClose={onClose}
      title={person?.name ?? t("unnamed")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {person !== null && <Details person={person} />}
    </Modal>
  );
}

const TOPICS = [["people"], ["approvals"], ["me"]] as const;

function Details({ person }: { person: PersonRow }) {
  const { t } = useTranslation("people");
  const { me } = useHere();
  const isAdmin = me.roles.includes("admin");
  const endDevice = useAct((desks, device: string) => desks.people.endDevice(device), TOPICS);
  const [isConsenting, setConsenting] = useState(false);
  const live = person.devices.filter(({ isEnded }) => !isEnded);
  return (
    <Stack>
      <Stack gap={2}>
        <Text size="sm" c="dimmed">
          {t("memberId")}
        </Text>
        <Text size="sm" ff="monospace">
          {person.member}
        </Text>
      </Stack>
      <Text fw={620}>{t("devices.title", { count: live.length })}</Text>
      {live.map((row) => (
        <Group key={row.device} justify="space-between" wrap="nowrap">
          <DeviceName row={row} canName={isAdmin || person.isMe} />
          {(isAdmin || person.isMe) && live.length > 1 && (
            <Button
              size="xs"
              variant="default"
              loading={endDevice.isPending}
              aria-label={t("devices.endOf", { name: row.name ?? row.device.slice(0, 12) })}
              onClick={() => endDevice.mutate(row.device)}
            >
              {t("devices.end")}
            </Button>
          )}
        </Group>
      ))}
      {endDevice.error !== null && <FaultNote error={endDevice.error} />}
      {endDevice.data !== undefined && <OutcomeNote outcome={endDevice.data} />}
      {!person.isMe && person.roles.includes("therapist") && (
        <Group>
          <Button size="xs" variant="default" onClick={() => setConsenting(true)}>
            {t("consent.open")}
          </Button>
          <ConsentForm
            who={
              isConsenting ? { member: person.member, name: person.name ?? "", file: null } : null
            }
            onClose={() => setConsenting(false)}
          />
        </Group>
      )}
      {isAdmin && person.roles.length > 0 && (
        <>
          <Divider />
          <Roles person={person} />
          {!person.isMe && <End person={person} />}
        </>
      )}
    </Stack>
  );
}

function Roles({ person }: { person: PersonRow }) {
  const { t } = useTranslation("people");
  const { t: tApp } = useTranslation("app");
  const [roles, setRoles] = useState<readonly Role[]>(person.roles);
  const change = useAct(
    (desks, chosen: readonly Role[]) => desks.people.setRoles(person.member, chosen),
    TOPICS,
  );
  const isSame = [...roles].sort().join() === [...person.roles].sort().join();
  return (
    <Stack gap="sm">
      <Checkbox.Group label={t("roles")} value={[...roles]} onChange={(chosen) => setRoles(chosen)}>
        <Stack gap={4} mt="xs">
          {ROLE_CHOICE.map((role) => (
            <Checkbox key={role} value={role} label={tApp(`roles.${role}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
      {change.error !== null && <FaultNote error={change.error} />}
      {change.data !== undefined && <OutcomeNote outcome={change.data} />}
      <Group>
        <Button
          size="xs"
          disabled={isSame || roles.length === 0}
          loading={change.isPending}
          onClick={() => change.mutate(roles)}
        >
          {t("changeRoles")}
        </Button>
      </Group>
    </Stack>
  );
}

function End({ person }: { person: PersonRow }) {
  const { t } = useTranslation("people");
  const [isSure, setSure] = useState(false);
  const end = useAct((desks, member: string) => desks.people.end(member), TOPICS);
  if (end.data !== undefined) return <OutcomeNote outcome={end.data} />;
  return (
    <Stack gap="xs">
      <Text size="sm">{t("end.what")}</Text>
      {end.error !== null && <FaultNote error={end.error} />}
      <Checkbox
        label={t("end.sure", { name: person.name ?? t("unnamed") })}
        checked={isSure}
        onChange={(event) => setSure(event.currentTarget.checked)}
      />
      <Group>
        <Button
          size="xs"
          color="alarm"
          variant="outline"
          disabled={!isSure}
          loading={end.isPending}
          onClick={() => end.mutate(person.member)}
        >
          {t("end.now")}
        </Button>
      </Group>
    </Stack>
  );
}
