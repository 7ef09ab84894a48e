import { ensure } from "./errors.ts";
import { sha256 } from "./suite.ts";

/** Crockford's Base32: no I, L, O, U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP = 4;
const CHECK_CHARACTERS = 2;

function encodeBits(bytes: Uint8Array): string {
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
  return encodeBits(sha256(bytes)).slice(0, CHECK_CHARACTERS);
}

/** Writes bytes for paper: Base32 in groups of four with two check characters at the end. */
export function encodePaperCode(bytes: Uint8Array): string {
  const text = encodeBits(bytes) + checkOf(bytes);
  return text.match(new RegExp(`.{1,${GROUP}}`, "g"))?.join("-") ?? "";
}

/** Reads `length` bytes from paper; case, spaces and hyphens do not matter, O reads as 0, I and L as 1. Error: `malformed`. */
export function decodePaperCode(text: string, length: number): Uint8Array {
  const plain = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  ensure(plain.length === Math.ceil((length * 8) / 5) + CHECK_CHARACTERS, "malformed");
  const bytes = new Uint8Array(length);
  let buffer = 0;
  let bits = 0;
  let offset = 0;
  for (const character of plain.slice(0, -CHECK_CHARACTERS)) {
    const value = ALPHABET.indexOf(character);
    ensure(value >= 0, "malformed");
    buffer = ((buffer << 5) | value) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = (buffer >> bits) & 255;
    }
  }
  ensure(offset === length && encodePaperCode(bytes).replace(/-/g, "") === plain, "malformed");
  return bytes;
}
