import { documentTotal } from "../../invoicing/ledger.ts";
import type { InvoiceLine, LedgerValue } from "../../records/ledger.ts";
import { withoutUndefined } from "../elements.ts";
import type { OutContext } from "./outMapper.ts";
import { concept, fhirText, part } from "./parts.ts";
import { SYSTEM, type OutResource } from "./vocabulary.ts";

const STATUS = { invoice: "issued", receipt: "balanced", creditNote: "issued" } as const;
const money = (cents: number) => ({ value: cents / 100, currency: "EUR" });

/** A value of the ledger → Invoice with a ChargeItem for each line; a payment → Basic. */
export function ledgerOut(
  { id, value }: { id: string; value: LedgerValue },
  { subject }: OutContext,
): [OutResource, ...OutResource[]] {
  if (value.kind === "payment") {
    const payment = {
      resourceType: "Basic",
      id,
      code: concept(SYSTEM.record, "payment", `Payment of invoice ${value.pays}`),
      subject,
      created: value.receivedOn,
    };
    return [payment];
  }
  const charges = value.lines.map((line, index) => chargeOut(line, `${id}-line-${index}`, subject));
  const { netCents, grossCents } = documentTotal(value.lines);
  const sign = value.kind === "creditNote" ? -1 : 1;
  const invoice = withoutUndefined({
    resourceType: "Invoice",
    id,
    identifier: [{ value: String(value.number) }],
    status: STATUS[value.kind],
    type: concept(SYSTEM.record, value.kind),
    subject,
    date: value.issuedOn,
    issuer: { display: fhirText(value.seller.name) ?? "–" },
    recipient: { display: fhirText(value.buyer.name) ?? "–" },
    lineItem: value.lines.map(({ unitCents, quantityHundredths }, index) => ({
      sequence: index + 1,
      chargeItemReference: { reference: `ChargeItem/${id}-line-${index}` },
      priceComponent: [
        { type: "base", factor: quantityHundredths / 100, amount: money(sign * unitCents) },
      ],
    })),
    totalNet: money(sign * netCents),
    totalGross: money(sign * grossCents),
    note: value.kind === "creditNote" ? [{ text: value.reason }] : undefined,
    paymentTerms:
      value.kind === "invoice"
        ? `Due ${value.dueOn}, ${value.iban}, reference ${value.reference}`
        : undefined,
  });
  return [invoice, ...charges];
}

function chargeOut(line: InvoiceLine, id: string, subject: unknown): OutResource {
  const { description, on, quantityHundredths, unitCents } = line;
  return part(
    withoutUndefined({
      resourceType: "ChargeItem",
      id,
      status: "billed",
      code: { text: fhirText(description) ?? "–" },
      subject,
      occurrenceDateTime: on,
      quantity: { value: quantityHundredths / 100 },
      priceOverride: money(unitCents),
    }),
  );
}
