import { describe, expect, it } from "vitest";
import { renderMarkdown } from "@sinetti/paper";
import { renderPdf } from "@sinetti/paper/pdf";
import {
  HEALTH_CARE_TAX_NOTE,
  creditNotePaper,
  invoicePaper,
  receiptPaper,
} from "../../src/index.ts";
import type { Invoice } from "../../src/index.ts";

const invoice: Invoice = {
  kind: "invoice",
  number: 12,
  issuedOn: "2026-11-21",
  dueOn: "2026-12-05",
  seller: {
    name: "Praxis Oy",
    lines: ["Katu 1"],
    postalCode: "00100",
    city: "Helsinki",
    businessId: "1234567-1",
  },
  buyer: { name: "Aino Esimerkki", lines: ["Tie 2"] },
  currency: "EUR",
  lines: [
    {
      description: "Psykoterapia",
      on: "2026-11-20",
      quantityHundredths: 100,
      unitCents: 123450,
      taxBasisPoints: 0,
    },
    {
      description: "Kela",
      on: "2026-11-20",
      quantityHundredths: 100,
      unitCents: -5760,
      taxBasisPoints: 0,
    },
  ],
  taxNote: HEALTH_CARE_TAX_NOTE.fi,
  iban: "FI7944052020036082",
  reference: "868516259619897",
};
const how = (language: "en" | "fi" | "sv") => ({ language, made: "2026-11-21T12:00:00Z" });

describe("invoicePaper", () => {
  it("says in each language whom, what, how much, why no tax, and how to pay", () => {
    const text = (language: "en" | "fi" | "sv") =>
      renderMarkdown(invoicePaper(invoice, how(language))).replaceAll("\\", "");
    expect(text("fi")).toContain("Lasku 12");
    expect(text("sv")).toContain("Faktura 12");
    for (const part of [
      "FI79 4405 2020 0360 82",
      "86851 62596 19897",
      "5.12.2026",
      "1 176,90",
      "−57,60",
      "34 §",
    ])
      expect(text("fi").replaceAll("\u00a0", " ")).toContain(part);
    expect(text("en")).toContain("479440520200360820011769000000000868516259619897261205");
  });
  it("becomes a PDF", async () => {
    const pdf = await renderPdf(invoicePaper(invoice, how("fi")));
    expect(new TextDecoder().decode(pdf.slice(0, 5))).toBe("%PDF-");
  });
  it("asks for no payment on a receipt or a credit note", () => {
    const { dueOn: _due, iban: _iban, reference: _reference, kind: _kind, ...paper } = invoice;
    const receipt = renderMarkdown(
      receiptPaper({ kind: "receipt", ...paper, method: "card" }, how("sv")),
    );
    expect(receipt).toContain("kort");
    const note = renderMarkdown(
      creditNotePaper(
        { kind: "creditNote", ...paper, credits: 11, reason: "Väärä summa" },
        how("fi"),
      ),
    );
    expect(note).toContain("Väärä summa");
    for (const text of [receipt, note]) expect(text).not.toContain("FI79");
  });
});
