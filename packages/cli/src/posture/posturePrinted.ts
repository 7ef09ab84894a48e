import {
  isAtLeast,
  type Finding,
  type PostureReport,
  type PostureState,
  type Severity,
} from "@sinetti/posture";

import { EXIT } from "../failure.ts";
import type { Printed } from "../output.ts";
import { programVersion } from "../programVersion.ts";
import { ocsfEvents } from "./ocsf.ts";
import type { PostureTarget } from "./postureTarget.ts";
import { accessLines, databaseLines, findingLines, type FindingRow } from "./postureText.ts";

/** Under this name the hosts of a plan stand beside the databases. */
export const HOSTS = "deployment";

/** One database, looked at. */
export interface Looked {
  readonly target: PostureTarget;
  readonly report: PostureReport;
}

function isFailed(rows: readonly FindingRow[], failOn: Severity | undefined): boolean {
  return (
    failOn !== undefined &&
    rows.some(({ severity, excepted }) => excepted === null && isAtLeast(severity, failOn))
  );
}

/** Findings as OCSF events. */
export function printedEvents(
  rows: readonly FindingRow[],
  {
    state,
    failOn,
    now,
  }: { state: PostureState | undefined; failOn: Severity | undefined; now: Date },
): Printed {
  const events = ocsfEvents(rows, { version: programVersion(), now, state });
  return {
    json: { events },
    text: events.map((event) => JSON.stringify(event)).join("\n"),
    exit: isFailed(rows, failOn) ? EXIT.verification : EXIT.done,
  };
}

/** Findings of one database with their state. */
export function rowsOf(
  database: string,
  findings: readonly Finding[],
  state: PostureState | undefined,
): FindingRow[] {
  const known = state?.databases[database];
  return findings.map(({ id, severity, object, title, why, mend, fingerprint, excepted }) => ({
    id,
    severity,
    object,
    title,
    why,
    mend,
    fingerprint,
    excepted,
    database,
    state: known?.[fingerprint]?.state ?? (excepted === null ? "open" : "excepted"),
  }));
}

interface PrintOptions {
  readonly failOn: Severity | undefined;
  readonly showsAccess: boolean;
  readonly hasHosts: boolean;
}

/** Findings as a table with the mends, and as the object of the contract. */
export function printed(
  looked: readonly Looked[],
  findings: readonly FindingRow[],
  { failOn, showsAccess, hasHosts }: PrintOptions,
): Printed {
  const databases = looked.map(({ target, report }) => ({
    database: target.name,
    version: report.server.version,
    role: report.server.role,
    policy: target.policy === null ? "drafted" : "declared",
    unseen: report.unseen,
    notChecked: [...report.blind],
  }));
  const access = showsAccess
    ? looked.flatMap(({ target, report }) =>
        report.access.map((edge) => ({ database: target.name, ...edge })),
      )
    : [];
  const hosts = findings.filter(({ database }) => database === HOSTS);
  return {
    json: { findings, databases, ...(showsAccess ? { access } : {}) },
    text: [
      ...databases.flatMap((one) => databaseLines(one, findings)),
      ...(hasHosts ? findingLines(`${HOSTS}: what its hosts say`, hosts) : []),
      ...(showsAccess ? accessLines(access) : []),
    ].join("\n"),
    exit: isFailed(findings, failOn) ? EXIT.verification : EXIT.done,
  };
}
