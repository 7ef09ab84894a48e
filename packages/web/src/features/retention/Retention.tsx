import {
  Anchor,
  Badge,
  Button,
  Group,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { RetentionRow } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import { RetentionClass } from "./RetentionClass.tsx";

/** How long records are kept, and whose time is over. */
export default function Retention() {
  const { t } = useTranslation("retention");
  const { me } = useHere();
  const { data, error, refetch } = useView(["retention", "classes"], (desks) =>
    desks.retention.classes(),
  );
  return (
    <Stack gap="xl" maw={900}>
      <Title order={1}>{t("title")}</Title>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <RetentionClass view={data} />}
      {data !== undefined && data.chosen !== null && me.roles.includes("therapist") && <DueList />}
    </Stack>
  );
}

const SHOWN = ["due", "unknown", "all"] as const;
type Shown = (typeof SHOWN)[number];

const isShown = ({ retention, unknown }: RetentionRow, shown: Shown): boolean =>
  shown === "all" ||
  (shown === "due" && retention !== null && retention.state !== "kept") ||
  (shown === "unknown" && unknown !== null);

function DueList() {
  const { t } = useTranslation("retention");
  const [shown, setShown] = useState<Shown>("due");
  const { data, error, refetch } = useView(["retention", "list"], (desks) =>
    desks.retention.list(),
  );
  const rows = data?.filter((row) => isShown(row, shown));
  return (
    <Stack component="section" gap="sm">
      <Group justify="space-between">
        <Title order={2}>{t("list.title")}</Title>
        <SegmentedControl
          aria-label={t("list.show")}
          value={shown}
          onChange={(value) => setShown(value)}
          data={SHOWN.map((value) => ({ value, label: t(`list.by.${value}`) }))}
        />
      </Group>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {rows?.length === 0 && <Text c="dimmed">{t(`list.none.${shown}`)}</Text>}
      {rows !== undefined && rows.length > 0 && (
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {rows.map((row) => (
              <Row key={row.patient} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {shown === "due" && rows !== undefined && rows.length > 0 && (
        <Text size="sm" c="dimmed" maw="var(--reading)">
          {t("list.erase")}
        </Text>
      )}
    </Stack>
  );
}

function Row({ row: { patient, name, retention, unknown } }: { row: RetentionRow }) {
  const { t } = useTranslation("retention");
  const read = useAct((desks, id: string) => desks.retention.read(id), [["retention", "list"]]);
  return (
    <Table.Tr>
      <Table.Td translate="no">
        <Anchor component={Link} to={`/records/${patient}`}>
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        {retention !== null && (
          <>
            <Text>{sayDate(retention.due)}</Text>
            <Text size="sm" c="dimmed">
              {t(`after.${retention.reason.after}`, { count: retention.reason.years })}
            </Text>
          </>
        )}
        {unknown !== null && <Text c="dimmed">{t(`unknown.${unknown}`)}</Text>}
        {read.error !== null && <FaultNote error={read.error} />}
      </Table.Td>
      <Table.Td ta="end">
        {retention !== null && retention.state !== "kept" && (
          <Badge variant="light" color="spruce">
            {t(`state.${retention.state}`)}
          </Badge>
        )}
        {unknown === "not-read" && (
          <Button
            size="xs"
            variant="default"
            loading={read.isPending}
            onClick={() => read.mutate(patient)}
          >
            {t("list.read")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
