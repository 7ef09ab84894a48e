import { Button, Group, Modal, NativeSelect, Stack, Text } from "@mantine/core";
import type { TopUpReason } from "@sinetti/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { passkeyAssert } from "../../app/passkey.ts";
import { useAct, useView } from "../../app/useDesk.ts";

/** More openings by a passkey, where a budget is spent or nearly so; absent where the practice or the day allows none. */
export function TopUp({ onMore }: { onMore: () => void }) {
  const { t } = useTranslation("record");
  const [isAsking, setAsking] = useState(false);
  const { data } = useView(["more"], (desks) => desks.safety.more());
  if (data === undefined || data.cases === 0) return null;
  if (data.lacksPasskey)
    return (
      <Text size="sm" c="dimmed">
        {t("topUp.lacks")}
      </Text>
    );
  if (!data.isReady) return null;
  const { cases, reasons } = data;
  return (
    <>
      <Button variant="default" w="fit-content" onClick={() => setAsking(true)}>
        {t("topUp.open", { cases })}
      </Button>
      <TopUpDialog
        isOpen={isAsking}
        cases={cases}
        reasons={reasons}
        onClose={() => setAsking(false)}
        onMore={onMore}
      />
    </>
  );
}

function TopUpDialog({
  isOpen,
  cases,
  reasons,
  onClose,
  onMore,
}: {
  isOpen: boolean;
  cases: number;
  reasons: readonly TopUpReason[];
  onClose: () => void;
  onMore: () => void;
}) {
  const { t } = useTranslation("record");
  const [reason, setReason] = useState<TopUpReason>("session");
  const raise = useAct(
    (desks, wish: TopUpReason) => desks.safety.topUp(wish, passkeyAssert),
    [["more"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    raise.mutate(reason, {
      onSuccess: (isRaised) => {
        if (!isRaised) return;
        onClose();
        onMore();
      },
    });
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t("topUp.open", { cases })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Stack component="form" onSubmit={submit}>
        <Text size="sm">{t("topUp.hint")}</Text>
        <NativeSelect
          label={t("topUp.why")}
          data-autofocus
          value={reason}
          onChange={({ currentTarget: { value } }) => {
            const chosen = reasons.find((each) => each === value);
            if (chosen !== undefined) setReason(chosen);
          }}
          data={reasons.map((value) => ({ value, label: t(`topUp.reason.${value}`) }))}
        />
        {raise.error !== null && <FaultNote error={raise.error} />}
        {raise.data === false && <Text size="sm">{t("topUp.none")}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={raise.isPending}>
            {t("topUp.open", { cases })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
