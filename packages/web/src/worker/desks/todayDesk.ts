import { siteDay, todayOf, type SiteDay, type Today } from "@sinetti/client";

import { ZONE } from "../../zone.ts";
import type { Session } from "../session.ts";

const PLACE = { site: null, zone: ZONE } as const;

/** What a member needs to know today. */
export const makeTodayDesk = (session: Session) => ({
  /** A therapist's day: at most four releases, whatever the caseload. */
  own: (): Promise<Today> => todayOf(session.client, PLACE),
  /** A day of the site, as the office sees it. */
  site: (day: string): Promise<SiteDay> => siteDay(session.client, PLACE, { day }),
});
