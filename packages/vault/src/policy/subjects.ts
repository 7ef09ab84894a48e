import { teamsOf, type MemberId, type PracticeState, type Subject } from "@sinetti/core";

/** A member and the teams in which it sits. */
export function subjectsOf(practice: PracticeState, member: MemberId): Subject[] {
  const teams = teamsOf(practice, member).map((id): Subject => ({ type: "team", id }));
  return [{ type: "member", id: member }, ...teams];
}
