/** The country calling code that a national number is read with. */
const FINLAND = "358";

/**
 * A phone number as E.164 (`+358401234567`): separators dropped, a leading `00` read as `+`, a national number (with or without
 * its leading 0) read with `defaultCountryCode` (digits, 358 by default), a "(0)" after the country code dropped. undefined when it
 * is not a number of 6 to 15 digits (ITU-T E.164 §6).
 */
export function normalisePhone(
  phone: string,
  options: { defaultCountryCode?: string } = {},
): string | undefined {
  const plain = phone
    .normalize("NFKC")
    .replace(/^\s*tel:/i, "")
    .replace(/^(\s*(?:\+|00)[\d\s]+)\(0\)/, "$1")
    .replace(/[\s\-–./()]+/gu, "");
  if (!/^\+?\d+$/.test(plain)) return undefined;
  const digits = toInternational(plain, options.defaultCountryCode ?? FINLAND);
  return /^[1-9]\d{5,14}$/.test(digits) ? `+${digits}` : undefined;
}

function toInternational(plain: string, countryCode: string): string {
  if (plain.startsWith("+")) return plain.slice(1);
  if (plain.startsWith("00")) return plain.slice(2);
  return countryCode + plain.replace(/^0/, "");
}
