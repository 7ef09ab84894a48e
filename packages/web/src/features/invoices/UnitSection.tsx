import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { InvoicingUnit } from "@sinetti/practice";

import { useHere } from "../../app/me.ts";
import { UnitForm } from "./UnitForm.tsx";

/** In whose name invoices go out: an administrator writes it down once, before the first invoice. */
export function UnitSection({ unit }: { unit: InvoicingUnit | null }) {
  const { t } = useTranslation("invoices");
  const { me } = useHere();
  const [isEdited, setEdited] = useState(false);
  const isAdmin = me.roles.includes("admin");
  if (isAdmin && (unit === null || isEdited))
    return (
      <Stack component="section" gap="sm" className="no-print">
        <Title order={2}>{t("unit.title")}</Title>
        {unit === null && <Text c="dimmed">{t("unit.first")}</Text>}
        <UnitForm unit={unit} onDone={() => setEdited(false)} />
      </Stack>
    );
  if (unit === null) return <Text c="dimmed">{t("unit.ask")}</Text>;
  const town = [unit.postalCode, unit.city].filter(Boolean).join(" ");
  const terms = t("unit.terms", { count: unit.paymentDays });
  return (
    <Stack component="section" gap="xs" className="no-print">
      <Group justify="space-between">
        <Title order={2}>{t("unit.title")}</Title>
        {isAdmin && (
          <Button variant="default" size="xs" onClick={() => setEdited(true)}>
            {t("unit.change")}
          </Button>
        )}
      </Group>
      <Text>
        {[unit.name, ...unit.lines, town, unit.businessId].filter(Boolean).join(", ")}
        <br />
        {unit.iban.replace(/(.{4})(?=.)/g, "$1 ")} · {terms}
      </Text>
    </Stack>
  );
}
