import { WEEK_SECONDS, type MemberId, type Youth } from "@sinetti/core";

import { readAcceptedAt } from "./store/linkStore.ts";
import type { Unit } from "./transaction.ts";

/** Who is too young to be a second person by the gate's own clock, to the second. */
export async function readYouth({ tx, practice, view, time }: Unit): Promise<Youth> {
  const { members, quorumAgeWeeks } = view.state;
  const joined = Object.values(members).map(({ joinedSeq }) => joinedSeq);
  const acceptedAt = await readAcceptedAt(tx, practice, [...new Set([0, ...joined])]);
  const isYoungAt = (seq: number): boolean =>
    time - (acceptedAt.get(seq) ?? time) < quorumAgeWeeks * WEEK_SECONDS;
  return {
    practice: isYoungAt(0),
    isYoung: (member: MemberId) => isYoungAt(members[member]?.joinedSeq ?? -1),
  };
}
