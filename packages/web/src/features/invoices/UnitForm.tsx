import {
  Button,
  Group,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { InvoicingUnit } from "@sinetti/practice";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct, useView } from "../../app/useDesk.ts";

const TEXTS = [
  "name",
  "businessId",
  "street",
  "postalCode",
  "city",
  "phone",
  "email",
  "bic",
  "taxNote",
] as const;
type TextName = (typeof TEXTS)[number];

/** The settings of an invoicing unit, its account checked before it is kept. */
export function UnitForm({ unit, onDone }: { unit: InvoicingUnit | null; onDone: () => void }) {
  const { t } = useTranslation("invoices");
  const [texts, setTexts] = useState<Record<TextName, string>>(() => ({
    name: unit?.name ?? "",
    businessId: unit?.businessId ?? "",
    street: unit?.lines.join(", ") ?? "",
    postalCode: unit?.postalCode ?? "",
    city: unit?.city ?? "",
    phone: unit?.phone ?? "",
    email: unit?.email ?? "",
    bic: unit?.bic ?? "",
    taxNote: unit?.taxNote ?? (unit === null ? t("unit.usualTaxNote") : ""),
  }));
  const [iban, setIban] = useState(unit?.iban ?? "");
  const [paymentDays, setPaymentDays] = useState(unit?.paymentDays ?? 14);
  const [therapists, setTherapists] = useState<string[]>(unit?.therapists ?? []);
  const { data: people } = useView(["people", "list"], (desks) => desks.people.list());
  const check = useAct((desks, account: string) => desks.invoice.checkIban(account));
  const save = useAct(
    (desks, account: string) => {
      const { name, street, ...rest } = texts;
      return desks.invoice.putUnit({
        id: unit?.id ?? "main",
        name: name.trim(),
        lines: street.trim() === "" ? [] : [street.trim()],
        ...Object.fromEntries(
          Object.entries(rest)
            .map(([key, value]) => [key, value.trim()] as const)
            .filter(([, value]) => value !== ""),
        ),
        iban: account,
        paymentDays,
        ...(unit?.site !== undefined && { site: unit.site }),
        therapists,
      });
    },
    [["invoices"]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    check.mutate(iban, {
      onSuccess: (account) => account !== null && save.mutate(account, { onSuccess: onDone }),
    });
  };
  const text = (name: TextName) => ({
    label: t(`unit.field.${name}`),
    value: texts[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setTexts((held) => ({ ...held, [name]: value }));
    },
  });
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack maw={640}>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          {TEXTS.slice(0, 7).map((name) => (
            <TextInput key={name} {...text(name)} />
          ))}
          <NumberInput
            label={t("unit.field.paymentDays")}
            value={paymentDays}
            min={0}
            max={365}
            allowDecimal={false}
            onChange={(value) => setPaymentDays(Number(value))}
          />
          <TextInput
            label={t("unit.field.iban")}
            value={iban}
            error={check.data === null ? t("unit.ibanWrong") : null}
            onChange={(event) => {
              check.reset();
              setIban(event.currentTarget.value);
            }}
            onBlur={() => iban.trim() !== "" && check.mutate(iban)}
          />
          <TextInput {...text("bic")} />
        </SimpleGrid>
        <TextInput {...text("taxNote")} description={t("unit.taxHint")} />
        <MultiSelect
          label={t("unit.field.therapists")}
          description={t("unit.therapistsHint")}
          data={(people?.people ?? [])
            .filter(({ roles }) => roles.includes("therapist"))
            .map(({ member, name }) => ({ value: member, label: name ?? "" }))}
          value={therapists}
          onChange={setTherapists}
        />
        {save.error !== null && <FaultNote error={save.error} />}
        <Group>
          <Button
            type="submit"
            loading={save.isPending || check.isPending}
            disabled={texts.name.trim() === "" || iban.trim() === ""}
          >
            {t("unit.save")}
          </Button>
          {unit !== null && (
            <Button variant="default" onClick={onDone}>
              {t("cancel")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
