import { desks } from "../../../app/link.ts";
import type { EditedDraft } from "../../../worker/desks/noteDesk.ts";
import { takeMerged } from "../../../worker/record/noteForm.ts";
import type { KeeperDoors } from "../../../app/drafting/draftKeeper.ts";

/** Where a note of a care file is kept. Straight to the worker: a mutation would hold each of these texts for minutes. */
export const noteDoors = (file: string): KeeperDoors<EditedDraft["body"]> => ({
  keep: async (draft) => (await desks()).note.keep(file, draft),
  save: async (draft) => (await desks()).note.save(file, draft),
  join: takeMerged,
});
