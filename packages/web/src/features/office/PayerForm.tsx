import {
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { shownLanguage } from "../../app/language.ts";
import { localDate } from "../../app/dates.ts";
import { KeptText, RestoredNote } from "../../app/drafting/FormDraft.tsx";
import { FormGate } from "../../app/drafting/FormGate.tsx";
import { useForm } from "../../app/drafting/useForm.ts";
import { useAct } from "../../app/useDesk.ts";
import type { BegunForm } from "../../worker/desks/formDesk.ts";
import type { PayerRow } from "../../worker/desks/officeDesk.ts";

const KINDS = ["kela", "insurer", "municipality", "employer", "other"] as const;

interface PayerFormProps {
  readonly patient: string;
  /** Null: closed. */
  readonly payer: PayerRow | "new" | null;
  readonly onClose: () => void;
}

/** A payer's decision: how many sessions, until when, and the share of each. */
export function PayerForm({ patient, payer, onClose }: PayerFormProps) {
  const { t } = useTranslation("office");
  return (
    <Modal
      opened={payer !== null}
      onClose={onClose}
      title={t(payer === "new" ? "payer.add" : "payer.edit")}
      size="lg"
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {payer !== null && <Begun patient={patient} payer={payer} onClose={onClose} />}
    </Modal>
  );
}

function Begun({ patient, payer, onClose }: PayerFormProps & { payer: PayerRow | "new" }) {
  const held = payer === "new" ? null : payer;
  return (
    <FormGate<PayerWish> place={{ form: "payer", about: patient, changes: held?.entry ?? null }}>
      {(begun) => (
        <Form key={begun.id} begun={begun} patient={patient} payer={held} onClose={onClose} />
      )}
    </FormGate>
  );
}

type PayerWish = Omit<PayerRow, "entry" | "status">;

const blank = (): PayerWish => {
  const today = localDate(new Date());
  return {
    payer: "kela",
    validFrom: today,
    validTo: `${Number(today.slice(0, 4)) + 1}${today.slice(4).replace("02-29", "02-28")}`,
    sessionsGranted: 80,
    sessionsUsedBefore: 0,
    shareCents: 0,
    warnSessionsLeft: 5,
    warnDaysLeft: 30,
  };
};

function wishOf(payer: PayerRow | null): PayerWish {
  if (payer === null) return blank();
  const { entry: _entry, status: _status, ...held } = payer;
  return held;
}

interface FormProps {
  readonly begun: BegunForm<PayerWish>;
  readonly patient: string;
  readonly payer: PayerRow | null;
  readonly onClose: () => void;
}

function Form({ begun, patient, payer, onClose }: FormProps) {
  const { t } = useTranslation("office");
  const { body: wish, set, draft } = useForm(begun, () => wishOf(payer));
  const save = useAct(
    (desks, { name, decision, replaces: _replaces, ...rest }: PayerWish) =>
      desks.office.putPayer(patient, {
        ...rest,
        ...(name !== undefined && name.trim() !== "" && { name: name.trim() }),
        ...(decision !== undefined && decision.trim() !== "" && { decision: decision.trim() }),
        ...(payer !== null && { replaces: payer.entry }),
      }),
    [["office", patient]],
  );
  const leave = (): void => void draft.strike().then(onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(wish, { onSuccess: leave });
  };
  const count = (
    name: "sessionsGranted" | "sessionsUsedBefore" | "warnSessionsLeft" | "warnDaysLeft",
  ) => ({
    label: t(`payer.field.${name}`),
    value: wish[name],
    min: 0,
    allowDecimal: false,
    onChange: (value: string | number) => set({ [name]: Number(value) }),
  });
  const day = (name: "validFrom" | "validTo") => ({
    type: "date" as const,
    label: t(`payer.field.${name}`),
    value: wish[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      set({ [name]: event.currentTarget.value }),
  });
  const isBackward = wish.validTo < wish.validFrom;
  return (
    <form onSubmit={submit}>
      <Stack>
        <RestoredNote draft={draft} isOvertaken={false} />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label={t("payer.field.payer")}
            data={KINDS.map((value) => ({ value, label: t(`payer.kind.${value}`) }))}
            value={wish.payer}
            onChange={(value) => set({ payer: value ?? "other" })}
            allowDeselect={false}
            autoFocus
          />
          <TextInput
            label={t("payer.field.name")}
            value={wish.name ?? ""}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t("payer.field.decision")}
            value={wish.decision ?? ""}
            onChange={(event) => set({ decision: event.currentTarget.value })}
          />
          <NumberInput
            label={t("payer.field.share")}
            value={wish.shareCents / 100}
            min={0}
            decimalScale={2}
            fixedDecimalScale
            decimalSeparator={shownLanguage() === "fi" ? "," : "."}
            allowedDecimalSeparators={[".", ","]}
            suffix=" €"
            onChange={(value) => set({ shareCents: Math.round(Number(value) * 100) })}
          />
          <TextInput {...day("validFrom")} />
          <TextInput {...day("validTo")} error={isBackward ? t("payer.backward") : null} />
          <NumberInput {...count("sessionsGranted")} />
          <NumberInput {...count("sessionsUsedBefore")} />
          <NumberInput {...count("warnSessionsLeft")} />
          <NumberInput {...count("warnDaysLeft")} />
        </SimpleGrid>
        {save.error !== null && <FaultNote error={save.error} />}
        <Group justify="flex-end">
          <KeptText draft={draft} />
          <Button variant="default" onClick={leave}>
            {t("cancel")}
          </Button>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={
              isBackward || wish.sessionsGranted < 1 || wish.validFrom === "" || wish.validTo === ""
            }
          >
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
