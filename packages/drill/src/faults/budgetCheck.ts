import {
  HORIZON_SECONDS,
  decodeShape,
  logEntryShape,
  type Horizon,
  type LogEntry,
  type MemberId,
} from "@sinetti/core";

import { openStore, type StoreAddress } from "../fsck/store.ts";

/** What the gate said that a member has spent, and the seconds between which it was asked. */
export interface SaidBudget {
  readonly member: MemberId;
  readonly from: number;
  readonly to: number;
  readonly classes: readonly {
    readonly class: string;
    readonly horizons: readonly { readonly horizon: Horizon; readonly spent: number }[];
  }[];
}

interface FileRow {
  readonly file: string;
  readonly class: string;
  readonly unit: string | null;
  readonly creator: string;
  readonly created_at: number;
}

const OWN_CREATION_SECONDS = 7 * 86_400;

/**
 * Counts every member's budget anew from the lines of the log as they were hashed, and gives the members of whom the gate says
 * otherwise. For a gate of one practice, without approvals and crises.
 */
export async function checkBudgets(
  address: StoreAddress,
  said: readonly SaidBudget[],
): Promise<MemberId[]> {
  const store = await openStore(address);
  try {
    const lines = await store.tx<{ entry: Buffer }[]>`select entry from log order by idx`;
    const files = await store.tx<FileRow[]>`
      select encode(file, 'hex') as file, class, encode(case_id, 'hex') as unit,
        encode(creator_device, 'hex') as creator, created_at::float8 from files`;
    const log = lines.map(({ entry }) => decodeShape(logEntryShape, entry));
    const byId = new Map(files.map((row) => [row.file, row]));
    return said.filter((each) => !isCounted(each, log, byId)).map(({ member }) => member);
  } finally {
    await store.close();
  }
}

function isCounted(
  said: SaidBudget,
  log: readonly LogEntry[],
  files: ReadonlyMap<string, FileRow>,
): boolean {
  const newest = log.at(-1)?.time ?? 0;
  const isAt = (time: number): boolean =>
    said.classes.every(({ class: of, horizons }) => {
      const lastAt = openedCases(log, { member: said.member, class: of, files });
      return horizons.every(({ horizon, spent }) => {
        const since = time - HORIZON_SECONDS[horizon];
        return [...lastAt.values()].filter((at) => at > since).length === spent;
      });
    });
  return [said.from, said.to].some((now) => isAt(Math.max(now, newest)));
}

/** When each case was last opened for the budget: a device opens what it made itself without cost, for a week. */
function openedCases(
  log: readonly LogEntry[],
  {
    member,
    class: of,
    files,
  }: { member: MemberId; class: string; files: ReadonlyMap<string, FileRow> },
): Map<string, number> {
  const lastAt = new Map<string, number>();
  for (const { kind, member: by, device, time, items } of log) {
    if (kind !== "release" || by !== member) continue;
    for (const { file, outcome } of items) {
      const row = files.get(file);
      if (outcome !== "released" || row?.class !== of || row.unit === null) continue;
      const isOwn = row.creator === device && time - row.created_at < OWN_CREATION_SECONDS;
      if (!isOwn) lastAt.set(row.unit, time);
    }
  }
  return lastAt;
}
