import { readAppointmentRow, type AppointmentRow } from "@sinetti/practice";
import type { CsvBook, PlacedRow } from "./csvBook.ts";
import type { RowPlace } from "./csvFile.ts";
import { keepCells, tell, tellDuplicate, type Findings } from "./findings.ts";

/** An appointment to be put into the schedule of its month. */
export interface ImportedAppointment extends Pick<AppointmentRow, "appointment"> {
  /** The appointment in every run, whatever becomes of it. */
  readonly sourceId: string;
  /** What it is now: another content is put over the one before. */
  readonly contentHash: string;
  readonly place: RowPlace;
}

/** The appointments of one person; what has no place in a schedule, which the office reads, is kept in the care file. */
export function readAppointments(
  book: CsvBook,
  rows: readonly PlacedRow[],
  { at, found }: { at: string; found: Findings },
): ImportedAppointment[] {
  const byId = new Map<string, ImportedAppointment & { placed: PlacedRow }>();
  const seen = new Set<string>();
  for (const placed of rows) {
    const { row } = placed;
    const read = readAppointmentRow(row);
    tell(book, "appointments", placed, { found, isTaken: read !== undefined });
    if (read === undefined) continue;
    const { id, contentHash, appointment } = read;
    const sourceId = row.table.sha256(id ?? contentHash).slice(0, 32);
    const before = byId.get(sourceId);
    if (before === undefined) found.taken.appointments++;
    else {
      const isSame = before.contentHash === contentHash;
      tellDuplicate(book, "appointments", placed, { found, fields: isSame ? [] : ["id"] });
      const older = isSame ? null : before.placed.row.cells((field) => field !== null);
      if (older !== null)
        keepCells(older, { at, kind: "appointments", row: before.placed.row, found });
    }
    const { place } = placed;
    byId.set(sourceId, { sourceId, contentHash, appointment, place, placed });
    const { kept, hash } = row;
    if (kept !== null && !seen.has(hash)) keepCells(kept, { at, kind: "appointments", row, found });
    seen.add(hash);
  }
  return [...byId.values()];
}
