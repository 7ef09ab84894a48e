import { Anchor, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "../../app/FaultNote.tsx";
import { ScreenHead } from "../../app/ScreenHead.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { sayMoney } from "../../app/dates.ts";
import { shownLanguage } from "../../app/language.ts";
import { saveFile } from "../../app/saveFile.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { DocumentView } from "../../worker/desks/invoiceDesk.ts";
import { CreditForm } from "./CreditForm.tsx";
import { DocumentFacts } from "./DocumentFacts.tsx";
import classes from "./Invoices.module.css";
import { LanguageSelect, type PaperLanguage } from "./LanguageSelect.tsx";
import { PaymentForm } from "./PaymentForm.tsx";

/** Which document. */
export interface DocumentPlace {
  readonly unit: string;
  readonly year: number;
  readonly number: number;
}

/** One invoice, receipt or credit note: what it says, what came in for it, and its paper. */
export default function Document() {
  const params: Readonly<Record<string, string | undefined>> = useParams({ strict: false });
  const { unit = "", year = "", number = "" } = params;
  const { t } = useTranslation("invoices");
  const place = { unit, year: Number(year), number: Number(number) };
  const { data, error, refetch } = useView(["invoices", "ledger", unit, year, number], (desks) =>
    desks.invoice.document(place),
  );
  return (
    <Stack gap="lg">
      <Anchor component={Link} to="/invoices" size="sm" className="no-print">
        {t("document.back")}
      </Anchor>
      {error !== null && <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <View view={data} place={place} />}
    </Stack>
  );
}

function View({ view, place }: { view: DocumentView; place: DocumentPlace }) {
  const { t } = useTranslation("invoices");
  const [asked, setAsked] = useState<"pay" | "credit" | null>(null);
  const { kind, number, state, openCents, document } = view;
  const isInvoice = kind === "invoice";
  const isOpen = isInvoice && openCents > 0;
  return (
    <>
      <ScreenHead
        title={`${t(`kind.${kind}`)} ${number}`}
        under={
          <Group gap="xs">
            <Badge variant="light" color="stone">
              {t(`state.${state}`)}
            </Badge>
            {isOpen && <Text>{t("list.left", { sum: sayMoney(openCents) })}</Text>}
          </Group>
        }
      >
        {isOpen && asked === null && (
          <Button onClick={() => setAsked("pay")}>{t("document.pay")}</Button>
        )}
      </ScreenHead>
      <Stack gap="lg" className={classes["page"] ?? ""}>
        {asked === "pay" && (
          <PaymentForm place={place} openCents={openCents} onClose={() => setAsked(null)} />
        )}
        {asked === "credit" && <CreditForm place={place} onClose={() => setAsked(null)} />}
        <DocumentFacts view={view} place={place} />
        <PaperRow view={view} place={place} />
        <Group className="no-print">
          {document.patient !== undefined && (
            <Button component={Link} to={`/patients/${document.patient}`} variant="subtle">
              {t("document.patient")}
            </Button>
          )}
          {isInvoice && state !== "credited" && view.creditNotes.length === 0 && asked === null && (
            <Button variant="subtle" onClick={() => setAsked("credit")}>
              {t("document.credit")}
            </Button>
          )}
        </Group>
        <Text size="sm" c="dimmed" className="no-print">
          {t(isInvoice ? "document.finalInvoice" : "document.final")}
        </Text>
      </Stack>
    </>
  );
}

function PaperRow({ view: { kind, number }, place }: { view: DocumentView; place: DocumentPlace }) {
  const { t } = useTranslation("invoices");
  const [language, setLanguage] = useState<PaperLanguage>(null);
  const paper = useAct((desks, wish: PaperLanguage) =>
    desks.invoice.paper(place, { number, language: wish, shown: shownLanguage() }),
  );
  const download = (): void =>
    paper.mutate(language, {
      // The name of a file stands in lists of downloads: a number, and nobody's name.
      onSuccess: (bytes) =>
        saveFile({ name: `${t(`file.${kind}`)}-${place.year}-${number}.pdf`, bytes }),
    });
  return (
    <Stack gap="xs" className="no-print">
      <Group align="flex-end">
        <LanguageSelect value={language} onChange={setLanguage} />
        <Button variant="default" loading={paper.isPending} onClick={download}>
          {t("document.pdf")}
        </Button>
        <Button variant="default" onClick={() => print()}>
          {t("document.print")}
        </Button>
      </Group>
      {paper.error !== null && <FaultNote error={paper.error} />}
    </Stack>
  );
}
