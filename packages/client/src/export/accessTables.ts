import type { AccessLine } from "@sinetti/practice";

const COLUMNS = [
  "at",
  "member",
  "name",
  "device",
  "compartment",
  "file",
  "purpose",
  "outcome",
] as const;
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | null): string {
  const plain = value ?? "";
  const harmless = FORMULA.test(plain) ? `'${plain}` : plain;
  return /[",\n\r;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The access log as a table (RFC 4180, UTF-8 with byte-order mark). */
export function accessCsv(lines: readonly AccessLine[]): string {
  const rows = lines.map((line) => COLUMNS.map((column) => cell(line[column])).join(","));
  return `\uFEFF${[COLUMNS.join(","), ...rows].join("\r\n")}\r\n`;
}
