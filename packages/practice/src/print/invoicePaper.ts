import type { Block, Field, Paper } from "@sinetti/paper";
import { documentTotal } from "../invoicing/ledger.ts";
import { virtualBarcode } from "../invoicing/virtualBarcode.ts";
import type { InvoicingUnit } from "../records/directory.ts";
import type { CreditNote, Invoice, InvoiceLine, Receipt } from "../records/ledger.ts";
import { invoiceWordsOf, type InvoiceWord } from "./invoiceWords.ts";
import type { PrintLanguage } from "./words.ts";

type Document = Invoice | Receipt | CreditNote;
/** How a document of the ledger is printed. */
export interface InvoicePrinting {
  readonly language: PrintLanguage;
  /** ISO 8601. */
  readonly made: string;
  /** For what the document itself does not say: BIC, phone, e-mail. */
  readonly unit?: Pick<InvoicingUnit, "bic" | "phone" | "email">;
}

interface Words {
  readonly word: (word: InvoiceWord) => string;
  readonly day: (date: string) => string;
  readonly money: (cents: number) => string;
}

const LOCALE: Record<PrintLanguage, string> = { en: "en-GB", fi: "fi-FI", sv: "sv-FI" };

function wordsFor(language: PrintLanguage): Words {
  const month = language === "en" ? "short" : "numeric";
  const how = { timeZone: "UTC", day: "numeric", month, year: "numeric" } as const;
  const format = new Intl.DateTimeFormat(LOCALE[language], how);
  const mark = language === "en" ? "." : ",";
  return {
    word: invoiceWordsOf(language),
    day: (date) => format.format(new Date(`${date}T00:00:00Z`)),
    money: (cents) => {
      const sum = Math.abs(cents);
      const whole = String(Math.floor(sum / 100)).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
      return `${cents < 0 ? "−" : ""}${whole}${mark}${String(sum % 100).padStart(2, "0")}`;
    },
  };
}

function addressText({ name, lines, postalCode, city, country }: Document["seller"]): string {
  const town = [postalCode, city].filter(Boolean).join(" ");
  return [name, ...lines, town, country ?? ""].filter((text) => text !== "").join(", ");
}

function head(document: Document, { word, day }: Words, unit: InvoicePrinting["unit"]): Block[] {
  const { seller, buyer } = document;
  const rows: Field[] = [
    { label: word("number"), value: String(document.number) },
    { label: word("issuedOn"), value: day(document.issuedOn) },
    { label: word("seller"), value: addressText(seller) },
    ...(seller.businessId === undefined
      ? []
      : [{ label: word("businessId"), value: seller.businessId }]),
    ...(unit?.phone === undefined ? [] : [{ label: word("phone"), value: unit.phone }]),
    ...(unit?.email === undefined ? [] : [{ label: word("email"), value: unit.email }]),
    { label: word("buyer"), value: addressText(buyer) },
    ...(buyer.businessId === undefined
      ? []
      : [{ label: word("businessId"), value: buyer.businessId }]),
  ];
  if (document.kind === "creditNote")
    rows.push(
      { label: word("credits"), value: String(document.credits) },
      { label: word("reason"), value: document.reason },
    );
  return [
    { type: "heading", level: 1, text: `${word(document.kind)} ${document.number}` },
    { type: "fields", rows },
  ];
}

function lineTable(lines: readonly InvoiceLine[], { word, day, money }: Words): Block {
  const hundredths = (value: number): string =>
    value % 100 === 0 ? String(value / 100) : money(value);
  return {
    type: "table",
    head: [word("day"), word("what"), word("quantity"), word("each"), word("tax"), word("sum")],
    rows: lines.map(({ on, description, quantityHundredths, unitCents, taxBasisPoints }) => [
      on === undefined ? "" : day(on),
      description,
      hundredths(quantityHundredths),
      money(unitCents),
      hundredths(taxBasisPoints),
      money(Math.round((unitCents * quantityHundredths) / 100)),
    ]),
    widths: [16, 40, 8, 12, 10, 14],
    numeric: [2, 3, 4, 5],
  };
}

function totals(document: Document, { word, money }: Words): Block[] {
  const { netCents, taxCents, grossCents } = documentTotal(document.lines);
  const last = { invoice: "total", receipt: "paid", creditNote: "credited" } as const;
  const rows: Field[] = [
    ...(taxCents === 0
      ? []
      : [
          { label: word("net"), value: `${money(netCents)} €` },
          { label: word("taxSum"), value: `${money(taxCents)} €` },
        ]),
    { label: word(last[document.kind]), value: [{ text: `${money(grossCents)} €`, bold: true }] },
  ];
  const { taxNote, remark } = document;
  return [
    { type: "fields", rows },
    ...[taxNote, remark].flatMap((text): Block[] =>
      text === undefined || text === "" ? [] : [{ type: "paragraph", text, tone: "quiet" }],
    ),
  ];
}

/** Groups of `size` from the right, as banks print references; IBANs go from the left. */
function grouped(text: string, { size, from }: { size: number; from: "left" | "right" }): string {
  const plain = text.replace(/\s/g, "");
  const first = from === "left" ? size : plain.length % size || size;
  const groups = [plain.slice(0, first)];
  for (let at = first; at < plain.length; at += size) groups.push(plain.slice(at, at + size));
  return groups.join(" ");
}

function payment(invoice: Invoice, { word, day, money }: Words, bic: string | undefined): Block[] {
  const cents = documentTotal(invoice.lines).grossCents;
  const mono = (text: string) => [{ text, mono: true }];
  const reference = invoice.reference.replace(/\s/g, "").replace(/^0+/, "");
  const rows: Field[] = [
    { label: word("dueOn"), value: day(invoice.dueOn) },
    { label: word("iban"), value: mono(grouped(invoice.iban, { size: 4, from: "left" })) },
    ...(bic === undefined ? [] : [{ label: word("bic"), value: mono(bic) }]),
    { label: word("reference"), value: mono(grouped(reference, { size: 5, from: "right" })) },
    { label: word("total"), value: `${money(cents)} €` },
  ];
  const code = virtualBarcode({ ...invoice, cents });
  if (code !== undefined) rows.push({ label: word("barcode"), value: mono(code) });
  return [{ type: "rule" }, { type: "fields", rows }];
}

function documentPaper(document: Document, how: InvoicePrinting): Paper {
  const words = wordsFor(how.language);
  const { word } = words;
  return {
    title: `${word(document.kind)} ${document.number}, ${document.seller.name}`,
    language: how.language,
    footer: document.seller.name,
    made: how.made,
    blocks: [
      ...head(document, words, how.unit),
      lineTable(document.lines, words),
      ...totals(document, words),
      ...(document.kind === "invoice" ? payment(document, words, how.unit?.bic) : []),
      ...(document.kind === "receipt"
        ? [
            {
              type: "fields" as const,
              rows: [{ label: word("method"), value: word(document.method) }],
            },
          ]
        : []),
    ],
  };
}

/** An invoice as it is printed, with reference, account, due date and, for a Finnish account, the virtual barcode. */
export function invoicePaper(invoice: Invoice, how: InvoicePrinting): Paper {
  return documentPaper(invoice, how);
}

/** A receipt as it is printed. */
export function receiptPaper(receipt: Receipt, how: InvoicePrinting): Paper {
  return documentPaper(receipt, how);
}

/** A credit note as it is printed. */
export function creditNotePaper(note: CreditNote, how: InvoicePrinting): Paper {
  return documentPaper(note, how);
}
