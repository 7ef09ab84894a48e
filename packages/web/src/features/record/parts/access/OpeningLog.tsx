import { Button, Group, NativeSelect, Stack, Switch, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../../../app/FaultNote.tsx";
import { Waiting } from "../../../../app/Waiting.tsx";
import { sayInstant } from "../../../../app/dates.ts";
import { useView } from "../../../../app/useDesk.ts";

const STEP = 50;

/** Who opened this record, as the gate wrote it down; refusals too. */
export function OpeningLog({ patient }: { patient: string }) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const {
    data: rows,
    error,
    refetch,
    isFetching,
  } = useView(["record", patient, "log"], (desks) => desks.access.log(patient));
  const [member, setMember] = useState("");
  const [isRefusedOnly, setRefusedOnly] = useState(false);
  const [count, setCount] = useState(STEP);
  if (error !== null) return <FaultNote error={error} retry={() => void refetch()} />;
  if (rows === undefined) return <Waiting />;
  const people = new Map(rows.map((row) => [row.member ?? "", row.name ?? tRecord("somebody")]));
  const found = rows.filter(
    (row) =>
      (member === "" || row.member === member) && (!isRefusedOnly || row.outcome !== "released"),
  );
  return (
    <Stack gap="sm">
      <Group gap="md" align="flex-end">
        <NativeSelect
          label={t("access.log.who")}
          value={member}
          onChange={({ currentTarget: { value } }) => setMember(value)}
          data={[
            { value: "", label: t("access.log.everybody") },
            ...[...people].map(([value, label]) => ({ value, label })),
          ]}
        />
        <Switch
          mb={8}
          label={t("access.log.refused")}
          checked={isRefusedOnly}
          onChange={({ currentTarget: { checked } }) => setRefusedOnly(checked)}
        />
        <Button variant="subtle" loading={isFetching} onClick={() => void refetch()}>
          {t("access.log.again")}
        </Button>
      </Group>
      {found.length === 0 && <Text c="dimmed">{t("access.log.none")}</Text>}
      {found.length > 0 && (
        <Table maw={880}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("access.log.when")}</Table.Th>
              <Table.Th>{t("access.log.who")}</Table.Th>
              <Table.Th visibleFrom="sm">{t("access.log.part")}</Table.Th>
              <Table.Th>{t("access.log.what")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.slice(0, count).map((row) => (
              <Table.Tr key={row.key}>
                <Table.Td>{sayInstant(row.at)}</Table.Td>
                <Table.Td>
                  {row.name ?? tRecord("somebody")}
                  {row.isMe && ` (${tRecord("seal.you")})`}
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  {row.compartments.map((each) => t(`access.part.${each}`)).join(", ")}
                </Table.Td>
                <Table.Td>
                  {row.purpose !== null && t(`access.purpose.${row.purpose}`)}
                  {row.outcome !== null && row.outcome !== "released" && (
                    <Text size="sm" fw={620}>
                      {t(`access.outcome.${row.outcome}`)}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {found.length > count && (
        <Button variant="default" w="fit-content" onClick={() => setCount(count + STEP)}>
          {tRecord("older", { count: found.length - count })}
        </Button>
      )}
    </Stack>
  );
}
