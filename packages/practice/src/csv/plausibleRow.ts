import { orderHint } from "./dates.ts";
import type { CsvKind } from "./fields.ts";

const NAMING: Record<CsvKind, readonly string[]> = {
  patients: ["id", "name", "family", "code"],
  appointments: ["patient", "patientName", "patientFamily", "patientCode"],
  notes: ["patient", "patientName", "patientFamily", "patientCode"],
};
const DATED: Record<CsvKind, string> = { patients: "born", appointments: "start", notes: "date" };
/** Columns from which on their number alone tells a row from a line of text. */
const MANY_COLUMNS = 5;

/** Whether cells that fit the header are a row of this kind, and not a line of some text: somebody is named, and the date is one. */
export function isPlausibleRow(
  kind: CsvKind,
  fields: readonly (string | null)[],
  cells: readonly string[],
): boolean {
  const isNamed = NAMING[kind].some((field) => {
    const cell = cells[fields.indexOf(field)];
    return cell !== undefined && cell.trim() !== "" && cell.length < 200;
  });
  const dated = fields.indexOf(DATED[kind]);
  if (!isNamed || dated === -1) return isNamed && fields.length >= MANY_COLUMNS;
  const cell = cells[dated] ?? "";
  return orderHint(cell) !== undefined || (kind === "patients" && cell.trim() === "");
}
