import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import type { OfficePatient } from "../../worker/desks/officeDesk.ts";

/** Where invoices go: another name or address than the patient's own, if need be. */
export function Billing({ view }: { view: OfficePatient }) {
  const { t } = useTranslation("office");
  const [isEdited, setEdited] = useState(false);
  const { billing } = view;
  return (
    <Stack component="section" gap="xs">
      <Group justify="space-between">
        <Title order={2}>{t("billing.title")}</Title>
        {!isEdited && (
          <Button variant="default" onClick={() => setEdited(true)}>
            {t(billing === null ? "billing.set" : "billing.change")}
          </Button>
        )}
      </Group>
      {isEdited && <BillingForm view={view} onClose={() => setEdited(false)} />}
      {!isEdited && billing === null && <Text c="dimmed">{t("billing.own")}</Text>}
      {!isEdited && billing !== null && (
        <Text translate="no">
          {[
            billing.name,
            ...billing.lines,
            [billing.postalCode, billing.city].filter(Boolean).join(" "),
            billing.email,
            billing.eInvoiceAddress,
          ]
            .filter(Boolean)
            .join(", ")}
        </Text>
      )}
    </Stack>
  );
}

const FIELDS = ["name", "street", "postalCode", "city", "email", "eInvoiceAddress"] as const;

function BillingForm({ view, onClose }: { view: OfficePatient; onClose: () => void }) {
  const { t } = useTranslation("office");
  const { billing, addresses, fullName, patient } = view;
  const [address] = addresses;
  const [wish, setWish] = useState<Record<(typeof FIELDS)[number], string>>({
    name: billing?.name ?? fullName,
    street: (billing ?? address)?.lines.join(", ") ?? "",
    postalCode: (billing ?? address)?.postalCode ?? "",
    city: (billing ?? address)?.city ?? "",
    email: billing?.email ?? "",
    eInvoiceAddress: billing?.eInvoiceAddress ?? "",
  });
  const save = useAct(
    (desks, { name, street, ...rest }: typeof wish) =>
      desks.office.setBilling(patient, {
        name: name.trim(),
        lines: street.trim() === "" ? [] : [street.trim()],
        ...Object.fromEntries(
          Object.entries(rest)
            .map(([key, value]) => [key, value.trim()] as const)
            .filter(([, value]) => value !== ""),
        ),
      }),
    [["office", patient]],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(wish, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack maw={480}>
        {FIELDS.map((name) => (
          <TextInput
            key={name}
            label={t(`billing.field.${name}`)}
            value={wish[name]}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setWish((held) => ({ ...held, [name]: value }));
            }}
          />
        ))}
        {save.error !== null && <FaultNote error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={wish.name.trim() === ""}>
            {t("save")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
