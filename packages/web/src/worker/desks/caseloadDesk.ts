import { openRoster } from "@sinetti/client";
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
  /** Own patients by name, from the roster alone: one release. */
  list: async (): Promise<CaseloadRow[]> => {
    const { values } = await openRoster(session.client.context, true);
    const rows = [...values.values()].map(rowOf);
    return rows.sort((a, b) => a.name.localeCompare(b.name));
  },
});
