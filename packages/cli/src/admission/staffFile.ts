import { readStaffTable, type Invitee, type TableProblem } from "@sinetti/client";
import type { DirectorySite } from "@sinetti/practice";

import { InputError } from "../inputError.ts";
import { readBytes } from "../input/readBytes.ts";

/** The people in a file of staff: `name`, `roles` and optionally `site`, in English or Finnish. Error: InputError naming each row and field. */
export function readStaffFile(path: string, sites: readonly DirectorySite[]): Invitee[] {
  const read = readStaffTable(readBytes(path), sites);
  if (!read.ok) throw rejected(path, read.problems);
  return [...read.invitees];
}

/** Each row and field that is wrong, never what stands there. */
export function rejected(path: string, problems: readonly TableProblem[]): InputError {
  const fields = problems.map(({ row, field, rule }) => `row ${row} ${field} (${rule})`);
  return new InputError(path, "the table is not taken", { fields });
}
