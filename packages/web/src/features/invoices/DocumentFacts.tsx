import { Anchor, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { sayDate, sayMoney } from "../../app/dates.ts";
import type { DocumentView } from "../../worker/desks/invoiceDesk.ts";
import type { DocumentPlace } from "./Document.tsx";
import { Grouped } from "./Grouped.tsx";
import classes from "./Invoices.module.css";

type Party = DocumentView["document"]["buyer"];

const partyText = ({ name, lines, postalCode, city, country, businessId }: Party): string =>
  [name, ...lines, [postalCode, city].filter(Boolean).join(" "), country, businessId]
    .filter(Boolean)
    .join(", ");

/** With its year: a printed page is read later. */
const sayWhole = (date: string): string => sayDate(date, new Date(0));

/** What a document says, line by line, and what came in for it. */
export function DocumentFacts({ view, place }: { view: DocumentView; place: DocumentPlace }) {
  const { t } = useTranslation("invoices");
  const { document, payments, creditNotes, totalCents } = view;
  const rows: [string, ReactNode][] = [
    [t("fact.buyer"), partyText(document.buyer)],
    [t("fact.seller"), partyText(document.seller)],
    [t("fact.issuedOn"), sayWhole(document.issuedOn)],
  ];
  if (document.kind === "invoice")
    rows.push(
      [t("fact.dueOn"), sayWhole(document.dueOn)],
      [t("fact.iban"), <Grouped text={document.iban} size={4} from="left" />],
      [t("fact.reference"), <Grouped text={document.reference} size={5} from="right" />],
    );
  if (document.kind === "receipt")
    rows.push([t("fact.method"), t(`draft.ways.${document.method}`)]);
  if (document.kind === "creditNote") rows.push([t("fact.reason"), document.reason]);
  if (document.taxNote !== undefined) rows.push([t("fact.tax"), document.taxNote]);
  if (document.remark !== undefined) rows.push([t("draft.remark"), document.remark]);
  return (
    <>
      <dl className={classes["fields"]} translate="no">
        {rows.map(([label, value]) => (
          <div key={label} className={classes["field"]}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {document.kind === "creditNote" && (
        <Text>
          <ToDocument place={place} number={document.credits} kind="invoice" />
        </Text>
      )}
      <Lines document={document} totalCents={totalCents} />
      {(payments.length > 0 || creditNotes.length > 0) && (
        <Stack component="section" gap="xs">
          <Title order={2}>{t("document.cameIn")}</Title>
          {payments.map(({ receivedOn, cents, reference }, index) => (
            <Text key={index}>
              {sayDate(receivedOn)} · {sayMoney(cents)}
              {reference !== undefined && ` · ${reference}`}
            </Text>
          ))}
          {creditNotes.map((number) => (
            <Text key={number}>
              <ToDocument place={place} number={number} kind="creditNote" />
            </Text>
          ))}
        </Stack>
      )}
    </>
  );
}

function Lines({
  document,
  totalCents,
}: {
  document: DocumentView["document"];
  totalCents: number;
}) {
  const { t } = useTranslation("invoices");
  return (
    <Table verticalSpacing={6}>
      <Table.Tbody>
        {document.lines.map(({ on, description, unitCents, quantityHundredths }, index) => (
          <Table.Tr key={index}>
            <Table.Td>
              {on !== undefined && `${sayWhole(on)} · `}
              {description}
            </Table.Td>
            <Table.Td className={classes["sum"]}>
              {sayMoney(Math.round((unitCents * quantityHundredths) / 100))}
            </Table.Td>
          </Table.Tr>
        ))}
        <Table.Tr>
          <Table.Td fw={620}>{t("draft.total")}</Table.Td>
          <Table.Td fw={620} className={classes["sum"]}>
            {sayMoney(totalCents)}
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

interface ToDocumentProps {
  readonly place: DocumentPlace;
  readonly number: number;
  readonly kind: "invoice" | "creditNote";
}

function ToDocument({ place: { unit, year }, number, kind }: ToDocumentProps) {
  const { t } = useTranslation("invoices");
  return (
    <Anchor component={Link} to={`/invoices/${unit}/${year}/${number}`}>
      {t(`kind.${kind}`)} {number}
    </Anchor>
  );
}
