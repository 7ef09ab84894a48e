import type { ProcessDraft } from "@sinetti/practice";

import { desks } from "../../../app/link.ts";
import type { KeeperDoors } from "../../../app/drafting/draftKeeper.ts";

/** Where the shared part of a session is kept; what two devices wrote into it stands one under the other. */
export const sharedDoors = (group: string): KeeperDoors<ProcessDraft> => ({
  keep: async (draft) => (await desks()).group.keepShared(group, draft),
  save: async (draft) => (await desks()).group.saveShared(group, draft),
  join: (sent, now, merged) =>
    now.text === sent.text || now.text === merged.text
      ? merged
      : { ...merged, text: `${merged.text}\n\n${now.text}` },
});
