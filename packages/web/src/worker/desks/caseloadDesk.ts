import { adoptGranted, openRoster } from "@sinetti/client";
import type { RosterValue } from "@sinetti/practice";

import type { Session } from "../session.ts";

/** A patient as the caseload shows them. */
export interface CaseloadRow {
  readonly patient: string;
  readonly name: string;
  readonly nextAppointment: string | null;
  readonly unfinished: readonly string[];
  readonly reviewDue: string | null;
  readonly lastMeasures: RosterValue["lastMeasures"];
  readonly ended: string | null;
}

const rowOf = (value: RosterValue): CaseloadRow => ({
  patient: value.patient,
  name: value.name,
  nextAppointment: value.nextAppointment ?? null,
  unfinished: value.unfinishedNotes.map(({ sessionDate }) => sessionDate),
  reviewDue: value.reviewDue ?? null,
  lastMeasures: value.lastMeasures,
  ended: value.ended ?? null,
});

/** The caseload of the member at work. */
export const makeCaseloadDesk = (session: Session) => ({
  /**
   * Own patients by name, those whose treatment has ended last, from the roster: one release, and one more where colleagues have granted
   * records since.
   */
  list: async (): Promise<CaseloadRow[]> => {
    const { client } = session;
    const roster = await openRoster(client.context, true);
    await adoptGranted(client, roster);
    const { values } = roster;
    const rows = [...values.values()].map(rowOf);
    const isEnded = ({ ended }: CaseloadRow): number => Number(ended !== null);
    return rows.sort((a, b) => isEnded(a) - isEnded(b) || a.name.localeCompare(b.name));
  },
});
