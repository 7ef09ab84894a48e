import type { ByteSource } from "@sinetti/client";

/** A file in memory. */
export function sourceOf(name: string, content: string | Uint8Array): ByteSource {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    name,
    sizeBytes: bytes.length,
    read: (from, to) => Promise.resolve(bytes.subarray(from, Math.min(to, bytes.length))),
  };
}

/** Text in Windows-1252, of the letters that both share with Latin-1, and the euro sign. */
export function windows1252(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => (letter === "€" ? 0x80 : letter.charCodeAt(0)));
}

/** Text in UTF-16 with its byte order mark. */
export function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array((text.length + 1) * 2);
  const view = new DataView(bytes.buffer);
  const marked = `\uFEFF${text}`;
  for (let index = 0; index < marked.length; index++)
    view.setUint16(index * 2, marked.charCodeAt(index), isLittle);
  return bytes;
}
