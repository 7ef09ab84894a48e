import { epochAt } from "@sinetti/core";
import type { RosterValue } from "@sinetti/practice";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { ClientError, isRefusal } from "../errors.ts";
import { openDirectory, type Directory } from "../records/directory.ts";
import {
  changeManyFolded,
  foldOpened,
  type FoldedCompartment,
  type FoldedFile,
} from "../records/folded.ts";
import { findOwnFile } from "../records/practiceFiles.ts";
import { findInRoster, openRoster, type Roster } from "../records/roster.ts";

const TRIES = 5;

/** A file of this member or the practice as this session holds it, without a request; null: it is not open. */
async function heldFolded<C extends FoldedCompartment & ("roster" | "directory")>(
  context: Context,
  compartment: C,
): Promise<FoldedFile<C> | null> {
  const ref = await findOwnFile(context, compartment);
  const file = ref === null ? null : await context.files.get(ref);
  if (file === null || !file.keys.has(epochAt(file.access).epoch)) return null;
  const isWhole = file.links
    .slice(file.record.snapshotSeq ?? 0)
    .every(({ boxes }) => boxes !== null);
  return isWhole ? foldOpened(context, file, compartment) : null;
}

/** The caseload: what this session holds of it while it is open, else opened. What a colleague's device wrote since may be missing. */
export async function leasedRoster({ context, roles }: Client): Promise<Roster> {
  return (await heldFolded(context, "roster")) ?? openRoster(context, roles.includes("therapist"));
}

/** The directory: what this session holds of it while it is open, else opened. */
export async function leasedDirectory({ context }: Client): Promise<Directory> {
  return (await heldFolded(context, "directory")) ?? openDirectory(context);
}

/**
 * Changes one line of this therapist's caseload, decided on what stands there: one request while nobody else wrote, and read anew
 * where somebody did, so that two devices never undo each other. Nothing is done for who has no caseload or no such patient.
 */
export async function changeRosterLine(
  client: Client,
  patient: string,
  change: (line: RosterValue) => RosterValue,
): Promise<void> {
  const { context, roles } = client;
  if (!roles.includes("therapist")) return;
  let roster = await leasedRoster(client);
  for (let tries = 0; ; tries++) {
    const line = findInRoster(roster, patient);
    const next = line === null ? null : change(line);
    if (next === null || JSON.stringify(next) === JSON.stringify(line)) return;
    const changes = [{ key: next.patient, value: next }];
    try {
      await changeManyFolded(context, [{ folded: roster, changes }], {
        compartment: "roster",
        isExact: true,
      });
      return;
    } catch (error) {
      if (!isRefusal(error, "conflict") || tries >= TRIES) throw error;
      roster = await openRoster(context, true);
    }
  }
}

/** Whether this member is a trainee, as the directory names them. */
export async function isTrainee(client: Client): Promise<boolean> {
  try {
    const found = (await leasedDirectory(client)).values.get(`member/${client.member}`);
    return found?.kind === "member" && found.trainee === true;
  } catch (error) {
    // Before an administrator has granted the directory nobody is named in it.
    if (error instanceof ClientError && error.code === "not-ready") return false;
    throw error;
  }
}
