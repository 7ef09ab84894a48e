import { Anchor, Group, NativeSelect, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { localDate, sayDate } from "../../app/dates.ts";
import { useView } from "../../app/useDesk.ts";
import { MONTHS, monthsBack } from "./period.ts";

/** Who has sessions that nobody has billed: by calendar and ledger, without opening anybody's file. */
export function ToBill({ unit }: { unit: string }) {
  const { t } = useTranslation("invoices");
  const [months, setMonths] = useState<(typeof MONTHS)[number]>(2);
  const to = localDate(new Date());
  const from = monthsBack(to, months);
  const { data, error, refetch } = useView(["invoices", "toBill", unit, from, to], (desks) =>
    desks.invoice.unbilled({ unit, from, to }),
  );
  return (
    <Stack component="section" gap="xs" className="no-print">
      <Group justify="space-between">
        <Title order={2}>{t("toBill.title")}</Title>
        <NativeSelect
          aria-label={t("toBill.period")}
          value={String(months)}
          onChange={(event) =>
            setMonths(MONTHS.find((each) => String(each) === event.currentTarget.value) ?? 2)
          }
          data={MONTHS.map((count) => ({
            value: String(count),
            label: t("toBill.months", { count }),
          }))}
        />
      </Group>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting label={t("toBill.looking")} />}
      {data?.rows.length === 0 && <Text c="dimmed">{t("toBill.none")}</Text>}
      {data !== undefined && data.closed.length > 0 && (
        <Text size="sm" c="dimmed">
          {t("toBill.closed", { months: data.closed.join(", ") })}
        </Text>
      )}
      {data !== undefined && data.rows.length > 0 && (
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {data.rows.map(({ patient, shortName, held, unkept, first, last }) => (
              <Table.Tr key={patient}>
                <Table.Td translate="no">
                  <Anchor component={Link} to={`/invoices/new/${patient}`}>
                    {shortName === "" ? t("toBill.nameless") : shortName}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  {[
                    ...(held > 0 ? [t("toBill.held", { count: held })] : []),
                    ...(unkept > 0 ? [t("toBill.unkept", { count: unkept })] : []),
                  ].join(", ")}
                </Table.Td>
                <Table.Td visibleFrom="sm">
                  <Text size="sm" c="dimmed">
                    {first === last ? sayDate(first) : `${sayDate(first)} – ${sayDate(last)}`}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
