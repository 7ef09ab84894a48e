import { ensure } from "./errors.ts";
import { sha256 } from "./suite.ts";

/** Crockford's Base32: no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP = 4;
const CHECK_CHARACTERS = 2;

/** Bytes in Crockford's Base32, most significant bit first. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(buffer << (5 - bits)) & 31] : text;
}

function checkOf(bytes: Uint8Array): string {
  return encodeBase32(sha256(bytes)).slice(0, CHECK_CHARACTERS);
}

/** Writes bytes for paper: Base32 in groups of four with two check characters at the end. */
export function encodePaperCode(bytes: Uint8Array): string {
  const text = encodeBase32(bytes) + checkOf(bytes);
  return text.match(new RegExp(`.{1,${GROUP}}`, "g"))?.join("-") ?? "";
}

/** What somebody typed, as the alphabet writes it: case, spaces and hyphens do not matter, O reads as 0, I and L as 1. */
export function normaliseTyped(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
}

/** The place of a character in the alphabet; -1: it is not of it. */
export function base32Value(character: string): number {
  return ALPHABET.indexOf(character);
}

/** Reads `length` bytes of Base32; what is left of the last character must be zero. Error: `malformed`. */
export function decodeBase32(text: string, length: number): Uint8Array {
  ensure(text.length === Math.ceil((length * 8) / 5), "malformed");
  const bytes = new Uint8Array(length);
  let buffer = 0;
  let bits = 0;
  let offset = 0;
  for (const character of text) {
    const value = base32Value(character);
    ensure(value >= 0, "malformed");
    buffer = ((buffer << 5) | value) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = (buffer >> bits) & 255;
    }
  }
  ensure((buffer & ((1 << bits) - 1)) === 0, "malformed");
  return bytes;
}

/** Reads `length` bytes from paper; case, spaces and hyphens do not matter, O reads as 0, I and L as 1. Error: `malformed`. */
export function decodePaperCode(text: string, length: number): Uint8Array {
  const plain = normaliseTyped(text);
  ensure(plain.length > CHECK_CHARACTERS, "malformed");
  const bytes = decodeBase32(plain.slice(0, -CHECK_CHARACTERS), length);
  ensure(plain.endsWith(checkOf(bytes)), "malformed");
  return bytes;
}
