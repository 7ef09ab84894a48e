import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { sayInstant } from "../../app/dates.ts";
import { ThrowAway } from "../../app/drafting/FormDraft.tsx";
import { useAct, useView } from "../../app/useDesk.ts";
import type { FormRow } from "../../worker/desks/formDesk.ts";
import classes from "./timeline/Timeline.module.css";

/** The forms that were begun in a record and are not signed: to go on with, or to be thrown away. */
export function KeptForms({
  patient,
  forms,
  onGo,
}: {
  /** Null: those about nobody who is here yet. */
  patient: string | null;
  /** Which of them belong here; null: all. */
  forms: readonly string[] | null;
  onGo: (row: FormRow) => void;
}) {
  const { t } = useTranslation("forms");
  const { data = [] } = useView(["forms", patient], (desks) => desks.form.list(patient));
  const drop = useAct((desks, id: string) => desks.form.drop(id), [["forms", patient]]);
  const rows = data.filter(({ form }) => forms === null || forms.includes(form));
  return rows.map((row) => (
    <Group key={row.id} justify="space-between" gap="sm" className={classes["draft"] ?? ""}>
      <Stack gap={0} flex="1 1 240px" miw={0}>
        <Text fw={600}>{t(`of.${row.form}` as "of.plan")}</Text>
        <Text size="sm" c="dimmed">
          {t("keptAt", { at: sayInstant(row.at) })}
        </Text>
      </Stack>
      <Group gap="xs">
        <ThrowAway onThrow={() => drop.mutateAsync(row.id)} />
        <Button variant="default" onClick={() => onGo(row)}>
          {t("go")}
        </Button>
      </Group>
    </Group>
  ));
}
