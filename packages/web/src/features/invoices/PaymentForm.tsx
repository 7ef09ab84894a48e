import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { localDate } from "../../app/dates.ts";
import { useAct } from "../../app/useDesk.ts";
import type { DocumentPlace } from "./Document.tsx";
import { centsOf, centsText } from "./period.ts";

interface PaymentFormProps {
  readonly place: DocumentPlace;
  readonly openCents: number;
  readonly onClose: () => void;
}

/** Money that came in for an invoice. */
export function PaymentForm({
  place: { number, ...ledger },
  openCents,
  onClose,
}: PaymentFormProps) {
  const { t } = useTranslation("invoices");
  const [sum, setSum] = useState(centsText(openCents));
  const [receivedOn, setReceivedOn] = useState(localDate(new Date()));
  const [reference, setReference] = useState("");
  const cents = centsOf(sum);
  const pay = useAct(
    (desks, paid: number) =>
      desks.invoice.pay(ledger, {
        number,
        receivedOn,
        cents: paid,
        ...(reference.trim() !== "" && { reference: reference.trim() }),
      }),
    [["invoices", "ledger"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (cents !== null) pay.mutate(cents, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack maw={560}>
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <TextInput
            label={t("pay.sum")}
            inputMode="decimal"
            rightSection="€"
            value={sum}
            error={cents === null || cents === 0 ? t("new.noSum") : null}
            onChange={(event) => setSum(event.currentTarget.value)}
            data-autofocus
          />
          <DateField label={t("pay.on")} value={receivedOn} onDate={setReceivedOn} />
          <TextInput
            label={t("pay.reference")}
            value={reference}
            onChange={(event) => setReference(event.currentTarget.value)}
          />
        </Group>
        <Text size="sm" c="dimmed">
          {t("pay.final")}
        </Text>
        {pay.error !== null && <FaultNote error={pay.error} />}
        <Group>
          <Button
            type="submit"
            loading={pay.isPending}
            disabled={cents === null || cents === 0 || receivedOn === ""}
          >
            {t("pay.now")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
