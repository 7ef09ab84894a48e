import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { sayBirthDate, sayInstant } from "../../../app/dates.ts";
import { useHere } from "../../../app/me.ts";
import { useView } from "../../../app/useDesk.ts";
import type { RecordHead } from "../../../worker/record/recordHead.ts";
import { SafeContactHint } from "./SafeContactHint.tsx";
import { SealMark } from "./SealMark.tsx";

/** Whose record it is, with what one has to know before the first word. */
export function RecordHeading({ head, action }: { head: RecordHead; action: ReactNode }) {
  const { t } = useTranslation("record");
  const { me } = useHere();
  const { patient, name, code, legalName, birthDate, age, hasDied, safeContact } = head;
  const { data: rows } = useView(["caseload"], (desks) => desks.caseload.list(), {
    enabled: me.roles.includes("therapist"),
  });
  const next = rows?.find((row) => row.patient === patient)?.nextAppointment ?? null;
  const facts = [
    name === "" ? t("head.noName") : null,
    age === null ? null : t("head.age", { count: age }),
    birthDate === null ? null : t("head.born", { date: sayBirthDate(birthDate) }),
    legalName,
    hasDied ? t("head.died") : null,
    next === null ? null : t("head.next", { when: sayInstant(next) }),
  ].filter((fact) => fact !== null && fact !== "");
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={4} flex="1 1 280px" miw={0}>
        <Title order={1} translate="no">
          {name === "" ? t("head.called", { code }) : name}
        </Title>
        {facts.length > 0 && (
          <Text c="dimmed" translate="no">
            {facts.join(" · ")}
          </Text>
        )}
        {safeContact !== null && <SafeContactHint safe={safeContact} />}
        <SealMark holders={head.holders} ownUntil={head.ownUntil} />
      </Stack>
      {action}
    </Group>
  );
}
