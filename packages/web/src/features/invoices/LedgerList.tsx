import {
  Alert,
  Anchor,
  Group,
  SegmentedControl,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { sayDate, sayMoney } from "../../app/dates.ts";
import type { DocumentRow } from "../../worker/billing/documentRow.ts";
import type { LedgerView } from "../../worker/desks/invoiceDesk.ts";
import classes from "./Invoices.module.css";

const FILTERS = ["all", "open", "overdue", "paid"] as const;
type Filter = (typeof FILTERS)[number];

const isShown = ({ state, number, buyer }: DocumentRow, filter: Filter, text: string): boolean => {
  const isOfState =
    filter === "all" ||
    (filter === "open" && (state === "open" || state === "overdue")) ||
    (filter === "overdue" && state === "overdue") ||
    (filter === "paid" && (state === "paid" || state === "overpaid" || state === "received"));
  const word = text.trim().toLowerCase();
  return isOfState && (String(number) === word || buyer.toLowerCase().includes(word));
};

/** Every document of a unit's year, with what is still open. */
export function LedgerList({ ledger }: { ledger: LedgerView }) {
  const { t } = useTranslation("invoices");
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t("list.title", { year: ledger.year })}</Title>
      {ledger.rows.length === 0 && <Text c="dimmed">{t("list.none")}</Text>}
      {ledger.rows.length > 0 && <Documents ledger={ledger} />}
    </Stack>
  );
}

function Documents({ ledger }: { ledger: LedgerView }) {
  const { t } = useTranslation("invoices");
  const [filter, setFilter] = useState<Filter>("all");
  const [text, setText] = useState("");
  const rows = ledger.rows.filter((row) => isShown(row, filter, text));
  return (
    <>
      <Text>
        {t("list.open", { sum: sayMoney(ledger.openCents) })}
        {ledger.overdueCents > 0 && ` ${t("list.overdue", { sum: sayMoney(ledger.overdueCents) })}`}
      </Text>
      {(ledger.gaps.length > 0 || ledger.setAside > 0) && (
        <Alert color="alarm" title={t("list.unsound")} role="alert">
          {ledger.gaps.length > 0 && t("list.gaps", { numbers: ledger.gaps.join(", ") })}{" "}
          {ledger.setAside > 0 && t("list.setAside", { count: ledger.setAside })}
        </Alert>
      )}
      <Group align="flex-end" className="no-print">
        <SegmentedControl
          aria-label={t("list.filter")}
          value={filter}
          onChange={(value) => setFilter(value)}
          data={FILTERS.map((value) => ({ value, label: t(`list.by.${value}`) }))}
        />
        <TextInput
          label={t("list.search")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Group>
      {rows.length === 0 && <Text c="dimmed">{t("list.nothing")}</Text>}
      {rows.length > 0 && (
        <Table verticalSpacing={6} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th className={classes["short"]}>{t("list.number")}</Table.Th>
              <Table.Th>{t("list.buyer")}</Table.Th>
              <Table.Th visibleFrom="sm">{t("list.issued")}</Table.Th>
              <Table.Th className={classes["sum"]}>{t("list.sum")}</Table.Th>
              <Table.Th>{t("list.state")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Row key={row.number} row={row} place={`/invoices/${ledger.unit}/${ledger.year}`} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

function Row({ row, place }: { row: DocumentRow; place: string }) {
  const { t } = useTranslation("invoices");
  const { number, kind, buyer, issuedOn, totalCents, openCents, state, dueOn } = row;
  const isOpen = state === "open" || state === "overdue";
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor
          component={Link}
          to={`${place}/${number}`}
          aria-label={`${t(`kind.${kind}`)} ${number}`}
        >
          {number}
        </Anchor>
      </Table.Td>
      <Table.Td translate="no">{buyer}</Table.Td>
      <Table.Td visibleFrom="sm">{sayDate(issuedOn)}</Table.Td>
      <Table.Td className={classes["sum"]}>
        {sayMoney(kind === "creditNote" ? -totalCents : totalCents)}
        {isOpen && openCents !== totalCents && (
          <Text size="sm" c="dimmed">
            {t("list.left", { sum: sayMoney(openCents) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text fw={state === "overdue" ? 620 : 400}>{t(`state.${state}`)}</Text>
        {isOpen && dueOn !== null && (
          <Text size="sm" c="dimmed">
            {sayDate(dueOn)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
