import type { MeasureDraft } from "@sinetti/practice";

import { desks } from "../../../../app/link.ts";
import type { KeeperDoors } from "../../../../app/drafting/draftKeeper.ts";

/** What was answered here since goes before what another device answered. */
export function joinAnswers(
  sent: MeasureDraft,
  now: MeasureDraft,
  merged: MeasureDraft,
): MeasureDraft {
  const answers = merged.answers.map((answer, index) => {
    const own = now.answers[index] ?? null;
    return own === (sent.answers[index] ?? null) ? answer : own;
  });
  return { ...merged, answers };
}

/** Where a measure is kept while it is answered. */
export const measureDoors = (file: string): KeeperDoors<MeasureDraft> => ({
  keep: async (draft) => (await desks()).measure.keep(file, draft),
  save: async (draft) => (await desks()).measure.save(file, draft),
  join: joinAnswers,
});
