import { Button, Group, Modal, NumberInput, Select, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import type { ConsentReason, ConsentWish } from "../../worker/desks/watchDesk.ts";

/** Whom a consent is for; a file: only that one, as after a canary. */
export interface Consenting {
  readonly member: string;
  readonly name: string;
  readonly file: string | null;
}

const REASONS = [
  "patient-request",
  "handover",
  "leave",
  "audit",
] as const satisfies readonly ConsentReason[];
const MOST = 500;

/** Consents, as a second person, to openings of a colleague beyond the budget. */
export function ConsentForm({ who, onClose }: { who: Consenting | null; onClose: () => void }) {
  const { t } = useTranslation("people");
  return (
    <Modal
      opened={who !== null}
      onClose={onClose}
      title={t("consent.title", { name: who?.name ?? "" })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {who !== null && <Form who={who} onClose={onClose} />}
    </Modal>
  );
}

function Form({ who, onClose }: { who: Consenting; onClose: () => void }) {
  const { t } = useTranslation("people");
  const [count, setCount] = useState(who.file === null ? 12 : 1);
  const [hours, setHours] = useState("24");
  const [reason, setReason] = useState<ConsentReason>(
    who.file === null ? "patient-request" : "audit",
  );
  const consent = useAct((desks, wish: ConsentWish) => desks.watch.consent(wish), [["watch"]]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    consent.mutate({ member: who.member, file: who.file, count, hours: Number(hours), reason });
  };
  if (consent.isSuccess)
    return (
      <Stack>
        <Text role="status">{t("consent.done", { name: who.name })}</Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>{t("close")}</Button>
        </Group>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{t(who.file === null ? "consent.what" : "consent.canary")}</Text>
        {who.file === null && (
          <NumberInput
            label={t("consent.count")}
            value={count}
            min={1}
            max={MOST}
            onChange={(value) => setCount(Number(value))}
          />
        )}
        <Select
          label={t("consent.hours")}
          data={["1", "24", "72"].map((value) => ({ value, label: t(`hours.${value}`) }))}
          value={hours}
          onChange={(value) => setHours(value ?? hours)}
          allowDeselect={false}
        />
        <Select
          label={t("consent.reason")}
          data={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
          value={reason}
          onChange={(value) => setReason(value ?? reason)}
          allowDeselect={false}
        />
        {consent.error !== null && <FaultNote error={consent.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            type="submit"
            loading={consent.isPending}
            disabled={!Number.isInteger(count) || count < 1 || count > MOST}
          >
            {t("consent.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
