const WEIGHTS = [7, 3, 1];

/**
 * The Finnish reference number over `base` (3 to 19 digits): the digits and their check digit
 * (Finance Finland, "Reference number and check digit": weights 7, 3, 1 from the right). Throws RangeError on other input.
 */
export function makeFinnishReference(base: string): string {
  if (!/^\d{3,19}$/.test(base)) throw new RangeError("a reference needs 3 to 19 digits");
  return base + checkDigit(base);
}

/** Whether `reference` (spaces allowed) is a Finnish reference number of 4 to 20 digits with a right check digit. */
export function checkFinnishReference(reference: string): boolean {
  const plain = reference.replace(/ /g, "");
  return /^\d{4,20}$/.test(plain) && plain.endsWith(checkDigit(plain.slice(0, -1)));
}

function checkDigit(base: string): string {
  let sum = 0;
  for (let i = 0; i < base.length; i++)
    sum += Number(base[base.length - 1 - i]) * (WEIGHTS[i % 3] ?? 0);
  return String((10 - (sum % 10)) % 10);
}
