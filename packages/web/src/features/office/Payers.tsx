import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { sayDate, sayMoney } from "../../app/dates.ts";
import type { OfficePatient, PayerRow } from "../../worker/desks/officeDesk.ts";
import { KeptForms } from "../record/KeptForms.tsx";
import { PayerForm } from "./PayerForm.tsx";

/** Who pays, how many sessions are left, and until when. */
export function Payers({ view: { patient, payers } }: { view: OfficePatient }) {
  const { t } = useTranslation("office");
  const [edited, setEdited] = useState<PayerRow | "new" | null>(null);
  return (
    <Stack component="section" gap="sm">
      <Group justify="space-between">
        <Title order={2}>{t("payer.title")}</Title>
        <Button variant="default" onClick={() => setEdited("new")}>
          {t("payer.add")}
        </Button>
      </Group>
      {payers.length === 0 && <Text c="dimmed">{t("payer.none")}</Text>}
      {payers.map((payer) => (
        <Decision key={payer.entry} payer={payer} onEdit={() => setEdited(payer)} />
      ))}
      <KeptForms
        patient={patient}
        forms={["payer"]}
        onGo={({ changes }) => setEdited(payers.find(({ entry }) => entry === changes) ?? "new")}
      />
      <PayerForm patient={patient} payer={edited} onClose={() => setEdited(null)} />
    </Stack>
  );
}

function Decision({ payer, onEdit }: { payer: PayerRow; onEdit: () => void }) {
  const { t } = useTranslation("office");
  const { status } = payer;
  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap">
      <Stack gap={2}>
        <Text>
          <Text span fw={620}>
            {payer.name ?? t(`payer.kind.${payer.payer}`)}
          </Text>
          {payer.decision !== undefined && ` · ${payer.decision}`}
        </Text>
        <Text>
          {t("payer.left", { count: status.left, granted: payer.sessionsGranted })}
          {" · "}
          {t("payer.share", { share: sayMoney(payer.shareCents) })}
        </Text>
        <Text size="sm" c="dimmed">
          {sayDate(payer.validFrom)} – {sayDate(payer.validTo)}
        </Text>
        <Group gap={6}>
          {status.warnings.map((warning) => (
            <Badge key={warning} variant="light" color="spruce">
              {t(`payer.warning.${warning}`)}
            </Badge>
          ))}
        </Group>
      </Stack>
      <Button variant="subtle" onClick={onEdit}>
        {t("payer.edit")}
      </Button>
    </Group>
  );
}
