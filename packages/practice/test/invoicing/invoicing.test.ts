import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  PracticeError,
  checkFinnishReference,
  documentTotal,
  foldLedger,
  isIban,
  ledgerGaps,
  ledgerKey,
  makeFinnishReference,
  nextLedgerNumber,
  normaliseIban,
  openCents,
  parseEntryBody,
  payerStatus,
  snapshotOf,
} from "../../src/index.ts";
import type { LedgerBody, LedgerValue, Payer } from "../../src/index.ts";
import { AT, ID, VALID } from "../records/bodies.ts";

describe("isIban", () => {
  it.each([
    "",
    "FI21",
    "FI2112345600000786",
    "FI211234560000078",
    "DE8937040044053201300",
    "XX2112345600000785",
    "fi21_12345600000785",
  ])("refuses %s", (iban) => {
    expect(isIban(iban)).toBe(false);
  });
  it.each([
    "FI21 1234 5600 0007 85",
    "fi2112345600000785",
    "DE89370400440532013000",
    "GB82WEST12345698765432",
    "SE4550000000058398257466",
  ])("takes %s", (iban) => {
    expect(isIban(iban)).toBe(true);
  });
  it("refuses any one digit changed", () => {
    const iban = normaliseIban("FI21 1234 5600 0007 85");
    for (let i = 2; i < iban.length; i++)
      for (let digit = 0; digit < 10; digit++) {
        const changed = iban.slice(0, i) + String(digit) + iban.slice(i + 1);
        expect(isIban(changed)).toBe(changed === iban);
      }
  });
});

describe("Finnish reference number", () => {
  it("refuses a wrong check digit, letters, and lengths beside 4 to 20", () => {
    for (const wrong of ["1234562", "123", "12A4561", `1${"0".repeat(20)}`, ""])
      expect(checkFinnishReference(wrong)).toBe(false);
    for (const base of ["12", "1".repeat(20), "12a"])
      expect(() => makeFinnishReference(base)).toThrow(RangeError);
  });
  it("gives the published example", () => {
    expect(makeFinnishReference("123456")).toBe("1234561");
    expect(checkFinnishReference("12 34561")).toBe(true);
  });
  it("holds for any base and no longer after one digit changed", () => {
    const base = fc.stringMatching(/^\d{3,19}$/);
    fc.assert(
      fc.property(base, fc.nat(), fc.integer({ min: 1, max: 9 }), (digits, place, step) => {
        const reference = makeFinnishReference(digits);
        expect(checkFinnishReference(reference)).toBe(true);
        const at = place % reference.length;
        const changed =
          reference.slice(0, at) +
          String((Number(reference[at]) + step) % 10) +
          reference.slice(at + 1);
        expect(checkFinnishReference(changed)).toBe(false);
      }),
    );
  });
});

const valid = (VALID["ledger"] ?? []).map((body) => parseEntryBody("ledger", body));
const [invoiceEntry] = valid as { op: "put"; value: Extract<LedgerValue, { kind: "invoice" }> }[];
const invoice = (number: number): LedgerBody => {
  if (invoiceEntry === undefined) throw new TypeError("the fixture begins with an invoice");
  return {
    v: 1,
    at: AT,
    op: "put",
    key: ledgerKey(number),
    value: { ...invoiceEntry.value, number },
  };
};
const payment = (key: string, pays: number, cents: number): LedgerBody => ({
  v: 1,
  at: AT,
  op: "put",
  key,
  value: { kind: "payment", pays, receivedOn: "2026-03-10", cents },
});

describe("foldLedger sets aside", () => {
  const reasonsOf = (entries: LedgerBody[]) =>
    foldLedger(entries).refused.map(({ reason }) => reason);
  it("a second document under one number, whichever writer came later", () => {
    expect(reasonsOf([invoice(1), invoice(1)])).toEqual(["number-taken"]);
  });
  it("the removal of a numbered document", () => {
    const state = foldLedger([invoice(1), { v: 1, at: AT, op: "remove", key: ledgerKey(1) }]);
    expect(state.refused).toEqual([{ index: 1, key: ledgerKey(1), reason: "cannot-change" }]);
    expect(state.valueByKey.has(ledgerKey(1))).toBe(true);
  });
  it("a document under another number's key, and a payment under a document's", () => {
    expect(
      reasonsOf([{ ...invoice(1), key: ledgerKey(2) } as LedgerBody, payment(ledgerKey(3), 1, 1)]),
    ).toEqual(["wrong-key", "wrong-key"]);
  });
  it("a payment or credit note of no invoice", () => {
    expect(reasonsOf([payment("payment/1", 1, 100)])).toEqual(["no-such-invoice"]);
    const receipt = valid[1] as LedgerBody;
    expect(reasonsOf([receipt, payment("payment/1", 2, 100)])).toEqual(["no-such-invoice"]);
    expect(reasonsOf([valid[2] as LedgerBody])).toEqual(["no-such-invoice"]);
  });
});

