import { Button, Group, Modal, NativeSelect, Radio, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../../../app/DateField.tsx";
import { FaultNote } from "../../../../app/FaultNote.tsx";
import { localDate } from "../../../../app/dates.ts";
import { useAct } from "../../../../app/useDesk.ts";
import type { AccessRoom, GrantWish } from "../../../../worker/desks/accessDesk.ts";

const REASONS = ["care", "supervision", "handover"] as const;

/** Grants this record to a colleague: what they may, until when, and why. */
export function GrantForm({
  patient,
  room: { colleagues, longest, code },
  isOpen,
  onClose,
}: {
  patient: string;
  room: AccessRoom;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation("chart");
  const [wish, setWish] = useState<GrantWish>({
    member: "",
    canWrite: false,
    until: longest,
    reason: "care",
  });
  const grant = useAct(
    (desks, asked: GrantWish) => desks.access.grant(patient, asked),
    [["record", patient]],
  );
  const set = (change: Partial<GrantWish>): void => setWish((held) => ({ ...held, ...change }));
  const readsOnly = colleagues.find(({ member }) => member === wish.member)?.readsOnly ?? false;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    grant.mutate({ ...wish, canWrite: wish.canWrite && !readsOnly }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("access.grant")}
      closeButtonProps={{ "aria-label": t("cancel") }}
    >
      <Stack component="form" onSubmit={submit}>
        <NativeSelect
          label={t("access.whom")}
          data-autofocus
          value={wish.member}
          onChange={({ currentTarget: { value } }) => set({ member: value })}
          data={[
            { value: "", label: t("access.choose") },
            ...colleagues.map(({ member, name }) => ({ value: member, label: name })),
          ]}
        />
        <Radio.Group
          label={t("access.rights")}
          value={wish.canWrite && !readsOnly ? "write" : "read"}
          onChange={(value) => set({ canWrite: value === "write" })}
        >
          <Stack gap={6} mt={6}>
            <Radio value="read" label={t("access.read")} />
            {!readsOnly && <Radio value="write" label={t("access.write")} />}
          </Stack>
        </Radio.Group>
        <NativeSelect
          label={t("access.reason")}
          value={wish.reason}
          onChange={({ currentTarget: { value } }) =>
            set({ reason: REASONS.find((each) => each === value) ?? "care" })
          }
          data={REASONS.map((value) => ({ value, label: t(`access.reasons.${value}`) }))}
        />
        <DateField
          label={t("access.until")}
          description={t("access.untilHint")}
          min={localDate(new Date())}
          max={longest}
          value={wish.until}
          onDate={(until) => set({ until })}
        />
        <Text size="sm">{t("access.grantHint")}</Text>
        {readsOnly && code !== null && <Text size="sm">{t("access.calledHint", { code })}</Text>}
        {grant.error !== null && <FaultNote error={grant.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button
            type="submit"
            loading={grant.isPending}
            disabled={wish.member === "" || wish.until === ""}
          >
            {t("access.grantNow")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
