import type { Compartment, EraseReason } from "@sinetti/core";

/** What is said on a certificate of erasure, in one language. */
export interface CertificateWords {
  readonly title: string;
  readonly practice: string;
  readonly erasure: string;
  readonly why: string;
  readonly reason: Record<EraseReason, string>;
  readonly what: string;
  readonly counted: (records: number, entries: number) => string;
  readonly finished: string;
  readonly day: (isoDate: string) => string;
  readonly backups: (day: string) => string;
  readonly destroyed: string;
  readonly compare: string;
  readonly compartment: Record<Compartment, string>;
  readonly entries: (count: number) => string;
  readonly orderedBy: string;
  readonly approvedBy: string;
  readonly approvedByNobody: string;
  readonly paperCode: string;
  readonly unknown: string;
  readonly week: string;
  readonly idHash: string;
  readonly order: string;
  readonly statement: (seq: number) => string;
  readonly acceptance: string;
}

/** The languages in which a certificate can be written. */
export type CertificateLanguage = "en" | "fi";

const en: CertificateWords = {
  title: "Certificate of erasure",
  practice: "Practice",
  erasure: "Erasure",
  why: "Why",
  reason: {
    retention: "The time for which the record had to be kept is over",
    request: "The patient asked for it",
    error: "The record was made in error",
    order: "A court or an authority ordered it",
  },
  what: "What",
  counted: (records, entries) =>
    `${records} ${records === 1 ? "record" : "records"} with ${en.entries(entries)}`,
  finished: "Finished",
  day: (isoDate) => isoDate,
  backups: (day) =>
    `Erased now; in backups until ${day}. A backup that is restored before that day erases again before anybody can open it.`,
  destroyed:
    "The halves of the keys at the gate, their copies, the wraps and the sealed entries are destroyed. The chains keep hashes of what was there, and nothing that opens it. This paper names nobody who was treated.",
  compare:
    "Each hash can be compared with the chains that the services keep: sinetti fsck verifies them.",
  compartment: {
    identity: "Identity",
    office: "Office",
    schedule: "Schedule",
    ledger: "Ledger",
    roster: "Roster",
    directory: "Directory",
    care: "Care",
    portal: "Portal",
    process: "Process",
    incident: "Incident",
    review: "Access review",
  },
  entries: (count) => `${count} ${count === 1 ? "entry" : "entries"}`,
  orderedBy: "Ordered by",
  approvedBy: "Approved by",
  approvedByNobody: "nobody: 24 hours had passed",
  paperCode: "the paper code",
  unknown: "unknown",
  week: "Accepted in the week of",
  idHash: "SHA-256 of the record’s id",
  order: "Order",
  statement: (seq) => `Statement ${seq} of its chain`,
  acceptance: "The gate’s acceptance",
};

const fi: CertificateWords = {
  title: "Todistus tietojen poistamisesta",
  practice: "Vastaanotto",
  erasure: "Poisto",
  why: "Syy",
  reason: {
    retention: "Tietojen säilytysaika on päättynyt",
    request: "Potilas on pyytänyt poistoa",
    error: "Tiedot oli kirjattu virheellisesti",
    order: "Tuomioistuin tai viranomainen on määrännyt poiston",
  },
  what: "Poistettu",
  counted: (records, entries) =>
    `${records} ${records === 1 ? "asiakirja" : "asiakirjaa"}, yhteensä ${fi.entries(entries)}`,
  finished: "Valmis",
  day: (isoDate) => isoDate.split("-").toReversed().map(Number).join("."),
  backups: (day) =>
    `Poistettu nyt; varmuuskopioissa ${day} asti. Jos varmuuskopio palautetaan ennen sitä, tiedot poistetaan uudelleen, ennen kuin kukaan voi avata niitä.`,
  destroyed:
    "Portin avainpuolikkaat ja niiden kopiot, avainkääreet ja sinetöidyt kirjaukset on tuhottu. Ketjuihin jäävät tiivisteet siitä, mitä tallessa oli, eikä mitään, millä sen voisi avata. Todistuksessa ei mainita ketään, jota on hoidettu.",
  compare:
    "Jokaista tiivistettä voi verrata palvelujen säilyttämiin ketjuihin: sinetti fsck tarkistaa ne.",
  compartment: {
    identity: "Henkilötiedot",
    office: "Toimiston tiedot",
    schedule: "Ajanvaraukset",
    ledger: "Laskut",
    roster: "Potilasluettelo",
    directory: "Henkilökunta",
    care: "Hoitotiedot",
    portal: "Viestit ja lomakkeet",
    process: "Omat muistiinpanot",
    incident: "Poikkeamat",
    review: "Käyttöoikeuksien tarkastus",
  },
  entries: (count) => `${count} ${count === 1 ? "kirjaus" : "kirjausta"}`,
  orderedBy: "Poiston määräsi",
  approvedBy: "Poiston hyväksyi",
  approvedByNobody: "ei kukaan: 24 tuntia oli kulunut",
  paperCode: "paperikoodi",
  unknown: "tuntematon",
  week: "Portti hyväksyi viikolla, joka alkoi",
  idHash: "Asiakirjan tunnisteen SHA-256",
  order: "Määräys",
  statement: (seq) => `Merkintä ${seq} asiakirjan ketjussa`,
  acceptance: "Portin hyväksyntä",
};

/** What is said on a certificate, by language. */
export const CERTIFICATE_WORDS: Record<CertificateLanguage, CertificateWords> = { en, fi };
