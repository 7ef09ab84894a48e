import { normaliseName } from "@sinetti/practice";

/** How a string may be written down. */
export type Encoding =
  | "utf-8"
  | "utf-16le"
  | "utf-16be"
  | "hex"
  | "base64"
  | "base64url"
  | "percent"
  | "json"
  | "normalised";

/** One way in which one string may lie in bytes. */
export interface Pattern {
  /** Number of the string in the list that it came from. */
  readonly needle: number;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
  /** Letters count as they are; otherwise A to Z equal a to z. */
  readonly exact: boolean;
}

/** Bytes below which chance alone would find a string in so many random ones. */
export const SHORTEST_NEEDLE = 6;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const ascii = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** Base64 of bytes that begin at any place of a longer text: only the digits that the bytes alone decide. */
function base64At(bytes: Uint8Array, lead: 0 | 1 | 2, alphabet: "base64" | "base64url"): string {
  const digits = Buffer.concat([new Uint8Array(lead), bytes]).toString(alphabet);
  const decided = Math.floor(((lead + bytes.length) * 8) / 6);
  return digits.slice(Math.ceil((lead * 8) / 6), decided);
}

function utf16(text: string, isBig: boolean): Uint8Array {
  const bytes = Buffer.from(text, "utf16le");
  return isBig ? bytes.swap16() : bytes;
}

function percentForms(text: string): string[] {
  const every = [...utf8(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  const usual = encodeURIComponent(text);
  return [usual, usual.replaceAll("%20", "+"), every];
}

function jsonForms(text: string): string[] {
  const usual = JSON.stringify(text).slice(1, -1);
  const escaped = usual.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  // Once more where JSON was kept inside JSON.
  const twice = [usual, escaped].map((form) => JSON.stringify(form).slice(1, -1));
  return [usual, escaped, ...twice];
}

/** Every way in which a string is looked for. Throws RangeError for one that is too short to be told from chance. */
export function patternsOf(text: string, needle: number): Pattern[] {
  const bytes = utf8(text);
  if (bytes.length < SHORTEST_NEEDLE) throw new RangeError("too short to be told from chance");
  const found = new Map<string, Pattern>();
  const add = (encoding: Encoding, written: Uint8Array, exact = false): void => {
    const key = `${exact}/${Buffer.from(written).toString("latin1")}`;
    if (!found.has(key)) found.set(key, { needle, encoding, bytes: written, exact });
  };
  add("utf-8", bytes);
  add("utf-16le", utf16(text, false));
  add("utf-16be", utf16(text, true));
  add("hex", ascii(Buffer.from(bytes).toString("hex")));
  for (const lead of [0, 1, 2] as const) {
    add("base64", ascii(base64At(bytes, lead, "base64")), true);
    add("base64url", ascii(base64At(bytes, lead, "base64url")), true);
  }
  for (const form of percentForms(text)) add("percent", ascii(form));
  for (const form of jsonForms(text)) add("json", utf8(form));
  const normalised = utf8(normaliseName(text));
  if (normalised.length >= SHORTEST_NEEDLE) add("normalised", normalised);
  return [...found.values()];
}
