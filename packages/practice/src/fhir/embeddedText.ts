const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The text in base64 of UTF-8 (RFC 4648 §4, spaces allowed), or undefined when it is neither. */
export function base64ToText(data: string): string | undefined {
  const plain = data.replace(/\s+/g, "").replace(/={1,2}$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) return undefined;
  let escaped = "";
  let bits = 0;
  let held = 0;
  for (const character of plain) {
    held = ((held << 6) | ALPHABET.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    escaped += `%${((held >> bits) & 0xff).toString(16).padStart(2, "0")}`;
  }
  try {
    return decodeURIComponent(escaped);
  } catch (cause) {
    if (cause instanceof URIError) return undefined;
    throw cause;
  }
}

const ENTITY: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
};

/** The words of a FHIR narrative: XHTML without its marks, blocks on lines of their own. Shown as text, never as markup. */
export function narrativeToText(div: string): string {
  return div
    .replace(/<br\s*\/?>|<\/(p|div|li|tr|h[1-6]|ul|ol|table)\s*>/gi, "\n")
    .replace(/<[^<>]*>/g, "")
    .replace(
      /&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,5});/gi,
      (whole, name: string) => entityToText(name) ?? whole,
    )
    .replace(/[ \t]+/g, " ")
    .replace(/ ?\n\s*/g, "\n")
    .trim();
}

function entityToText(name: string): string | undefined {
  if (!name.startsWith("#")) return ENTITY[name.toLowerCase()];
  const point =
    name[1]?.toLowerCase() === "x" ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point).toWellFormed() : undefined;
}

/** A text as base64 of its UTF-8 (RFC 4648 §4). */
export function textToBase64(text: string): string {
  const bytes = [...encodeURIComponent(text.toWellFormed()).matchAll(/%([0-9A-F]{2})|(.)/g)].map(
    ([, hex, plain]) =>
      hex === undefined ? (plain ?? "").charCodeAt(0) : Number.parseInt(hex, 16),
  );
  let encoded = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b, c] = bytes.slice(index, index + 3);
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const at = (shift: number): string => ALPHABET[(bits >> shift) & 63] ?? "";
    encoded += at(18) + at(12) + (b === undefined ? "=" : at(6)) + (c === undefined ? "=" : at(0));
  }
  return encoded;
}
