import {
  grantOffice,
  listBeforeOffice,
  siteDay,
  todayOf,
  type SiteDay,
  type Today,
} from "@sinetti/client";

import { ZONE } from "../../zone.ts";
import type { Session } from "../session.ts";

const PLACE = { site: null, zone: ZONE } as const;

/** What a member needs to know today. */
export const makeTodayDesk = (session: Session) => ({
  /** A therapist's day: at most four releases, whatever the caseload. */
  own: (): Promise<Today> => todayOf(session.client, PLACE),
  /** A day of the site, as the office sees it. */
  site: (day: string): Promise<SiteDay> => siteDay(session.client, PLACE, { day }),
  /** The own patients whom an office that came after them cannot find. */
  beforeOffice: (): Promise<readonly string[]> => listBeforeOffice(session.client),
  /** Lets the office find one of them: who they are and who pays, never what is written. */
  letOfficeIn: async (patient: string): Promise<void> => {
    await grantOffice(session.client, patient);
  },
});
