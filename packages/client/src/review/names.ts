import { type KeyEdge, type MemberId, type PracticeState, type TeamId } from "@sinetti/core";
import { memberName, type Directory } from "../records/directory.ts";

/** Whom an access is for, as people know them: a member's name (the id where the directory has lapsed too), or the kind of a team. */
export function subjectName(
  { subject }: Pick<KeyEdge, "subject">,
  { practice, directory }: { practice: PracticeState; directory: Directory | null },
): string {
  if (subject.type === "team") {
    const kind = practice.teams[subject.id as TeamId]?.kind;
    return kind === undefined ? subject.id : `team: ${kind}`;
  }
  const name = directory === null ? null : memberName(directory, subject.id as MemberId);
  return name ?? subject.id;
}
