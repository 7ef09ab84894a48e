import { Badge, Button, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { PersonRow } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import { AddPerson } from "./AddPerson.tsx";
import { Freezes } from "./Freezes.tsx";
import { LetDeviceIn } from "./LetDeviceIn.tsx";
import { PersonDetails } from "./PersonDetails.tsx";
import { WaitingOrders } from "./WaitingOrders.tsx";

/** Who works in the practice, on which devices; what waits for a second person; what is frozen. */
export default function People() {
  const { t } = useTranslation("people");
  const { me } = useHere();
  const isAdmin = me.roles.includes("admin");
  const [isAdding, adding] = useDisclosure(false);
  const [isLetting, letting] = useDisclosure(false);
  const [shown, setShown] = useState<PersonRow | null>(null);
  const { data, error, refetch } = useView(["people", "list"], (desks) => desks.people.list());
  return (
    <Stack gap="xl">
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        <Group gap="sm">
          <Button variant="default" onClick={letting.open}>
            {t("letIn.open")}
          </Button>
          {isAdmin && (
            <Button variant="default" component={Link} to="/invitations">
              {t("invite")}
            </Button>
          )}
          {isAdmin && <Button onClick={adding.open}>{t("add.open")}</Button>}
        </Group>
      </Group>
      <WaitingOrders />
      <Freezes people={data?.people ?? []} />
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <PeopleTable people={data.people} onShow={setShown} />}
      {data?.people.length === 1 && <Text c="dimmed">{t("alone")}</Text>}
      <LetDeviceIn isOpen={isLetting} onClose={letting.close} />
      {isAdmin && <AddPerson isOpen={isAdding} onClose={adding.close} />}
      <PersonDetails person={shown} onClose={() => setShown(null)} />
    </Stack>
  );
}

function PeopleTable({
  people,
  onShow,
}: {
  people: readonly PersonRow[];
  onShow: (person: PersonRow) => void;
}) {
  const { t } = useTranslation("people");
  const { t: tApp } = useTranslation("app");
  return (
    <Table verticalSpacing="xs" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("name")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("roles")}</Table.Th>
          <Table.Th visibleFrom="sm">{t("since")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Table.Tr key={person.member}>
            <Table.Td>
              <Button variant="transparent" px={0} h="auto" onClick={() => onShow(person)}>
                {person.name ?? t("unnamed")}
              </Button>
              {person.isMe && (
                <Text span size="sm" c="dimmed" ml="xs">
                  {t("you")}
                </Text>
              )}
              <Group gap={4} component="span" display="inline-flex" ml="xs">
                {person.roles.length === 0 && <Badge color="stone">{t("ended")}</Badge>}
                {person.isFrozen && <Badge color="alarm">{t("frozen")}</Badge>}
                {person.isTrainee && <Badge variant="light">{t("trainee")}</Badge>}
              </Group>
              <Text size="sm" c="dimmed" hiddenFrom="sm">
                {person.roles.map((role) => tApp(`roles.${role}`)).join(", ")}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">
              {person.roles.map((role) => tApp(`roles.${role}`)).join(", ")}
            </Table.Td>
            <Table.Td visibleFrom="sm">{sayDate(person.joined)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
