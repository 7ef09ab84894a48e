import { Badge, Button, Group, SegmentedControl, Stack, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { PracticeLogRow } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayInstant } from "../../app/dates.ts";
import { useView } from "../../app/useDesk.ts";
import { ConsentForm } from "../people/ConsentForm.tsx";

const SHOWN = 100;

/** What the gate released and refused, for the privacy officer; what should be looked at comes first. */
export default function Watch() {
  const { t } = useTranslation("watch");
  const [isAll, setAll] = useState(false);
  const [count, setCount] = useState(SHOWN);
  const { data, error, refetch, isFetching } = useView(["watch"], (desks) => desks.watch.log());
  const alarms = data?.rows.filter(({ alarm }) => alarm !== null) ?? [];
  const rows = isAll ? (data?.rows ?? []) : alarms;
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        <Button variant="default" loading={isFetching} onClick={() => void refetch()}>
          {t("again")}
        </Button>
      </Group>
      <Text c="dimmed" maw="var(--reading)">
        {t("what")}
      </Text>
      <SegmentedControl
        aria-label={t("which")}
        value={isAll ? "all" : "alarms"}
        onChange={(value) => setAll(value === "all")}
        data={[
          { value: "alarms", label: t("alarms", { count: alarms.length }) },
          { value: "all", label: t("all") },
        ]}
        maw={360}
      />
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && rows.length === 0 && <Text>{t("quiet")}</Text>}
      {rows.length > 0 && <Lines rows={rows.slice(0, count)} />}
      {rows.length > count && (
        <Button variant="default" onClick={() => setCount(count + SHOWN)}>
          {t("more")}
        </Button>
      )}
      {data?.hasMore === true && isAll && rows.length <= count && (
        <Text size="sm" c="dimmed">
          {t("older")}
        </Text>
      )}
    </Stack>
  );
}

function Lines({ rows }: { rows: readonly PracticeLogRow[] }) {
  const { t } = useTranslation("watch");
  const [thawing, setThawing] = useState<PracticeLogRow | null>(null);
  return (
    <>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("at")}</Table.Th>
            <Table.Th>{t("who")}</Table.Th>
            <Table.Th visibleFrom="sm">{t("purposeName")}</Table.Th>
            <Table.Th>{t("outcomeName")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, position) => (
            <Table.Tr key={`${row.index}/${position}`}>
              <Table.Td>{sayInstant(row.at)}</Table.Td>
              <Table.Td>{row.name ?? t("program")}</Table.Td>
              <Table.Td visibleFrom="sm">
                {row.purpose === null ? t(`kind.${row.kind}`) : t(`purpose.${row.purpose}`)}
              </Table.Td>
              <Table.Td>
                <Group gap="xs">
                  {row.alarm === null ? (
                    <Text size="sm">{row.outcome === null ? "" : t(`outcome.${row.outcome}`)}</Text>
                  ) : (
                    <Badge color={row.alarm === "canary" ? "alarm" : "stone"}>
                      {t(`alarm.${row.alarm}`)}
                    </Badge>
                  )}
                  {row.alarm === "canary" && row.member !== null && (
                    <Button size="compact-xs" variant="default" onClick={() => setThawing(row)}>
                      {t("thaw")}
                    </Button>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ConsentForm
        who={
          thawing === null || thawing.member === null
            ? null
            : { member: thawing.member, name: thawing.name ?? "", file: thawing.file }
        }
        onClose={() => setThawing(null)}
      />
    </>
  );
}
