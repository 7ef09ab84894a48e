import type { DatabasePosture, PostureFinding } from "@sinetti/client";

/** A finding with where it is. */
export interface FindingRow extends PostureFinding {
  readonly database: DatabasePosture["database"] | null;
}

const RANK = { critical: 0, high: 1, medium: 2, low: 3 } as const;

/** The findings of all databases, worst first; of the same severity those that came back first. */
export function allFindings(databases: readonly DatabasePosture[]): FindingRow[] {
  const rows = databases.flatMap(({ database, findings }) =>
    findings.map((finding): FindingRow => ({ ...finding, database })),
  );
  const rank = ({ severity, state }: FindingRow): number =>
    2 * RANK[severity] + (state === "regressed" ? 0 : 1);
  return rows.toSorted((a, b) => rank(a) - rank(b));
}
