import type { PostureState, Severity } from "@sinetti/posture";

import type { FindingRow } from "./postureText.ts";

/** Of the OCSF schema 1.3.0, class Compliance Finding. */
const SCHEMA = "1.3.0";
const CATEGORY = 2;
const CLASS = 2003;
const SEVERITY: Readonly<Record<Severity, readonly [id: number, name: string]>> = {
  low: [2, "Low"],
  medium: [3, "Medium"],
  high: [4, "High"],
  critical: [5, "Critical"],
};

interface Step {
  readonly activity: readonly [id: number, name: string];
  readonly status: readonly [id: number, name: string];
}

const CREATED: Step = { activity: [1, "Create"], status: [1, "New"] };
const UPDATED: Step = { activity: [2, "Update"], status: [2, "In Progress"] };
const SUPPRESSED: Step = { activity: [2, "Update"], status: [3, "Suppressed"] };
const CLOSED: Step = { activity: [3, "Close"], status: [4, "Resolved"] };

export interface OcsfOptions {
  readonly version: string;
  readonly now: Date;
  /** Gives when each was first seen, and what is fixed now; undefined: nothing is remembered. */
  readonly state: PostureState | undefined;
}

type Place = Pick<FindingRow, "id" | "object" | "database" | "fingerprint">;

interface Said {
  readonly severity: Severity | undefined;
  readonly title: string;
  readonly first: number;
  readonly last: number;
  readonly why?: string;
  readonly mend?: string;
  readonly excepted?: string | null;
}

function eventOf(
  { id, object, database, fingerprint }: Place,
  step: Step,
  { said, version, now }: { said: Said; version: string; now: Date },
): object {
  const { severity, title, first, last, why, mend, excepted } = said;
  const [severityId, severityName] =
    severity === undefined ? ([0, "Unknown"] as const) : SEVERITY[severity];
  const isClosed = step === CLOSED;
  return {
    activity_id: step.activity[0],
    activity_name: step.activity[1],
    category_uid: CATEGORY,
    category_name: "Findings",
    class_uid: CLASS,
    class_name: "Compliance Finding",
    type_uid: CLASS * 100 + step.activity[0],
    time: now.getTime(),
    severity_id: severityId,
    severity: severityName,
    status_id: step.status[0],
    status: step.status[1],
    message: `${database}: ${id} ${object}`,
    metadata: {
      version: SCHEMA,
      product: { name: "Sinetti", vendor_name: "Sinetti", version, feature: { name: "posture" } },
    },
    finding_info: {
      uid: `${database}:${fingerprint}`,
      title,
      ...(why === undefined ? {} : { desc: why }),
      first_seen_time: first,
      last_seen_time: last,
    },
    compliance: {
      standards: ["Sinetti posture"],
      control: id,
      status_id: isClosed ? 1 : 3,
      status: isClosed ? "Pass" : "Fail",
      ...(excepted === undefined || excepted === null
        ? {}
        : { status_detail: `excepted until ${excepted}` }),
    },
    ...(mend === undefined ? {} : { remediation: { desc: mend } }),
    resources: [{ type: "Database", name: database, uid: `${database} ${object}` }],
  };
}

function stepOf({ excepted, state }: FindingRow, isKnown: boolean): Step {
  if (excepted !== null) return SUPPRESSED;
  return isKnown && state !== "regressed" ? UPDATED : CREATED;
}

/** Findings as OCSF events 2003, one each; what is fixed since is closed. */
export function ocsfEvents(
  rows: readonly FindingRow[],
  { version, now, state }: OcsfOptions,
): object[] {
  const open = rows.map((row) => {
    const known = state?.databases[row.database]?.[row.fingerprint];
    const first = known === undefined ? now.getTime() : Date.parse(known.first);
    const isKnown = known !== undefined && first < now.getTime();
    const { severity, title, why, mend, excepted } = row;
    const said = { severity, title, why, mend, excepted, first, last: now.getTime() };
    return eventOf(row, stepOf(row, isKnown), { said, version, now });
  });
  const fixed = Object.entries(state?.databases ?? {}).flatMap(([database, entries]) =>
    Object.entries(entries).flatMap(([fingerprint, entry]) => {
      if (entry.state !== "fixed") return [];
      const { id, object, severity } = entry;
      const [first, last] = [Date.parse(entry.first), Date.parse(entry.last)];
      const said = { severity, title: `${id} ${object}`, first, last };
      return [eventOf({ id, object, database, fingerprint }, CLOSED, { said, version, now })];
    }),
  );
  return [...open, ...fixed];
}
