import { describe, expect, it } from "vitest";
import {
  billedAppointments,
  billingKey,
  documentTotal,
  draftLines,
  foldLedger,
  foldOffice,
  invoiceStatuses,
  payerOn,
  virtualBarcode,
} from "../../src/index.ts";
import type { Invoice, LedgerBody, LedgerValue, OfficeBody } from "../../src/index.ts";
import { AT, ID, OTHER_ID } from "../records/bodies.ts";

const payer = (fields: object): OfficeBody => ({
  v: 1,
  type: "payer",
  at: AT,
  payer: "kela",
  validFrom: "2026-01-01",
  validTo: "2026-12-31",
  sessionsGranted: 2,
  sessionsUsedBefore: 0,
  shareCents: 5760,
  warnSessionsLeft: 1,
  warnDaysLeft: 30,
  ...fields,
});
const attendance = (key: string, fields: object = {}): OfficeBody => ({
  v: 1,
  type: "attendance",
  at: AT,
  start: `2026-03-0${key}T10:00`,
  zone: "Europe/Helsinki",
  minutes: 45,
  outcome: "attended",
  appointment: key,
  payer: ID,
  ...fields,
});
const entriesOf = (...bodies: OfficeBody[]) =>
  bodies.map((body, index) => ({
    entry: index === 0 ? ID : String(index).padStart(32, "0"),
    body,
  }));

describe("foldOffice", () => {
  it("keeps of each appointment what was said last, in order of time", () => {
    const { attendances } = foldOffice(
      entriesOf(
        payer({}),
        attendance("4"),
        attendance("2"),
        attendance("4", { outcome: "missed" }),
      ),
    );
    expect(attendances.map(({ key, outcome }) => `${key} ${outcome}`)).toEqual([
      "2 attended",
      "4 missed",
    ]);
  });
  it("lets a payer's decision replace another, and finds the one that covers a day", () => {
    const state = foldOffice(
      entriesOf(
        payer({}),
        payer({ replaces: ID, validTo: "2026-06-30" }),
        attendance("2", { payer: OTHER_ID }),
      ),
    );
    expect(state.payers).toHaveLength(1);
    expect(payerOn(state, "2026-06-30")?.payer.validTo).toBe("2026-06-30");
    expect(payerOn(state, "2026-07-01")).toBeUndefined();
  });
  it("names no payer whose sessions are used up", () => {
    const state = foldOffice(entriesOf(payer({}), attendance("2"), attendance("3")));
    expect(payerOn(state, "2026-03-04")).toBeUndefined();
  });
});

const draft = (bodies: OfficeBody[], billed: string[] = []) => {
  const state = foldOffice(entriesOf(...bodies));
  return draftLines(state.attendances, {
    patient: OTHER_ID,
    prices: { session: 9500, missed: 4000 },
    payers: state.payers,
    billed: new Set(billed),
    say: (what) => what,
  });
};

describe("draftLines", () => {
  const sessions = [
    payer({}),
    attendance("2"),
    attendance("3", { outcome: "missed" }),
    attendance("4", { outcome: "cancelled" }),
    attendance("5", { outcome: "cancelled-late" }),
  ];
  it("splits a session between patient and payer, charges what was missed, and nothing that was cancelled", () => {
    const { patient, byPayer } = draft(sessions);
    expect(patient.map(({ description, unitCents }) => [description, unitCents])).toEqual([
      ["held", 9500],
      ["share", -5760],
      ["missed", 4000],
    ]);
    expect(documentTotal(byPayer.get(ID) ?? []).grossCents).toBe(5760);
  });
  it("leaves out what is billed, for patient and payer apart", () => {
    const { patient, byPayer } = draft(sessions, [billingKey(OTHER_ID, "2", "whole")]);
    expect(patient.map(({ description }) => description)).toEqual(["missed"]);
    expect(byPayer.get(ID)).toHaveLength(1);
    expect(draft(sessions, [billingKey(OTHER_ID, "2", "share")]).byPayer.size).toBe(0);
  });
});

const party = { name: "Praxis", lines: [] };
const invoice = (number: number, appointment: string): Invoice => ({
  kind: "invoice",
  number,
  issuedOn: "2026-03-01",
  seller: party,
  buyer: party,
  currency: "EUR",
  lines: [
    {
      description: "x",
      quantityHundredths: 100,
      unitCents: 9500,
      taxBasisPoints: 0,
      appointment,
    },
  ],
  dueOn: "2026-03-15",
  iban: "FI2112345600000785",
  reference: "13",
});
const put = (key: string, value: LedgerValue): LedgerBody => ({
  v: 1,
  at: AT,
  op: "put",
  key,
  value,
});

describe("invoiceStatuses", () => {
  const {
    kind: _kind,
    dueOn: _due,
    iban: _iban,
    reference: _reference,
    ...paper
  } = invoice(3, "a");
  const state = foldLedger([
    put("document/000001", { ...invoice(1, "a"), reference: "1232" }),
    put("document/000002", { ...invoice(2, "b"), reference: "1232" }),
    put("document/000003", { kind: "creditNote", ...paper, credits: 1, reason: "wrong" }),
    put("payment/1", { kind: "payment", pays: 2, receivedOn: "2026-03-10", cents: 4500 }),
  ]);
  it("tells what is open, late, credited", () => {
    expect(
      invoiceStatuses(state, "2026-03-15").map((each) => [each.state, each.openCents]),
    ).toEqual([
      ["credited", 0],
      ["open", 5000],
    ]);
    expect(invoiceStatuses(state, "2026-03-16")[1]?.state).toBe("overdue");
  });
  it("lets the appointments of a credited invoice be billed again", () => {
    expect([...billedAppointments(state)]).toEqual([["b", 2]]);
    const paid = foldLedger([
      put("document/000001", { ...invoice(1, "a"), reference: "1232" }),
      put("payment/1", { kind: "payment", pays: 1, receivedOn: "2026-03-10", cents: 9500 }),
      put("document/000002", {
        kind: "creditNote",
        ...paper,
        number: 2,
        credits: 1,
        reason: "wrong",
      }),
    ]);
    expect(invoiceStatuses(paid, "2026-03-15")[0]?.state).toBe("overpaid");
    expect([...billedAppointments(paid)]).toEqual([]);
  });
});

describe("virtualBarcode", () => {
  it("gives the codes of the guide's examples", () => {
    const examples = [
      [
        "FI79 4405 2020 0360 82",
        488315,
        "86851 62596 19897",
        "2010-06-12",
        "479440520200360820048831500000000868516259619897100612",
      ],
      [
        "FI58 1017 1000 0001 22",
        48299,
        "55958 22432 94671",
        "2012-01-31",
        "458101710000001220004829900000000559582243294671120131",
      ],
    ] as const;
    for (const [iban, cents, reference, dueOn, code] of examples)
      expect(virtualBarcode({ iban, cents, reference, dueOn })).toBe(code);
  });
  it("has none for another country's account, for nothing to pay, and from a million on", () => {
    const bill = {
      iban: "FI7944052020036082",
      cents: 99_999_999,
      reference: "1232",
      dueOn: "2026-01-01",
    };
    expect(virtualBarcode(bill)).toHaveLength(54);
    expect(virtualBarcode({ ...bill, cents: 100_000_000 })).toBeUndefined();
    expect(virtualBarcode({ ...bill, cents: 0 })).toBeUndefined();
    expect(virtualBarcode({ ...bill, iban: "DE89370400440532013000" })).toBeUndefined();
    expect(() => virtualBarcode({ ...bill, reference: "1233" })).toThrow(RangeError);
  });
});
