import {
  approvedPolicy,
  weekOf,
  type PracticeId,
  type PracticeState,
  type ServiceName,
} from "@sinetti/core";
import type { PracticeWord } from "@sinetti/posture";

/** Weeks from its founding in which a practice that has approved no policy is not late. */
const NEW_WEEKS = 4;

/** What the practices in a database approved for it; null stands for a practice whose statements do not verify. */
export function practiceWords(
  practices: ReadonlyMap<PracticeId, PracticeState | null>,
  { database, now }: { database: ServiceName; now: Date },
): PracticeWord[] {
  const week = weekOf(now.getTime() / 1000);
  return [...practices].map(([practice, state]) => ({
    practice,
    approved: state === null ? null : (approvedPolicy(state, database)?.policy ?? null),
    isNew: state !== null && week - state.genesisWeek < NEW_WEEKS,
    isVerified: state !== null,
  }));
}
