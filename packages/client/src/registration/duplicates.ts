import { parseId, type FileId } from "@sinetti/core";
import { findAlike, type Person } from "@sinetti/practice";
import { leasedDirectory, leasedRoster } from "../chart/leased.ts";
import type { Client } from "../client.ts";
import { isRefusal } from "../errors.ts";
import { lookupKeyOf } from "../records/directory.ts";
import { findPatients } from "../records/lookup.ts";
import { findInRoster } from "../records/roster.ts";

/** A record that may be of the same person. */
export interface DuplicateRow {
  readonly patient: FileId;
  /** "": of nobody's caseload here, so that a name is not this member's to know. */
  readonly name: string;
  readonly by: "code" | "name-born" | "name";
}

/** What was found, and whether the practice could be asked for the code. */
export interface Duplicates {
  readonly rows: readonly DuplicateRow[];
  /** False: no code was given, or the gate lets this member look nobody up today; only the own caseload was searched. */
  readonly wasLookedUp: boolean;
}

/**
 * Who may be the same person, before somebody is registered: the own caseload by name and birth date, and the whole practice by the
 * exact identity code through the metered lookup. Nothing is opened for it, so a record of a colleague shows no name.
 */
export async function findDuplicates(
  client: Client,
  person: Omit<Person, "v" | "type" | "at">,
): Promise<Duplicates> {
  const rows = new Map<FileId, DuplicateRow>();
  const isTherapist = client.roles.includes("therapist");
  const roster = isTherapist ? await leasedRoster(client) : null;
  const codes = await findByCode(client, person.personalCode?.value);
  for (const patient of codes ?? []) {
    const name = roster === null ? "" : (findInRoster(roster, patient)?.name ?? "");
    rows.set(patient, { patient, name, by: "code" });
  }
  const known = [...(roster?.values.values() ?? [])].map((line) => ({
    patient: line.patient,
    name: line.name,
    born: line.retention?.born,
  }));
  const whole = { v: 1 as const, type: "person" as const, at: "", ...person };
  for (const { patient: id, name, likeness } of findAlike(whole, known)) {
    const patient = parseId<FileId>(id);
    if (!rows.has(patient)) rows.set(patient, { patient, name, by: likeness });
  }
  return { rows: [...rows.values()], wasLookedUp: codes !== null };
}

async function findByCode(client: Client, code: string | undefined): Promise<FileId[] | null> {
  if (code === undefined) return null;
  try {
    return await findPatients(client.context, lookupKeyOf(await leasedDirectory(client)), { code });
  } catch (error) {
    if (isRefusal(error, "over-budget", "rate-limited", "not-authorised")) return null;
    throw error;
  }
}
