import { Alert, Button, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { IntrudingOrder, PendingOrder } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { sayInstant } from "../../app/dates.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import { OutcomeNote } from "./OutcomeNote.tsx";

/** What waits for a second person or for its time; who does not know of it can withdraw it here. */
export function WaitingOrders() {
  const { t } = useTranslation("people");
  const { data, error } = useView(["approvals"], (desks) => desks.people.waiting());
  const approve = useAct(
    (desks, order: string) => desks.people.approve(order),
    [["approvals"], ["people"], ["me"]],
  );
  const refuse = useAct(
    (desks, order: string) => desks.people.refuse(order),
    [["approvals"], ["people"]],
  );
  if (error !== null) return <FaultNote error={error} />;
  if (data === undefined) return null;
  const failure = approve.error ?? refuse.error;
  if (data.orders.length === 0 && approve.data === undefined) return null;
  const isBusy = approve.isPending || refuse.isPending;
  return (
    <Stack component="section" aria-label={t("waiting.title")} gap="sm">
      <Title order={2}>{t("waiting.title")}</Title>
      {approve.data !== undefined && <OutcomeNote outcome={approve.data} />}
      {failure !== null && <FaultNote error={failure} />}
      {data.intruding.map((each) => (
        <Intruding
          key={each.order}
          order={each}
          isBusy={isBusy}
          onRefuse={() => refuse.mutate(each.order)}
        />
      ))}
      {data.orders.map((each) => (
        <WaitingOrder
          key={each.order}
          order={each}
          isBusy={isBusy}
          onApprove={() => approve.mutate(each.order)}
          onRefuse={() => refuse.mutate(each.order)}
        />
      ))}
    </Stack>
  );
}

const sayDue = (dueAt: number): string => sayInstant(new Date(dueAt * 1000).toISOString());

function Intruding({
  order: { kind, by, dueAt },
  isBusy,
  onRefuse,
}: {
  order: IntrudingOrder;
  isBusy: boolean;
  onRefuse: () => void;
}) {
  const { t } = useTranslation("people");
  const what = kind === "recover" ? "recover" : by === "kit" ? "kit" : "device";
  return (
    <Alert role="alert" color="alarm" icon={<IconAlertTriangle />} title={t(`intruding.${what}`)}>
      {dueAt !== null && <Text size="sm">{t("intruding.due", { at: sayDue(dueAt) })}</Text>}
      <Text size="sm">{t("intruding.todo")}</Text>
      <Button mt="sm" size="xs" color="alarm" loading={isBusy} onClick={onRefuse}>
        {t("intruding.refuse")}
      </Button>
    </Alert>
  );
}

function WaitingOrder({
  order,
  isBusy,
  onApprove,
  onRefuse,
}: {
  order: PendingOrder;
  isBusy: boolean;
  onApprove: () => void;
  onRefuse: () => void;
}) {
  const { t } = useTranslation("people");
  const { t: tApp } = useTranslation("app");
  const { kind, newcomer, declared, aim, dueAt } = order;
  const { data: known } = useView(["people"], (desks) => desks.people.list());
  const nameOf = (member: string): string =>
    known?.people.find((each) => each.member === member)?.name ?? member;
  return (
    <Group justify="space-between" align="flex-start">
      <Stack gap={2} maw={520}>
        <Text fw={620}>{t(`kind.${kind.replace(".", "-")}`)}</Text>
        {newcomer !== null && (
          <>
            <Text size="sm">
              {t("waiting.newcomer", {
                roles: newcomer.roles.map((role) => tApp(`roles.${role}`)).join(", "),
              })}
            </Text>
            <Code block>{newcomer.words}</Code>
          </>
        )}
        {declared !== null && (
          <>
            <Text size="sm">{t("waiting.declared", { database: declared.database })}</Text>
            <Code block style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>
              {declared.policy}
            </Code>
          </>
        )}
        {aim.members.length > 0 && (
          <Text size="sm" translate="no">
            {t("waiting.members", { names: aim.members.map(nameOf).join(", ") })}
          </Text>
        )}
        {aim.roles.length > 0 && (
          <Text size="sm">
            {t("waiting.roles", {
              roles: aim.roles.map((role) => tApp(`roles.${role}`)).join(", "),
            })}
          </Text>
        )}
        {aim.facts.length > 0 && (
          <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {aim.facts.map(({ name, value }) => `${name}: ${value}`).join("\n")}
          </Code>
        )}
        {aim.asker !== null && (
          <Text size="sm" translate="no">
            {t("waiting.asker", { name: nameOf(aim.asker) })}
          </Text>
        )}
        {dueAt !== null && (
          <Text size="sm" c="dimmed">
            {t("waiting.due", { at: sayDue(dueAt) })}
          </Text>
        )}
      </Stack>
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={isBusy} onClick={onRefuse}>
          {t("waiting.refuse")}
        </Button>
        <Button size="xs" loading={isBusy} onClick={onApprove}>
          {t("waiting.approve")}
        </Button>
      </Group>
    </Group>
  );
}
