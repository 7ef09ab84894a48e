import { Anchor, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import type { InvoicingUnit, Prices } from "@sinetti/practice";

import { DateField } from "../../app/DateField.tsx";
import { FaultNote } from "../../app/FaultNote.tsx";
import { Waiting } from "../../app/Waiting.tsx";
import { localDate } from "../../app/dates.ts";
import { KeptText, RestoredNote, ThrowAway } from "../../app/drafting/FormDraft.tsx";
import { FormGate } from "../../app/drafting/FormGate.tsx";
import { useForm } from "../../app/drafting/useForm.ts";
import { shownLanguage } from "../../app/language.ts";
import { useAct, useView } from "../../app/useDesk.ts";
import type { BegunForm } from "../../worker/desks/formDesk.ts";
import type { DraftWish } from "../../worker/desks/invoiceDesk.ts";
import { DraftCard } from "./DraftCard.tsx";
import classes from "./Invoices.module.css";
import { LanguageSelect, type PaperLanguage } from "./LanguageSelect.tsx";
import { centsOf, centsText, monthsBack } from "./period.ts";

/** Bills one patient's sessions: drafts first, of which nothing is kept until one is issued. */
export default function NewInvoice() {
  const { patient = "" } = useParams({ strict: false });
  const { t } = useTranslation("invoices");
  const units = useView(["invoices", "units"], (desks) => desks.invoice.units());
  const prices = useView(["invoices", "prices"], (desks) => desks.invoice.prices());
  const error = units.error ?? prices.error;
  const [unit] = units.data ?? [];
  return (
    <Stack gap="lg" className={classes["page"] ?? ""}>
      {error !== null && <FaultNote error={error} />}
      {error === null && (units.data === undefined || prices.data === undefined) && <Waiting />}
      {units.data?.length === 0 && (
        <Text>
          {t("unit.ask")}{" "}
          <Anchor component={Link} to="/invoices">
            {t("title")}
          </Anchor>
        </Text>
      )}
      {unit !== undefined && prices.data !== undefined && (
        <Begun key={patient} patient={patient} unit={unit} prices={prices.data} />
      )}
    </Stack>
  );
}

const PRICES = ["session", "missed", "cancelledLate"] as const;

interface BillProps {
  readonly patient: string;
  readonly unit: InvoicingUnit;
  readonly prices: Prices | null;
}

/** What is typed on the way to an invoice. */
interface BillDraft {
  readonly from: string;
  readonly to: string;
  readonly language: PaperLanguage;
  readonly texts: Readonly<Record<(typeof PRICES)[number], string>>;
  /** What is remarked on each draft, in their order. */
  readonly remarks: readonly string[];
}

function freshDraft(prices: Prices | null): BillDraft {
  const today = localDate(new Date());
  return {
    from: monthsBack(today, 2),
    to: today,
    language: null,
    texts: {
      session: prices === null ? "" : centsText(prices.session),
      missed: prices?.missed === undefined ? "" : centsText(prices.missed),
      cancelledLate: prices?.cancelledLate === undefined ? "" : centsText(prices.cancelledLate),
    },
    remarks: [],
  };
}

function Begun(props: BillProps) {
  const [stay, setStay] = useState(0);
  return (
    <FormGate<BillDraft>
      key={stay}
      place={{ form: "invoice", about: props.patient, changes: null }}
    >
      {(begun) => <Bill key={begun.id} begun={begun} onAnew={() => setStay(stay + 1)} {...props} />}
    </FormGate>
  );
}

function Bill({
  begun,
  patient,
  unit,
  prices,
  onAnew,
}: BillProps & { begun: BegunForm<BillDraft>; onAnew: () => void }) {
  const { t } = useTranslation("invoices");
  const { data: person } = useView(["office", patient], (desks) => desks.office.view(patient));
  const form = useForm(begun, () => freshDraft(prices));
  const { from, to, language, texts, remarks } = form.body;
  const [issued, setIssued] = useState<ReadonlySet<number>>(new Set());
  const draft = useAct((desks, wish: DraftWish) => desks.invoice.draft(wish));
  const takeIn = useAct(
    (desks, wish: DraftWish) => desks.invoice.takeIn(wish),
    [
      ["office", patient],
      ["invoices", "toBill"],
    ],
  );
  const session = centsOf(texts.session);
  const isWrong = (name: (typeof PRICES)[number]): boolean =>
    texts[name].trim() !== "" && centsOf(texts[name]) === null;
  const wish = (): DraftWish => ({
    unit: unit.id,
    patient,
    from,
    to,
    language,
    shown: shownLanguage(),
    prices: {
      session: session ?? 0,
      missed: centsOf(texts.missed) ?? 0,
      cancelledLate: centsOf(texts.cancelledLate) ?? 0,
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setIssued(new Set());
    draft.mutate(wish());
  };
  const view = draft.data;
  const whose = view?.name ?? person?.name;
  const isKept = form.draft.isBegun && (issued.size === 0 || issued.size !== view?.drafts.length);
  /** What was typed has done its work when the last of the drafts has a number. */
  const onIssued = (index: number): void => {
    const done = new Set([...issued, index]);
    setIssued(done);
    if (done.size === view?.drafts.length) void form.draft.strike();
  };
  return (
    <>
      <Stack gap={4}>
        <Title order={1} translate="no">
          {whose === undefined ? t("new.title") : t("new.of", { name: whose })}
        </Title>
        <Anchor component={Link} to={`/patients/${patient}`} size="sm">
          {t("new.toPatient")}
        </Anchor>
      </Stack>
      <form onSubmit={submit} autoComplete="off">
        <Stack maw={640}>
          <RestoredNote draft={form.draft} isOvertaken={false} />
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
            {PRICES.map((name) => (
              <TextInput
                key={name}
                label={t(`new.price.${name}`)}
                inputMode="decimal"
                rightSection="€"
                value={texts[name]}
                error={isWrong(name) ? t("new.noSum") : null}
                onChange={(event) => {
                  const { value } = event.currentTarget;
                  form.set({ texts: { ...texts, [name]: value } });
                }}
              />
            ))}
            <DateField
              label={t("new.from")}
              value={from}
              onDate={(day) => form.set({ from: day })}
            />
            <DateField label={t("new.to")} value={to} onDate={(day) => form.set({ to: day })} />
            <LanguageSelect value={language} onChange={(value) => form.set({ language: value })} />
          </SimpleGrid>
          <Group>
            <Button
              type="submit"
              variant={view === undefined ? "filled" : "default"}
              loading={draft.isPending}
              disabled={session === null || PRICES.some(isWrong) || from === "" || to === ""}
            >
              {t(view === undefined ? "new.draft" : "new.again")}
            </Button>
            {isKept && <ThrowAway onThrow={() => form.draft.strike().then(onAnew)} />}
            {isKept && <KeptText draft={form.draft} />}
          </Group>
        </Stack>
      </form>
      {draft.error !== null && <FaultNote error={draft.error} />}
      {view !== undefined && view.unwritten > 0 && (
        <Stack gap="xs" role="status">
          <Text>{t("new.unwritten", { count: view.unwritten })}</Text>
          <Group>
            <Button
              size="xs"
              variant="default"
              loading={takeIn.isPending}
              onClick={() => takeIn.mutate(wish(), { onSuccess: () => draft.mutate(wish()) })}
            >
              {t("new.takeIn")}
            </Button>
          </Group>
          {takeIn.error !== null && <FaultNote error={takeIn.error} />}
        </Stack>
      )}
      {view?.drafts.length === 0 && view.unwritten === 0 && (
        <Text c="dimmed">{t("new.nothing")}</Text>
      )}
      {view?.drafts.map((row, index) => (
        <DraftCard
          key={`${draft.submittedAt}/${index}`}
          row={row}
          unit={unit}
          remark={remarks[index] ?? ""}
          onRemark={(remark) => form.set({ remarks: withRemark(remarks, index, remark) })}
          onIssued={() => onIssued(index)}
        />
      ))}
    </>
  );
}

const withRemark = (remarks: readonly string[], index: number, remark: string): string[] =>
  Array.from({ length: Math.max(remarks.length, index + 1) }, (_, at) =>
    at === index ? remark : (remarks[at] ?? ""),
  );
