import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { RequestRow } from "@sinetti/client";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { localDate, sayDate } from "../../app/dates.ts";
import { useAct } from "../../app/useDesk.ts";

/** Requests for copies: a month to answer each (GDPR Art. 12). */
export function Requests({ patient, rows }: { patient: string; rows: readonly RequestRow[] }) {
  const { t } = useTranslation("export");
  const [isAdding, setAdding] = useState(false);
  const today = localDate(new Date());
  const stateOf = ({ answeredAt, dueOn }: RequestRow): string => {
    if (answeredAt !== null) return t("request.answered", { date: sayDate(localDate(answeredAt)) });
    return t(dueOn < today ? "request.overdue" : "request.due", { date: sayDate(dueOn) });
  };
  return (
    <Stack component="section" gap="xs">
      <Group justify="space-between">
        <Title order={2}>{t("request.title")}</Title>
        {!isAdding && (
          <Button size="xs" variant="default" onClick={() => setAdding(true)}>
            {t("request.add")}
          </Button>
        )}
      </Group>
      {rows.length === 0 && !isAdding && <Text c="dimmed">{t("request.none")}</Text>}
      {rows.map((row) => (
        <Text key={`${row.requestedOn}${row.by}`}>
          {t("request.asked", { by: row.by, date: sayDate(row.requestedOn) })}{" "}
          <Text span fw={row.answeredAt === null ? 620 : 400}>
            {stateOf(row)}
          </Text>
        </Text>
      ))}
      {isAdding && <AddRequest patient={patient} onClose={() => setAdding(false)} />}
    </Stack>
  );
}

function AddRequest({ patient, onClose }: { patient: string; onClose: () => void }) {
  const { t } = useTranslation("export");
  const [by, setBy] = useState(t("request.patient"));
  const [requestedOn, setRequestedOn] = useState(localDate(new Date()));
  const add = useAct(
    (desks, request: { by: string; requestedOn: string }) =>
      desks.exporting.addRequest(patient, request),
    [
      ["export", patient],
      ["record", patient],
    ],
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ by: by.trim(), requestedOn }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            label={t("request.by")}
            value={by}
            onChange={(event) => setBy(event.currentTarget.value)}
          />
          <DateField
            label={t("request.on")}
            value={requestedOn}
            max={localDate(new Date())}
            onDate={setRequestedOn}
          />
          <Button
            type="submit"
            variant="default"
            loading={add.isPending}
            disabled={by.trim() === "" || requestedOn === ""}
          >
            {t("request.save")}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t("cancel")}
          </Button>
        </Group>
        {add.error !== null && <FaultNote error={add.error} />}
      </Stack>
    </form>
  );
}
