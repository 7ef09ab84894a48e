import {
  grantOffice,
  listBeforeOffice,
  markAlert,
  memberName,
  openDirectory,
  siteDay,
  todayOf,
  type AlertRef,
  type SiteDay,
  type Today,
} from "@sinetti/client";
import type { MemberId } from "@sinetti/core";
import type { Booking } from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import type { Session } from "../session.ts";
import type { BookingRow } from "./calendarDesk.ts";

/** A day of the site, with who sees whom. */
export interface SiteDayView extends Omit<SiteDay, "bookings"> {
  readonly bookings: readonly BookingRow[];
}

const PLACE = { site: null, zone: ZONE } as const;

/** What a member needs to know today. */
export const makeTodayDesk = (session: Session) => ({
  /** A therapist's day: at most four releases, whatever the caseload. */
  own: (): Promise<Today> => todayOf(session.client, PLACE),
  /** Marks an alert as seen, or takes the mark back. */
  markAlert: ({ isSeen, ...alert }: AlertRef & { isSeen: boolean }): Promise<void> =>
    markAlert(session.client, alert, { isSeen }),
  /** A day of the site, as the office sees it. */
  site: async (day: string): Promise<SiteDayView> => {
    const { client } = session;
    const { bookings, ...rest } = await siteDay(client, PLACE, { day });
    const directory = await openDirectory(client.context);
    const nameOf = ({ therapist, therapistName }: Booking): string =>
      memberName(directory, therapist as MemberId) ?? therapistName ?? "";
    return {
      ...rest,
      bookings: bookings.map((each) => ({ ...each, therapistShown: nameOf(each) })),
    };
  },
  /** The own patients whom an office that came after them cannot find. */
  beforeOffice: (): Promise<readonly string[]> => listBeforeOffice(session.client),
  /** Lets the office find one of them: who they are and who pays, never what is written. */
  letOfficeIn: async (patient: string): Promise<void> => {
    await grantOffice(session.client, patient);
  },
});
