import { Button, Checkbox, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayDate } from "../../app/dates.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { OpenInvitation } from "../../worker/desks/inviteDesk.ts";

const TOPICS = [["approvals"], ["people"]];

/** The invitations that this device made: who has answered with which words, and how to take one back. */
export function OpenInvitations() {
  const { t } = useTranslation("invitations");
  const [compared, setCompared] = useState<ReadonlySet<string>>(new Set());
  const { data, error, refetch, isFetching } = useView(["approvals", "invitations"], (desks) =>
    desks.invite.list(),
  );
  const confirm = useAct(
    (desks, members: readonly string[]) => desks.invite.confirm(members),
    TOPICS,
  );
  const cancel = useAct((desks, member: string) => desks.invite.cancel(member), TOPICS);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting />;
  const failure = confirm.error ?? cancel.error;
  const ready = data.filter(({ member, state }) => state === "answered" && compared.has(member));
  const toggle = (member: string, isCompared: boolean): void => {
    const next = new Set(compared);
    if (isCompared) next.add(member);
    else next.delete(member);
    setCompared(next);
  };
  return (
    <Stack component="section" aria-label={t("open.title")} gap="md">
      <Group justify="space-between">
        <Title order={2}>{t("open.title")}</Title>
        <Button size="xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
          {t("open.again")}
        </Button>
      </Group>
      {confirm.data !== undefined && (
        <Text role="status">
          {t("open.confirmed", { count: confirm.data.members - confirm.data.pending })}{" "}
          {confirm.data.pending > 0 && t("open.pending", { count: confirm.data.pending })}
        </Text>
      )}
      {data.length === 0 && <Text c="dimmed">{t("open.none")}</Text>}
      {data.map((each) => (
        <InvitationLine
          key={each.member}
          invitation={each}
          isCompared={compared.has(each.member)}
          isBusy={cancel.isPending || confirm.isPending}
          onCompared={(isCompared) => toggle(each.member, isCompared)}
          onCancel={() => cancel.mutate(each.member)}
        />
      ))}
      {failure !== null && <FaultNote error={failure} />}
      {data.some(({ state }) => state === "answered") && (
        <Group>
          <Button
            loading={confirm.isPending}
            disabled={ready.length === 0}
            onClick={() => confirm.mutate(ready.map(({ member }) => member))}
          >
            {t("open.confirm", { count: Math.max(1, ready.length) })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function InvitationLine({
  invitation: { name, roles, until, state, words },
  isCompared,
  isBusy,
  onCompared,
  onCancel,
}: {
  invitation: OpenInvitation;
  isCompared: boolean;
  isBusy: boolean;
  onCompared: (isCompared: boolean) => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation("invitations");
  const { t: tApp } = useTranslation("app");
  const day = sayDate(new Date(until * 1000).toISOString());
  return (
    <Group justify="space-between" align="flex-start">
      <Stack gap={4} maw={520}>
        <Text>
          <Text span fw={600} translate="no">
            {name}
          </Text>{" "}
          <Text span size="sm" c="dimmed">
            {roles.map((role) => tApp(`roles.${role}`)).join(", ")}
          </Text>
        </Text>
        <Text size="sm">{t(`state.${state}`, { day })}</Text>
        {words !== null && (
          <>
            <Code block fz="md" w="fit-content">
              {words}
            </Code>
            <Checkbox
              label={t("open.compared", { name })}
              checked={isCompared}
              onChange={(event) => onCompared(event.currentTarget.checked)}
            />
          </>
        )}
      </Stack>
      <Button
        size="xs"
        variant="default"
        disabled={isBusy}
        aria-label={t("open.withdrawOf", { name })}
        onClick={onCancel}
      >
        {t("open.withdraw")}
      </Button>
    </Group>
  );
}
