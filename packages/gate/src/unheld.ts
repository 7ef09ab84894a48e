import {
  isSeated,
  isUnheld,
  rolesAt,
  type FileId,
  type MemberId,
  type PracticeState,
  type TeamId,
} from "@sinetti/core";

import type { Tx } from "./store/database.ts";
import { readFiles } from "./store/fileStore.ts";
import { readUnheldFiles } from "./store/reviewStore.ts";

/** Files among which one is looked for that whoever ended leaves without anybody: process notes and the like are theirs alone. */
const LEFT = 1000;

/** The members who are there, and the teams in which one of them sits. */
export function livingSubjects(practice: PracticeState): (MemberId | TeamId)[] {
  const members = Object.keys(practice.members) as MemberId[];
  const teams = Object.keys(practice.teams) as TeamId[];
  return [
    ...members.filter((member) => rolesAt(practice, member).length > 0),
    ...teams.filter((team) => isSeated(practice, team)),
  ];
}

/** Those of the files that can be handed on, and by nobody who is there. */
export async function keepUnheld(
  tx: Tx,
  { practice, files }: { practice: PracticeState; files: readonly FileId[] },
): Promise<FileId[]> {
  const found = await readFiles(tx, practice.practice, { files });
  return files.filter((file) => {
    const state = found.get(file)?.state;
    return state !== undefined && isUnheld(state, practice);
  });
}

/** Whether members who are no longer there leave a file that nobody may hand on. */
export async function isLeftUnheld(
  tx: Tx,
  { practice, ended }: { practice: PracticeState; ended: readonly MemberId[] },
): Promise<boolean> {
  const living = livingSubjects(practice);
  for (const last of ended) {
    const ask = { living, last, after: null, limit: LEFT };
    const files = await readUnheldFiles(tx, practice.practice, ask);
    if ((await keepUnheld(tx, { practice, files })).length > 0) return true;
  }
  return false;
}
