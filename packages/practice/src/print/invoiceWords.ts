import type { PrintLanguage } from "./words.ts";

type Row = readonly [en: string, fi: string, sv: string];

const WORDS = {
  invoice: ["Invoice", "Lasku", "Faktura"],
  receipt: ["Receipt", "Kuitti", "Kvitto"],
  creditNote: ["Credit note", "Hyvityslasku", "Kreditfaktura"],
  number: ["Number", "Numero", "Nummer"],
  issuedOn: ["Date", "Päiväys", "Datum"],
  dueOn: ["Due", "Eräpäivä", "Förfallodag"],
  seller: ["From", "Lähettäjä", "Avsändare"],
  buyer: ["To", "Vastaanottaja", "Mottagare"],
  businessId: ["Business ID", "Y-tunnus", "FO-nummer"],
  what: ["What", "Selite", "Beskrivning"],
  day: ["Day", "Päivä", "Dag"],
  quantity: ["Qty", "Määrä", "Antal"],
  each: ["Each €", "à €", "à €"],
  tax: ["VAT %", "ALV %", "Moms %"],
  sum: ["Sum €", "Summa €", "Summa €"],
  net: ["Without VAT", "Veroton yhteensä", "Utan moms"],
  taxSum: ["VAT", "ALV", "Moms"],
  total: ["To pay", "Maksettava", "Att betala"],
  paid: ["Paid", "Maksettu", "Betalt"],
  credited: ["Credited", "Hyvitetään", "Krediteras"],
  iban: ["Account (IBAN)", "Tilinumero (IBAN)", "Konto (IBAN)"],
  bic: ["BIC", "BIC", "BIC"],
  reference: ["Reference", "Viitenumero", "Referensnummer"],
  barcode: ["Virtual barcode", "Virtuaaliviivakoodi", "Virtuell streckkod"],
  method: ["Paid by", "Maksutapa", "Betalningssätt"],
  cash: ["cash", "käteinen", "kontant"],
  card: ["card", "kortti", "kort"],
  transfer: ["bank transfer", "tilisiirto", "girering"],
  credits: ["Credits invoice", "Hyvittää laskun", "Krediterar faktura"],
  reason: ["Reason", "Syy", "Orsak"],
  phone: ["Phone", "Puhelin", "Telefon"],
  email: ["E-mail", "Sähköposti", "E-post"],
} as const satisfies Record<string, Row>;

/** A word of an invoice. */
export type InvoiceWord = keyof typeof WORDS;

const COLUMN: Record<PrintLanguage, 0 | 1 | 2> = { en: 0, fi: 1, sv: 2 };

/** The words of a language. */
export function invoiceWordsOf(language: PrintLanguage): (word: InvoiceWord) => string {
  return (word) => WORDS[word][COLUMN[language]];
}

const LINES = {
  held: ["Psychotherapy session", "Psykoterapiakäynti", "Psykoterapibesök"],
  missed: ["Missed appointment", "Käyttämättä jätetty aika", "Uteblivet besök"],
  cancelledLate: ["Late cancellation", "Myöhään peruttu aika", "Sent avbokad tid"],
  share: ["Paid by", "Korvaus", "Ersättning från"],
} as const satisfies Record<string, Row>;

/** What a line of an invoice says of an appointment; of a share, with the name of who pays it. */
export function invoiceLineText(
  what: keyof typeof LINES,
  { language, minutes, payer }: { language: PrintLanguage; minutes: number; payer?: string },
): string {
  const word = LINES[what][COLUMN[language]];
  if (what === "share") return payer === undefined ? word : `${word} ${payer}`;
  return minutes > 0 ? `${word}, ${minutes} min` : word;
}

/** Why health care is sold without value added tax (AVL 34 §), as it may stand on an invoice; a unit may say it otherwise. */
export const HEALTH_CARE_TAX_NOTE: Record<PrintLanguage, string> = {
  en: "VAT 0 %: health care service, Value Added Tax Act section 34",
  fi: "ALV 0 %: terveydenhoitopalvelu, arvonlisäverolaki 34 §",
  sv: "Moms 0 %: hälso- och sjukvårdstjänst, mervärdesskattelagen 34 §",
};
