import {
  chooseRetentionClass,
  listRetention,
  readRetentionClass,
  refreshFacts,
  type RetentionRow,
} from "@sinetti/client";
import { RETENTION_CLASSES, type RetentionClass } from "@sinetti/practice";

import type { Session } from "../session.ts";

/** How long the practice keeps records, and what else it could choose. */
export interface RetentionView {
  readonly chosen: RetentionClass | null;
  readonly classes: readonly RetentionClass[];
}

/** Until when records are kept. */
export const makeRetentionDesk = (session: Session) => ({
  classes: async (): Promise<RetentionView> => ({
    chosen: await readRetentionClass(session.client),
    classes: RETENTION_CLASSES,
  }),
  choose: (id: string): Promise<RetentionClass> => chooseRetentionClass(session.client, id),
  /** Own patients by the day from which their records may be erased, from the caseload alone. */
  list: async (): Promise<RetentionRow[]> => {
    const { client } = session;
    const chosen = await readRetentionClass(client);
    return chosen === null ? [] : listRetention(client, chosen);
  },
  /** Reads from a patient's record what the time is counted from: two openings. */
  read: async (patient: string): Promise<void> => {
    await refreshFacts(session.client, patient);
  },
});
