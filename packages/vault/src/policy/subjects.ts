import {
  isRecovered,
  teamsOf,
  ZERO_ID,
  type FileId,
  type MemberId,
  type PracticeState,
  type Subject,
} from "@sinetti/core";

/** A member, the teams in which it sits, and recovery for whom the trustees brought in. */
export function subjectsOf(practice: PracticeState, member: MemberId): Subject[] {
  const teams = teamsOf(practice, member).map((id): Subject => ({ type: "team", id }));
  const recovery: Subject = { type: "recovery", id: ZERO_ID as FileId };
  return [
    { type: "member", id: member },
    ...teams,
    ...(isRecovered(practice, member) ? [recovery] : []),
  ];
}
