import { Button, Code, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { ThiefRow } from "@sinetti/client";

import { FaultNote } from "../../../../app/FaultNote.tsx";
import { Waiting } from "../../../../app/Waiting.tsx";
import { sayDate } from "../../../../app/dates.ts";
import { useView } from "../../../../app/useDesk.ts";
import { saySize } from "../documents/saySize.ts";

const HOLDERS = ["who", "what", "gate", "device"] as const;
const FIRST = 3;
/** A row of a busy file has hundreds of fields that say the same. */
const FIELDS = 6;

/** What whoever steals everything of a holder gets, in its own bytes, beside what the user reads. */
export function Theft({ patient }: { patient: string }) {
  const { t } = useTranslation("chart");
  const { data, error, refetch } = useView(["record", patient, "theft"], (desks) =>
    desks.access.theft(patient),
  );
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting label={t("access.theft.fetching")} />;
  const { rows, compartments, seen, notShown } = data;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Stack gap="xs">
        <Title order={3}>{t("access.theft.you")}</Title>
        {seen.length === 0 && <Text c="dimmed">{t("access.theft.nothing")}</Text>}
        {seen.map(({ on, by, text }) => (
          <div key={`${on}${text}`} translate="no">
            <Text size="sm" c="dimmed">
              {sayDate(on)} · {by}
            </Text>
            <Text>{text}</Text>
          </div>
        ))}
      </Stack>
      <Stack gap="lg">
        {HOLDERS.map((holder) => (
          <Holder
            key={holder}
            holder={holder}
            rows={rows.filter((row) => row.holder === holder)}
            compartments={compartments}
          />
        ))}
        <Text size="sm" c="dimmed">
          {t("access.theft.beside")}{" "}
          {notShown.map((each) => t(`access.theft.notShown.${each}`)).join(", ")}.
        </Text>
      </Stack>
    </SimpleGrid>
  );
}

function Holder({
  holder,
  rows,
  compartments,
}: {
  holder: ThiefRow["holder"];
  rows: readonly ThiefRow[];
  compartments: Readonly<Record<string, string>>;
}) {
  const { t } = useTranslation("chart");
  const [areAll, setAll] = useState(false);
  const sealed = rows.flatMap((row) => row.sealed);
  const bytes = sealed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  // What is sealed says most: it comes first.
  const ordered = rows.toSorted((a, b) => b.sealed.length - a.sealed.length);
  return (
    <Stack gap="xs" component="section">
      <Title order={3}>{t(`access.theft.holder.${holder}`)}</Title>
      <Text size="sm">
        {t("access.theft.counts", { count: rows.length, size: saySize(bytes) })}
      </Text>
      {(areAll ? ordered : ordered.slice(0, FIRST)).map((row, index) => (
        // eslint-disable-next-line react/no-array-index-key -- two rows of a holder can be alike
        <Row key={index} row={row} compartment={compartments[row.file] ?? ""} />
      ))}
      {rows.length > FIRST && !areAll && (
        <Group>
          <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
            {t("access.theft.all", { count: rows.length })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Row({
  row: { kind, file, clear, sealed },
  compartment,
}: {
  row: ThiefRow;
  compartment: string;
}) {
  const { t } = useTranslation("chart");
  return (
    <div>
      <Text size="sm" fw={600}>
        {t(`access.theft.kind.${kind}`)}
        {compartment !== "" && ` · ${t(`access.part.${compartment}`)}`}
      </Text>
      <Code block translate="no" style={{ whiteSpace: "pre-wrap" }}>
        {[
          `id: ${file}`,
          ...clear.slice(0, FIELDS).map(({ name, value }) => `${name}: ${value}`),
          ...(clear.length > FIELDS
            ? [t("access.theft.fields", { count: clear.length - FIELDS })]
            : []),
          ...sealed
            .slice(0, FIELDS)
            .map(({ name, sizeBytes, hex }) => `${name}: ${hex}… ${saySize(sizeBytes)}`),
          ...(sealed.length > FIELDS
            ? [t("access.theft.boxes", { count: sealed.length - FIELDS })]
            : []),
        ].join("\n")}
      </Code>
    </div>
  );
}
