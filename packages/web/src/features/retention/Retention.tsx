import {
  ActionIcon,
  Anchor,
  Badge,
  Button,
  Group,
  Menu,
  SegmentedControl,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { RetentionRow } from "@sinetti/client";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayBirthDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import { EraseDialog } from "./EraseDialog.tsx";
import { EraseOne } from "./EraseOne.tsx";
import { Erasures } from "./Erasures.tsx";
import { HoldDialog } from "./HoldDialog.tsx";
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
      <Erasures />
      {me.roles.includes("privacy") && <EraseOne />}
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
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const { data, error, refetch } = useView(["caseload", "retention"], (desks) =>
    desks.retention.list(),
  );
  const close = (): void => setChosen(null);
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
              <Row key={row.patient} row={row} onChoose={(to) => setChosen({ to, row })} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      <EraseDialog row={chosen?.to === "erase" ? chosen.row : null} onClose={close} />
      <HoldDialog row={chosen?.to === "hold" ? chosen.row : null} onClose={close} />
    </Stack>
  );
}

/** What is to be done with whose records. */
interface Chosen {
  readonly to: "erase" | "hold";
  readonly row: RetentionRow;
}

function Row({
  row: { patient, name, retention, unknown },
  onChoose,
}: {
  row: RetentionRow;
  onChoose: (to: Chosen["to"]) => void;
}) {
  const { t } = useTranslation("retention");
  const read = useAct((desks, id: string) => desks.retention.read(id), [["caseload", "retention"]]);
  return (
    <Table.Tr>
      <Table.Td translate="no" miw={120}>
        <Anchor component={Link} to={`/records/${patient}`}>
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        {retention !== null && (
          <>
            <Text>{sayBirthDate(retention.due)}</Text>
            <Text size="sm" c="dimmed">
              {t(`after.${retention.reason.after}`, { count: retention.reason.years })}
            </Text>
          </>
        )}
        {unknown !== null && <Text c="dimmed">{t(`unknown.${unknown}`)}</Text>}
        {retention !== null && retention.state !== "kept" && (
          <Badge variant="light" color="spruce" mt={4}>
            {t(`state.${retention.state}`)}
          </Badge>
        )}
        {unknown === "not-read" && (
          <Button
            size="xs"
            variant="default"
            mt={4}
            loading={read.isPending}
            onClick={() => read.mutate(patient)}
          >
            {t("list.read")}
          </Button>
        )}
        {read.error !== null && <FaultNote error={read.error} />}
      </Table.Td>
      <Table.Td ta="end">
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" size="lg" aria-label={t("list.more", { name })}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onChoose("hold")}>{t("hold.open")}</Menu.Item>
            <Menu.Item onClick={() => onChoose("erase")}>{t("erase.open")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}
