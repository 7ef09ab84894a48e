/** What a preview may show: kinds that a viewer can draw without running anything. */
export const PREVIEW_TYPES = [
  "application/pdf",
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "text/plain",
] as const;
/** One of them. */
export type PreviewType = (typeof PREVIEW_TYPES)[number];

/** Bytes that tell the kind of a file (mimesniff.spec.whatwg.org §6.1, §7.1). */
const SIGNATURES: readonly { type: PreviewType; at: number; bytes: readonly number[] }[] = [
  { type: "application/pdf", at: 0, bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: "image/png", at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: "image/jpeg", at: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: "image/gif", at: 0, bytes: [0x47, 0x49, 0x46, 0x38, 0x37, 0x61] },
  { type: "image/gif", at: 0, bytes: [0x47, 0x49, 0x46, 0x38, 0x39, 0x61] },
];

function holds(bytes: Uint8Array, at: number, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte);
}

/** RIFF with the form WEBP. */
function isWebp(bytes: Uint8Array): boolean {
  return holds(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && holds(bytes, 8, [0x57, 0x45, 0x42, 0x50]);
}

/** UTF-8 without control characters; markup and scripts are text to whoever shows them as text. */
function isPlainText(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d))
    return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * What the bytes of a whole file are, whatever its name or sender says: a kind that a preview may show, or null. SVG and HTML are
 * text here and nothing else.
 */
export function sniffMediaType(bytes: Uint8Array): PreviewType | null {
  const found = SIGNATURES.find(({ at, bytes: wanted }) => holds(bytes, at, wanted));
  if (found !== undefined) return found.type;
  if (isWebp(bytes)) return "image/webp";
  return bytes.length > 0 && isPlainText(bytes) ? "text/plain" : null;
}
