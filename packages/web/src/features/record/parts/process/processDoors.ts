import type { ProcessDraft } from "@sinetti/practice";

import { desks } from "../../../../app/link.ts";
import type { KeeperDoors } from "../../../../app/drafting/draftKeeper.ts";

/** Where a process note is kept while it is written; what two devices wrote stands one under the other. */
export const processDoors = (file: string): KeeperDoors<ProcessDraft> => ({
  keep: async (draft) => (await desks()).process.keep(file, draft),
  save: async (draft) => (await desks()).process.save(file, draft),
  join: (sent, now, merged) =>
    now.text === sent.text || now.text === merged.text
      ? merged
      : { ...merged, text: `${merged.text}\n\n${now.text}` },
});
