import { Button, Stack, Text, Title } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { DatabasePosture } from "@sinetti/client";

import { sayInstant } from "../../app/dates.ts";
import { FindingList } from "./FindingList.tsx";
import { findingRows, type FindingRow } from "./findingRows.ts";

/** What is wrong, worst first; then what two have signed that it is borne. */
export function Findings({ databases }: { databases: readonly DatabasePosture[] }) {
  const { t } = useTranslation("posture");
  const findings = findingRows(databases);
  const open = findings.filter(({ state }) => state !== "excepted");
  const borne = findings.filter(({ state }) => state === "excepted");
  const left = databases.reduce((sum, each) => sum + each.left, 0);
  return (
    <>
      <Stack gap="xs" component="section" aria-labelledby="posture-findings">
        <Title order={2} id="posture-findings">
          {t("findings")}
        </Title>
        {open.length === 0 && <Nothing databases={databases} />}
        <Open rows={open} />
        {left > 0 && (
          <Text size="sm" c="dimmed">
            {t("left", { count: left })}
          </Text>
        )}
      </Stack>
      {borne.length > 0 && (
        <Stack gap="xs" component="section" aria-labelledby="posture-borne">
          <Title order={2} id="posture-borne">
            {t("borne.title")}
          </Title>
          <Text size="sm" c="dimmed" maw="var(--reading)">
            {t("borne.what")}
          </Text>
          <FindingList rows={borne} />
        </Stack>
      )}
    </>
  );
}

/** What weighs little comes when it is asked for. */
function Open({ rows }: { rows: readonly FindingRow[] }) {
  const { t } = useTranslation("posture");
  const [isAll, setAll] = useState(false);
  const low = rows.filter(({ severity }) => severity === "low");
  return (
    <>
      <FindingList rows={rows.filter(({ severity }) => severity !== "low")} />
      {low.length > 0 && (
        <Button
          w="fit-content"
          variant="default"
          aria-expanded={isAll}
          onClick={() => setAll(!isAll)}
        >
          {isAll ? t("low.hide") : t("low.show", { count: low.length })}
        </Button>
      )}
      {isAll && <FindingList rows={low} />}
    </>
  );
}

/** Calm, where it may be: a database that nobody looked at is no reason for it. */
function Nothing({ databases }: { databases: readonly DatabasePosture[] }) {
  const { t } = useTranslation("posture");
  const looks = databases.flatMap(({ looked }) => (looked === null ? [] : [looked])).sort();
  const [oldest] = looks;
  if (oldest === undefined || looks.length < databases.length)
    return <Text c="dimmed">{t("unknown")}</Text>;
  return (
    <Text>
      <IconShieldCheck size={18} aria-hidden style={{ verticalAlign: "-3px", marginRight: 6 }} />
      {t("nothingAt", { at: sayInstant(oldest) })}
    </Text>
  );
}
