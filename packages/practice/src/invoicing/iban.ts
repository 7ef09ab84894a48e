/** Lengths of the countries that pay in euro by SEPA (SWIFT IBAN registry). */
const LENGTH_BY_COUNTRY: Record<string, number> = {
  AD: 24,
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GI: 23,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IS: 26,
  IT: 27,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  MC: 27,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  VA: 22,
};

/** An IBAN in electronic form: no spaces, capital letters. */
export function normaliseIban(iban: string): string {
  return iban.replace(/\s+/g, "").toUpperCase();
}

/** Whether `iban` is a SEPA country's IBAN of the right length whose check digits hold (ISO 13616, ISO 7064 MOD 97-10). */
export function isIban(iban: string): boolean {
  const plain = normaliseIban(iban);
  if (
    !/^[A-Z]{2}\d{2}[0-9A-Z]+$/.test(plain) ||
    plain.length !== LENGTH_BY_COUNTRY[plain.slice(0, 2)]
  )
    return false;
  let rest = 0;
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
  }
  return rest === 1;
}
