import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { PersonRow } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { SecretInput } from "../../app/SecretInput.tsx";
import { useAct, useView } from "../../app/useDesk.ts";
import { OutcomeNote } from "./OutcomeNote.tsx";

/** The freezes in force, and the way to end each. */
export function Freezes({ people }: { people: readonly PersonRow[] }) {
  const { t } = useTranslation("people");
  const { data = [], error } = useView(["people", "freezes"], (desks) => desks.people.freezes());
  const [code, setCode] = useState("");
  const thaw = useAct(
    (desks, { id, paper }: { id: string; paper: string | null }) => desks.people.thaw(id, paper),
    [["people"], ["approvals"], ["me"]],
  );
  if (error !== null) return <FaultNote error={error} />;
  if (data.length === 0 && thaw.data === undefined) return null;
  return (
    <Stack component="section" aria-label={t("freezes.title")} gap="sm">
      <Title order={2}>{t("freezes.title")}</Title>
      {thaw.data?.state === "pending" && <Text role="status">{t("freezes.asked")}</Text>}
      {thaw.data?.state === "done" && <OutcomeNote outcome={thaw.data} />}
      {thaw.error !== null && <FaultNote error={thaw.error} />}
      {data.map(({ id, member }) => (
        <Group key={id} justify="space-between">
          <Text>
            {member === null
              ? t("freezes.practice")
              : (people.find((each) => each.member === member)?.name ?? t("unnamed"))}
          </Text>
          <Button
            size="xs"
            variant="default"
            loading={thaw.isPending}
            onClick={() => thaw.mutate({ id, paper: code.trim() === "" ? null : code.trim() })}
          >
            {t("freezes.thaw")}
          </Button>
        </Group>
      ))}
      {data.length > 0 && (
        <SecretInput
          label={t("freezes.code")}
          description={t("freezes.codeHint")}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          autoComplete="off"
          maw={420}
        />
      )}
    </Stack>
  );
}
