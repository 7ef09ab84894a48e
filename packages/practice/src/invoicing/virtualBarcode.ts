import { checkFinnishReference } from "./finnishReference.ts";
import { isIban, normaliseIban } from "./iban.ts";

const CENTS_MAX = 99_999_999;

/**
 * The 54 digits that a payer types or pastes into a Finnish bank instead of account, sum, reference and due date (Finance Finland,
 * "Pankkiviivakoodi-opas" 5.3, version 4). Undefined where the code cannot say it: an account outside Finland, a sum of nothing or
 * of a million. Throws RangeError on an IBAN or reference that is none.
 */
export function virtualBarcode(bill: {
  iban: string;
  cents: number;
  reference: string;
  dueOn: string;
}): string | undefined {
  const iban = normaliseIban(bill.iban);
  const reference = bill.reference.replace(/ /g, "");
  if (!isIban(iban) || !checkFinnishReference(reference))
    throw new RangeError("neither account nor reference may be wrong");
  if (!iban.startsWith("FI") || bill.cents <= 0 || bill.cents > CENTS_MAX) return undefined;
  const sum = String(bill.cents).padStart(8, "0");
  const due = bill.dueOn.slice(2).replaceAll("-", "");
  return `4${iban.slice(2)}${sum}000${reference.padStart(20, "0")}${due}`;
}
