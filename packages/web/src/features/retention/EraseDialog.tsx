import { Button, Code, Group, List, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { RetentionRow } from "@sinetti/client";
import type { EraseReason } from "@sinetti/core";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayInstant } from "../../app/dates.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { ProposalView } from "../../worker/desks/erasureDesk.ts";
import { HoldList } from "./HoldList.tsx";

const REASONS: readonly EraseReason[] = ["retention", "request", "error", "order"];

/** Asks to erase a patient's records; nothing is erased by it. */
export function EraseDialog({ row, onClose }: { row: RetentionRow | null; onClose: () => void }) {
  const { t } = useTranslation("retention");
  return (
    <Modal
      opened={row !== null}
      onClose={onClose}
      title={t("erase.title")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {row !== null && <EraseForm row={row} onClose={onClose} />}
    </Modal>
  );
}

function EraseForm({
  row: { patient, name, retention },
  onClose,
}: {
  row: RetentionRow;
  onClose: () => void;
}) {
  const { t } = useTranslation("retention");
  const isDue = retention?.state === "due";
  const reasons = REASONS.filter((reason) => isDue || reason !== "retention");
  const [reason, setReason] = useState<EraseReason>(reasons[0] ?? "request");
  const holds = useView(["retention", "holds", patient], (desks) => desks.erasure.holds(patient));
  const propose = useAct(
    (desks, why: EraseReason) => desks.erasure.propose(patient, why),
    [["approvals"]],
  );
  if (propose.data !== undefined) return <Proposed proposal={propose.data} onClose={onClose} />;
  if (holds.error !== null) return <FaultNote error={holds.error} />;
  if (holds.data === undefined) return <Waiting />;
  if (holds.data.length > 0)
    return (
      <Stack>
        <Text>{t("erase.held")}</Text>
        <HoldList holds={holds.data} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("close")}</Button>
        </Group>
      </Stack>
    );
  return (
    <Stack>
      <Text fw={600} translate="no">
        {name}
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>{t("erase.all")}</List.Item>
        <List.Item>{t("erase.second")}</List.Item>
        <List.Item>{t("erase.forGood")}</List.Item>
      </List>
      <Radio.Group label={t("erase.why")} value={reason} onChange={(value) => setReason(value)}>
        <Stack gap={6} mt="xs">
          {reasons.map((each) => (
            <Radio key={each} value={each} label={t(`reason.${each}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {propose.error !== null && <FaultNote error={propose.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button loading={propose.isPending} onClick={() => propose.mutate(reason)}>
          {t("erase.propose")}
        </Button>
      </Group>
    </Stack>
  );
}

/** What became of the asking, and what the second person is to be told. */
export function Proposed({
  proposal: { request, records, dueAt, others },
  onClose,
}: {
  proposal: ProposalView;
  onClose: () => void;
}) {
  const { t } = useTranslation("retention");
  return (
    <Stack>
      <Text role="status">{t("erase.waits", { count: records })}</Text>
      {dueAt === null ? (
        <>
          <Text size="sm">{t("erase.tell")}</Text>
          <Code block>{request}</Code>
        </>
      ) : (
        <Text size="sm">
          {t("erase.day", { at: sayInstant(new Date(dueAt * 1000).toISOString()) })}
        </Text>
      )}
      {others > 0 && <Text size="sm">{t("erase.others", { count: others })}</Text>}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("close")}</Button>
      </Group>
    </Stack>
  );
}