describe("a ledger", () => {
  it("gives numbers without gap or duplicate from 1", () => {
    let entries: LedgerBody[] = [];
    expect(nextLedgerNumber(foldLedger([]))).toBe(1);
    for (let i = 0; i < 5; i++)
      entries = [...entries, invoice(nextLedgerNumber(foldLedger(entries)))];
    const state = foldLedger(entries);
    expect([nextLedgerNumber(state), ledgerGaps(state), state.refused]).toEqual([6, [], []]);
  });
  it("names the numbers that are missing", () => {
    expect(ledgerGaps(foldLedger([invoice(2), invoice(5)]))).toEqual([1, 3, 4]);
  });
  it("says what is owed after payments, credit notes and a removed payment", () => {
    const entries = [...valid, { v: 1, at: AT, op: "remove", key: "payment/1" } as const];
    expect(openCents(foldLedger([invoice(1)]), 1)).toBe(9000);
    expect(openCents(foldLedger([invoice(1), payment("payment/1", 1, 4000)]), 1)).toBe(5000);
    expect(openCents(foldLedger(valid), 1)).toBe(-9000);
    expect(openCents(foldLedger(entries), 1)).toBe(0);
    expect(() => openCents(foldLedger([]), 1)).toThrow(PracticeError);
  });
  it("continues from a snapshot", () => {
    const snapshot = snapshotOf(foldLedger([invoice(1)]).valueByKey, AT);
    expect(foldLedger([snapshot, invoice(1), invoice(2)])).toMatchObject({
      refused: [{ index: 1, reason: "number-taken" }],
    });
  });
});

describe("documentTotal", () => {
  const line = (unitCents: number, quantityHundredths: number, taxBasisPoints: number) => ({
    description: "x",
    unitCents,
    quantityHundredths,
    taxBasisPoints,
  });
  it("rounds half up, tax once per rate", () => {
    expect(documentTotal([line(9000, 150, 0)])).toEqual({
      netCents: 13500,
      taxCents: 0,
      grossCents: 13500,
    });
    expect(documentTotal([line(10, 100, 2550), line(10, 100, 2550)])).toEqual({
      netCents: 20,
      taxCents: 5,
      grossCents: 25,
    });
    expect(documentTotal([line(1, 50, 0)])).toMatchObject({ netCents: 1 });
  });
  it("mirrors a negative line", () => {
    expect(documentTotal([line(-1, 50, 0)]).netCents).toBe(-1);
  });
});

describe("payerStatus", () => {
  const payer = parseEntryBody("office", VALID["office"]?.[0]) as Payer;
  const attendance = (outcome: string, entry = ID) =>
    parseEntryBody("office", { ...VALID["office"]?.[2], outcome, payer: entry }) as Parameters<
      typeof payerStatus
    >[1][number];
  const status = (fields: Partial<Payer>, today: string, outcomes: string[] = []) =>
    payerStatus(
      { ...payer, ...fields },
      outcomes.map((outcome) => attendance(outcome)),
      { payerEntry: ID, today },
    );

  it("counts held sessions under this decision only", () => {
    const held = [
      attendance("attended"),
      attendance("late"),
      attendance("missed"),
      attendance("attended", "f".repeat(32)),
    ];
    expect(payerStatus(payer, held, { payerEntry: ID, today: "2026-03-01" })).toEqual({
      used: 2,
      left: 78,
      valid: true,
      warnings: [],
    });
  });
  it("warns before and at the end of sessions and of time, at each bound", () => {
    expect(status({ sessionsUsedBefore: 74 }, "2026-03-01").warnings).toEqual([]);
    expect(status({ sessionsUsedBefore: 75 }, "2026-03-01").warnings).toEqual(["sessions-low"]);
    expect(status({ sessionsUsedBefore: 80 }, "2026-03-01")).toMatchObject({
      valid: false,
      warnings: ["sessions-spent"],
    });
    expect(status({}, "2026-11-30").warnings).toEqual([]);
    expect(status({}, "2026-12-01").warnings).toEqual(["ending"]);
    expect(status({}, "2026-12-31")).toMatchObject({ valid: true, warnings: ["ending"] });
    expect(status({}, "2027-01-01")).toMatchObject({ valid: false, warnings: ["ended"] });
    expect(status({}, "2025-12-31")).toMatchObject({ valid: false, warnings: ["not-begun"] });
  });
});
