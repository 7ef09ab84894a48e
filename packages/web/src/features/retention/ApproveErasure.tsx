import { Button, Checkbox, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { useAct } from "../../app/useDesk.ts";
import { isWaiting, type WaitingRow } from "../../worker/erasure/erasureRows.ts";

/** The second person: who knows the number from the first one erases, and by nothing else. */
export function ApproveErasure({
  rows,
  topics,
}: {
  rows: readonly WaitingRow[];
  topics: readonly (readonly string[])[];
}) {
  const { t } = useTranslation("retention");
  const [number, setNumber] = useState("");
  const [isSure, setSure] = useState(false);
  const approve = useAct((desks, typed: string) => desks.erasure.approve(typed), topics);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    approve.mutate(number, {
      onSuccess: () => {
        setNumber("");
        setSure(false);
      },
    });
  };
  if (rows.length === 0 && approve.data === undefined) return null;
  const isUnknown = number.trim() !== "" && !isWaiting(number, rows);
  return (
    <Stack component="section" aria-label={t("second.title")} gap="md">
      <Title order={2}>{t("second.title")}</Title>
      {approve.data !== undefined && (
        <Text role="status">{t("second.done", { count: approve.data })}</Text>
      )}
      {rows.map(({ by, reason, records, parts }) => (
        <Text key={parts.join()}>
          {t("second.asks", { by: by ?? t("second.somebody") })} {t(`reason.${reason}`)} ·{" "}
          {t("own.records", { count: records })}
        </Text>
      ))}
      {rows.length > 0 && (
        <Stack component="form" onSubmit={submit} maw={520}>
          <Text size="sm">{t("second.how")}</Text>
          <TextInput
            label={t("second.number")}
            value={number}
            autoComplete="off"
            spellCheck={false}
            error={isUnknown ? t("second.unknown") : null}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <Checkbox
            label={t("second.sure")}
            checked={isSure}
            onChange={(event) => setSure(event.currentTarget.checked)}
          />
          {approve.error !== null && <FaultNote error={approve.error} />}
          <Group>
            <Button
              type="submit"
              loading={approve.isPending}
              disabled={!isSure || !isWaiting(number, rows)}
            >
              {t("second.now")}
            </Button>
          </Group>
        </Stack>
      )}
    </Stack>
  );
}
