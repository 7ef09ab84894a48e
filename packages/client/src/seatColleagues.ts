import {
  liveFreezes,
  rolesAt,
  sitsInTeam,
  type MemberId,
  type PracticeState,
  type TeamId,
} from "@sinetti/core";
import type { Context } from "./context.ts";
import { ClientError, mustWait } from "./errors.ts";
import { addToTeam } from "./teams.ts";

/**
 * Gives a seat to every office colleague who has had none in the office team in which this member sits: only the seated hold
 * its seed. With offices at several sites a person decides who sits where.
 */
export async function seatColleagues(context: Context): Promise<void> {
  const practice = context.practice.state;
  const { member: self } = context.device.owner;
  if (liveFreezes(practice, self).length > 0) return;
  for (const team of ownOffices(practice, self))
    await seat(context, team, seatless(practice, team));
}

function ownOffices(practice: PracticeState, member: MemberId): TeamId[] {
  const offices = Object.entries(practice.teams).filter(([, { kind }]) => kind === "office");
  if (new Set(offices.map(([, { site }]) => site)).size !== 1) return [];
  return offices
    .map(([team]) => team as TeamId)
    .filter((team) => sitsInTeam(practice, { team, member }));
}

/** Whose seat was taken is not among them: that was somebody's decision. */
function seatless(practice: PracticeState, team: TeamId): MemberId[] {
  const seats = practice.teams[team]?.seats ?? {};
  return (Object.keys(practice.members) as MemberId[]).filter(
    (member) =>
      rolesAt(practice, member).includes("office") &&
      seats[member] === undefined &&
      liveFreezes(practice, member).length === 0,
  );
}

/** What is refused or left waiting is for the next session: a colleague was faster, or a service is down. */
async function seat(context: Context, team: TeamId, members: readonly MemberId[]): Promise<void> {
  if (members.length === 0) return;
  try {
    await addToTeam(context, team, members);
  } catch (error) {
    const isRefused = error instanceof ClientError && error.code === "refused";
    const isLeft = isRefused || mustWait(error);
    if (!isLeft) throw error;
  }
}
