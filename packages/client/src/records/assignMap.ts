import { rolesAt, type MemberId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { readTable, type TableProblem, type TableRow } from "../readTable.ts";
import { openDirectory, type Directory } from "./directory.ts";
import type { ImportedRecord } from "./importedRecord.ts";

const COLUMNS = {
  therapist: ["therapist", "terapeutti"],
  patient: ["patient", "potilas", "asiakas"],
  member: ["member", "jäsen"],
} as const;
type Row = TableRow<keyof typeof COLUMNS>;

/** Who gets which records: by the therapist whom a source names, or by the patient. */
export interface AssignMap {
  readonly byTherapist: ReadonlyMap<string, MemberId>;
  /** By the record's id, or by its key at the source. */
  readonly byPatient: ReadonlyMap<string, MemberId>;
}

/** A map as read, or each row and field that is wrong. */
export type ReadAssignMap =
  | { readonly ok: true; readonly map: AssignMap }
  | { readonly ok: false; readonly problems: readonly TableProblem[] };

/** Reads `therapist,member` or `patient,member`; a member is an id, or a name that the directory knows once. Nobody but a therapist is taken. */
export async function readAssignMap(client: Client, bytes: Uint8Array): Promise<ReadAssignMap> {
  const table = readTable(bytes, COLUMNS);
  if (!table.ok) return table;
  const isWhole = table.columns.includes("member") && table.columns.length >= 2;
  if (!isWhole) return { ok: false, problems: [{ row: 1, field: "file", rule: "column-missing" }] };
  const directory = await openDirectory(client.context);
  const problems: TableProblem[] = [];
  const map = { byTherapist: new Map<string, MemberId>(), byPatient: new Map<string, MemberId>() };
  for (const row of table.rows) {
    const problem = takeRow(client, row, { directory, map });
    if (problem !== null) problems.push({ row: row.row, ...problem });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, map };
}

type Maps = { byTherapist: Map<string, MemberId>; byPatient: Map<string, MemberId> };

function takeRow(
  client: Client,
  { cells }: Row,
  { directory, map }: { directory: Directory; map: Maps },
): Omit<TableProblem, "row"> | null {
  const field = cells.patient === "" ? "therapist" : "patient";
  if (cells[field] === "") return { field, rule: "missing" };
  if (cells.patient !== "" && cells.therapist !== "") return { field, rule: "one-of-two" };
  const found = findMember(client, directory, cells.member);
  if (typeof found === "string") return { field: "member", rule: found };
  const byName = field === "patient" ? map.byPatient : map.byTherapist;
  const name = wordOf(cells[field]);
  if ((byName.get(name) ?? found.member) !== found.member) return { field, rule: "twice" };
  byName.set(name, found.member);
  return null;
}

/** The member, or the rule that the cell breaks. */
function findMember(
  { practice }: Client,
  { values }: Directory,
  cell: string,
): { member: MemberId } | "missing" | "unknown" | "ambiguous" | "no-therapist" {
  if (cell === "") return "missing";
  const word = wordOf(cell);
  const isLive = (member: MemberId): boolean => rolesAt(practice, member).length > 0;
  const named = [...values.values()].flatMap((value) =>
    value.kind === "member" && (value.id === word || wordOf(value.name) === word)
      ? [value.id as MemberId]
      : [],
  );
  const known = (practice.members[word] === undefined ? named : [word as MemberId]).filter(isLive);
  const [member, ...others] = known;
  if (member === undefined) return "unknown";
  if (others.length > 0) return "ambiguous";
  return rolesAt(practice, member).includes("therapist") ? { member } : "no-therapist";
}

/** Names are compared without case and with single spaces. */
function wordOf(text: string): string {
  return text.trim().replace(/\s+/g, " ").normalize("NFC").toLowerCase();
}

/** Who gets a record; null: the map does not say. A patient's own row comes before the therapist's. */
export function assignedTo(
  { byPatient, byTherapist }: AssignMap,
  { patient, key, therapist }: Pick<ImportedRecord, "patient" | "key" | "therapist">,
): MemberId | null {
  const word = wordOf(key);
  const number = word.slice(word.lastIndexOf(" ") + 1);
  return (
    byPatient.get(patient) ??
    byPatient.get(word) ??
    byPatient.get(number) ??
    (therapist === null ? undefined : byTherapist.get(wordOf(therapist))) ??
    null
  );
}
