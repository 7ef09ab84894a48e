import { existsSync } from "node:fs";
import { join } from "node:path";

import { SEVERITIES, type FindingEntry, type PostureState, type Severity } from "@sinetti/posture";

import { plain } from "./postureText.ts";
import { readStateFile } from "./stateFile.ts";

/** In a data folder, or the folder of state of a served part: what became of every finding. */
export const STATE_FILE = "posture.json";
/** Beside it, for a collector of text files. */
export const METRICS_FILE = "posture.prom";

/** An hour between looks, and another before somebody should wonder. */
const LATE_MS = 2 * 3_600_000;

/** In the state of a database that has never answered: longer ago than any look. */
export const NEVER_LOOKED = new Date(0).toISOString();
/** Clocks of two machines differ; what is dated later says nothing of when it was. */
const AHEAD_MS = 3_600_000;

/** What `status` says of posture. */
export interface PostureSummary {
  /** When the database that was looked at longest ago was; null: one never was. */
  readonly looked: string | null;
  readonly isLate: boolean;
  /** Open and regressed findings, by severity. */
  readonly open: Readonly<Record<Severity, number>>;
  readonly regressed: number;
  /** Roles by which somebody is let into a database for a time. */
  readonly temporary: readonly { database: string; role: string }[];
  readonly excepted: readonly { database: string; finding: string; until: string | null }[];
}

export const isOpen = ({ state }: FindingEntry): boolean =>
  state === "open" || state === "regressed";

/** Every finding with its database. */
export function entriesOf({ databases }: PostureState): (FindingEntry & { database: string })[] {
  return Object.entries(databases).flatMap(([database, entries]) =>
    Object.values(entries).map((entry) => ({ ...entry, database })),
  );
}

export function countBySeverity(entries: readonly FindingEntry[]): Record<Severity, number> {
  return Object.fromEntries(
    SEVERITIES.map((severity) => [
      severity,
      entries.filter((entry) => entry.severity === severity).length,
    ]),
  ) as Record<Severity, number>;
}

/** Whether some database was not looked at lately; one that was looked at in the future was looked at nobody knows when. */
function isStale({ looked }: PostureState, now: Date): boolean {
  const ages = Object.values(looked).map((at) => now.getTime() - Date.parse(at));
  return ages.length === 0 || ages.some((age) => age > LATE_MS || age < -AHEAD_MS);
}

/** The state in a folder in short; null where nobody has looked. */
export function postureSummary(folder: string, now: Date): PostureSummary | null {
  const file = join(folder, STATE_FILE);
  if (!existsSync(file)) return null;
  const state = readStateFile(file);
  const [looked = null] = Object.values(state.looked).toSorted();
  const entries = entriesOf(state);
  const open = entries.filter(isOpen);
  return {
    looked: looked === NEVER_LOOKED ? null : looked,
    isLate: isStale(state, now),
    open: countBySeverity(open),
    regressed: open.filter((entry) => entry.state === "regressed").length,
    temporary: open
      .filter(({ id }) => id === "R14")
      .map(({ database, object }) => ({ database, role: object })),
    excepted: entries
      .filter((entry) => entry.state === "excepted")
      .map(({ database, id, object, until }) => ({
        database,
        finding: `${id} ${object}`,
        until: until ?? null,
      })),
  };
}

/** The same as lines for people. */
export function summaryLines(summary: PostureSummary | null): string[] {
  if (summary === null) return ["no posture check has been made"];
  const { looked, isLate, open, regressed, temporary, excepted } = summary;
  const counts = SEVERITIES.toReversed().map((severity) => `${open[severity]} ${severity}`);
  const back = regressed === 0 ? "" : `, ${regressed} of them back again`;
  return [
    `posture: ${counts.join(", ")}${back}, looked at ${looked ?? "never"}${isLate ? ", which is long ago" : ""}: sinetti posture`,
    ...temporary.map(
      ({ database, role }) =>
        `OPEN FOR A TIME: ${database} by ${plain(role)}: sinetti break-glass list`,
    ),
    ...excepted.map(
      ({ database, finding, until }) =>
        `EXCEPTED until ${until ?? "?"}: ${database} ${plain(finding)}`,
    ),
  ];
}
