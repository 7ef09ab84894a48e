import { Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { InvoicingUnit } from "@sinetti/practice";

import { FaultNote, faultOfError } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { localDate } from "../../app/dates.ts";
import { useHere } from "../../app/me.ts";
import { useView } from "../../app/useDesk.ts";
import classes from "./Invoices.module.css";
import { LedgerList } from "./LedgerList.tsx";
import { ToBill } from "./ToBill.tsx";
import { UnitSection } from "./UnitSection.tsx";

/** Invoices, receipts and credit notes; who is to be billed; and in whose name. */
export default function Invoices() {
  const { t } = useTranslation("invoices");
  const {
    data: units,
    error,
    refetch,
  } = useView(["invoices", "units"], (desks) => desks.invoice.units());
  return (
    <Stack gap="xl" className={classes["page"] ?? ""}>
      <Title order={1}>{t("title")}</Title>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {units === undefined && error === null && <Waiting />}
      {units !== undefined && <Unit units={units} />}
    </Stack>
  );
}

/** A ledger that was made before this member was named among those who bill. */
const isNotMine = (error: Error): boolean => faultOfError(error).problem === "not-granted";

function Unit({ units }: { units: readonly InvoicingUnit[] }) {
  const { t } = useTranslation("invoices");
  const { me } = useHere();
  const thisYear = Number(localDate(new Date()).slice(0, 4));
  const bills = me.roles.some((role) => role === "office" || role === "therapist");
  const [chosen, setChosen] = useState<string | null>(null);
  const [year, setYear] = useState(thisYear);
  const held = units.find(({ id }) => id === chosen) ?? units[0];
  const unit = held?.id ?? "";
  const ledger = useView(
    ["invoices", "ledger", unit, year],
    (desks) => desks.invoice.ledger({ unit, year }),
    { enabled: unit !== "" && bills },
  );
  if (held === undefined) return <UnitSection unit={null} />;
  return (
    <>
      {(bills || units.length > 1) && (
        <Group gap="md">
          {units.length > 1 && (
            <NativeSelect
              label={t("unit.choice")}
              value={held.id}
              onChange={(event) => setChosen(event.currentTarget.value)}
              data={units.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
          {bills && (
            <NativeSelect
              label={t("year")}
              value={String(year)}
              onChange={(event) => setYear(Number(event.currentTarget.value))}
              data={[thisYear, thisYear - 1].map(String)}
            />
          )}
        </Group>
      )}
      {ledger.error !== null && isNotMine(ledger.error) && <Text>{t("unit.notMine")}</Text>}
      {ledger.error !== null && !isNotMine(ledger.error) && (
        <FaultNote error={ledger.error} retry={() => void ledger.refetch()} />
      )}
      {bills && ledger.isPending && <Waiting />}
      {ledger.data !== undefined && (
        <>
          {year === thisYear && <ToBill unit={held.id} />}
          <LedgerList ledger={ledger.data} />
        </>
      )}
      {!bills && <Text c="dimmed">{t("unit.adminOnly")}</Text>}
      <UnitSection key={held.id} unit={held} />
    </>
  );
}
