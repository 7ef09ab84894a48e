import type { DatabasePosture, PostureChange, PostureFinding } from "@sinetti/client";

type Database = DatabasePosture["database"];

/** A finding with where it is; the same in several databases is one. */
export interface FindingRow extends PostureFinding {
  /** None: it is about a host. */
  readonly databases: readonly Database[];
}

/** A change with where it was; the same in several databases is one. */
export interface ChangeRow extends PostureChange {
  readonly databases: readonly Database[];
}

const RANK = { critical: 0, high: 1, medium: 2, low: 3 } as const;
const MINUTE = "2026-11-21T12:00".length;

const keyOfFinding = ({ id, object, severity, mend, state, until, reason, by }: PostureFinding) =>
  JSON.stringify([id, object, severity, mend, state, until, reason, by]);
const keyOfChange = ({ at, change, id, object, severity, until }: PostureChange) =>
  JSON.stringify([at.slice(0, MINUTE), change, id, object, severity, until]);

/** The findings of all databases, worst first; of the same severity those that came back first. */
export function findingRows(databases: readonly DatabasePosture[]): FindingRow[] {
  const all = databases.flatMap(({ database, findings }) =>
    findings.map((finding) => ({ database, finding })),
  );
  const rows = [...Map.groupBy(all, ({ finding }) => keyOfFinding(finding)).values()].flatMap(
    (same): FindingRow[] => {
      const [oldest] = same.toSorted((a, b) => a.finding.first.localeCompare(b.finding.first));
      if (oldest === undefined) return [];
      return [{ ...oldest.finding, databases: same.map(({ database }) => database) }];
    },
  );
  const rank = ({ severity, state }: FindingRow): number =>
    2 * RANK[severity] + (state === "regressed" ? 0 : 1);
  return rows.toSorted((a, b) => rank(a) - rank(b));
}

/** Changes, newest first. */
export function changeRows(changes: readonly PostureChange[]): ChangeRow[] {
  return [...Map.groupBy(changes, keyOfChange).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : [{ ...first, databases: same.map(({ database }) => database) }];
  });
}
