import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../../app/useDesk.ts";
import type { ContactRow } from "../../../../worker/desks/personDesk.ts";
import { ReasonDialog } from "../../ReasonDialog.tsx";

/** The people near the patient. */
export function Contacts({
  patient,
  contacts,
  canWrite,
  onEdit,
}: {
  patient: string;
  contacts: readonly ContactRow[];
  canWrite: boolean;
  onEdit: (contact: ContactRow | null) => void;
}) {
  const { t } = useTranslation("chart");
  const [asked, setAsked] = useState<string | null>(null);
  const remove = useAct(
    (desks, wish: { entry: string; reason: string }) => desks.person.removeContact(patient, wish),
    [["record", patient]],
  );
  return (
    <Stack component="section" gap="sm" aria-label={t("person.contacts")}>
      <Title order={2}>{t("person.contacts")}</Title>
      {contacts.length === 0 && <Text c="dimmed">{t("person.noContacts")}</Text>}
      {contacts.map((row) => {
        const { name, roles, relation, phones, organisation } = row.contact;
        const whole = name?.text ?? [...(name?.given ?? []), name?.family ?? ""].join(" ").trim();
        return (
          <Group key={row.entry} justify="space-between" gap="sm" maw={720}>
            <Stack gap={0} flex="1 1 240px">
              <Text fw={600} translate="no">
                {whole === "" ? (organisation ?? "–") : whole}
              </Text>
              <Text size="sm" c="dimmed" translate="no">
                {[
                  ...roles.map((role) => t(`person.roles.${role}`)),
                  relation,
                  ...phones.map(({ value }) => value),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </Stack>
            {canWrite && (
              <Group gap="xs">
                <Button size="xs" variant="subtle" onClick={() => onEdit(row)}>
                  {t("change")}
                </Button>
                <Button size="xs" variant="subtle" onClick={() => setAsked(row.entry)}>
                  {t("takeBack")}
                </Button>
              </Group>
            )}
          </Group>
        );
      })}
      {canWrite && (
        <Button w="fit-content" variant="default" onClick={() => onEdit(null)}>
          {t("person.addContact")}
        </Button>
      )}
      {remove.data === "waiting" && <Text role="status">{t("waits")}</Text>}
      <ReasonDialog
        key={asked}
        isOpen={asked !== null}
        title={t("takeBack")}
        text={t("takeBackHint")}
        act={t("takeBack")}
        error={remove.error}
        isBusy={remove.isPending}
        onClose={() => setAsked(null)}
        onReason={(reason) =>
          remove.mutate({ entry: asked ?? "", reason }, { onSuccess: () => setAsked(null) })
        }
      />
    </Stack>
  );
}
