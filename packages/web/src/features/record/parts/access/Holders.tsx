import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../../app/FaultNote.tsx";
import { sayDate } from "../../../../app/dates.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { AccessRoom, HeldPart, HolderRow } from "../../../../worker/desks/accessDesk.ts";
import { GrantForm } from "./GrantForm.tsx";

/** Who can open this record, until when, and why; who may grant it gives and takes here. */
export function Holders({ patient, room }: { patient: string; room: AccessRoom }) {
  const { t } = useTranslation("chart");
  const [isGranting, setGranting] = useState(false);
  const [asked, setAsked] = useState<HolderRow | null>(null);
  const revoke = useAct(
    (desks, member: string) => desks.access.revoke(patient, member),
    [["record", patient]],
  );
  return (
    <Stack gap="sm">
      {room.canGrant && room.colleagues.length > 0 && (
        <Button w="fit-content" variant="default" onClick={() => setGranting(true)}>
          {t("access.grant")}
        </Button>
      )}
      {room.holders.map((holder) => (
        <Group key={`${holder.kind} ${holder.id}`} justify="space-between" gap="sm" maw={720}>
          <HolderFacts holder={holder} code={room.code} />
          {room.canGrant && holder.kind === "member" && !holder.isMe && (
            <Button
              variant="subtle"
              size="xs"
              onClick={() => {
                revoke.reset();
                setAsked(holder);
              }}
            >
              {t("access.revoke")}
            </Button>
          )}
        </Group>
      ))}
      <GrantForm
        patient={patient}
        room={room}
        isOpen={isGranting}
        onClose={() => setGranting(false)}
      />
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={t("access.revoke")}
        closeButtonProps={{ "aria-label": t("cancel") }}
      >
        <Stack>
          <Text size="sm">{t("access.revokeAsk", { name: asked?.name ?? "" })}</Text>
          {revoke.error !== null && <FaultNote error={revoke.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(null)}>
              {t("cancel")}
            </Button>
            <Button
              loading={revoke.isPending}
              onClick={() => revoke.mutate(asked?.id ?? "", { onSuccess: () => setAsked(null) })}
            >
              {t("access.revokeNow")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

function HolderFacts({
  holder: { kind, name, isMe, readsNoName, parts },
  code,
}: {
  holder: HolderRow;
  code: string | null;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const say = ({ canWrite, until, reason }: HeldPart): string =>
    [
      kind === "recovery" ? tRecord("seal.split") : tRecord(canWrite ? "seal.write" : "seal.read"),
      tRecord(`seal.reason.${reason}`),
      until === null ? tRecord("seal.noEnd") : tRecord("seal.until", { date: sayDate(until) }),
    ].join(" · ");
  return (
    <Stack gap={0} flex="1 1 240px">
      <Text fw={600}>
        {name ?? tRecord(`seal.kind.${kind}`)}
        {isMe && ` (${tRecord("seal.you")})`}
      </Text>
      {[...Map.groupBy(parts, say)].map(([facts, same]) => (
        <Text key={facts} size="sm" c="dimmed">
          {same.map(({ compartment }) => t(`access.part.${compartment}`)).join(", ")}: {facts}
        </Text>
      ))}
      {readsNoName && !isMe && code !== null && (
        <Text size="sm" c="dimmed">
          {t("access.called", { code })}
        </Text>
      )}
    </Stack>
  );
}
