import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import type { DocumentPlace } from "./Document.tsx";

/** Takes a whole invoice back by a credit note with a number of its own. */
export function CreditForm({
  place: { number, ...ledger },
  onClose,
}: {
  place: DocumentPlace;
  onClose: () => void;
}) {
  const { t } = useTranslation("invoices");
  const [reason, setReason] = useState("");
  const credit = useAct(
    (desks, why: string) => desks.invoice.credit(ledger, { number, reason: why }),
    [["invoices"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    credit.mutate(reason.trim(), { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack maw={560}>
        <Text>{t("credit.does")}</Text>
        <TextInput
          label={t("credit.reason")}
          description={t("credit.hint")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {credit.error !== null && <FaultNote error={credit.error} />}
        <Group>
          <Button type="submit" loading={credit.isPending} disabled={reason.trim() === ""}>
            {t("credit.now")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
