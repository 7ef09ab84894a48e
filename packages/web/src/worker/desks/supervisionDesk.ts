import {
  findInRoster,
  knownDirectory,
  leasedRoster,
  listSupervised,
  memberName,
  type Client,
  type Roster,
  type SupervisedRecord,
} from "@sinetti/client";

import { recordCode } from "../record/recordCode.ts";
import type { Session } from "../session.ts";

/** A record that was granted for supervision. */
export interface SupervisionRow extends Pick<
  SupervisedRecord,
  "reason" | "until" | "endsSoon" | "canCountersign" | "lookedAt" | "fresh"
> {
  /** The last part of its address. */
  readonly patient: string;
  /** Null: the name is not granted. */
  readonly name: string | null;
  readonly code: string;
  /** Who granted it. */
  readonly by: string | null;
  readonly waiting: readonly {
    readonly entry: string;
    readonly on: string;
    readonly author: string | null;
  }[];
}

/** What a supervisor has to look at. */
export const makeSupervisionDesk = (session: Session) => ({
  /** The records of this supervisor, those with notes that wait first, then those with something new; none of them is opened. */
  list: async (): Promise<SupervisionRow[]> => {
    const { client } = session;
    const [records, directory, roster] = await Promise.all([
      listSupervised(client),
      knownDirectory(client),
      caseloadOf(client),
    ]);
    const nameOf = (member: SupervisedRecord["grantor"]): string | null =>
      directory === null ? null : memberName(directory, member);
    return records
      .map(({ care, grantor, waiting, ...record }): SupervisionRow => {
        const line = roster === null ? null : findInRoster(roster, care);
        return {
          ...record,
          patient: line?.patient ?? care,
          name: line?.name ?? null,
          code: recordCode(care),
          by: nameOf(grantor),
          waiting: waiting.map(({ entry, on, author }) => ({ entry, on, author: nameOf(author) })),
        };
      })
      .sort(byUrgency);
  },
});

/** Names stand in the caseload of a therapist, who takes granted records into it; nobody else reads any. */
const caseloadOf = async (client: Client): Promise<Roster | null> =>
  client.roles.includes("therapist") ? leasedRoster(client) : null;

const byUrgency = (a: SupervisionRow, b: SupervisionRow): number =>
  b.waiting.length - a.waiting.length ||
  Number(b.fresh > 0) - Number(a.fresh > 0) ||
  (a.until ?? "9").localeCompare(b.until ?? "9") ||
  (a.name ?? a.code).localeCompare(b.name ?? b.code);
