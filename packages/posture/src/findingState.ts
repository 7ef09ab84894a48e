import { z } from "zod";

import { SEVERITIES } from "./checks/check.ts";
import type { Finding } from "./findings.ts";

const entry = z.strictObject({
  id: z.string(),
  object: z.string(),
  /** As it was last seen; a state that an older version wrote does not say it. */
  severity: z.enum(SEVERITIES).optional(),
  /** The day until which it is excepted. */
  until: z.iso.date().nullable().optional(),
  state: z.enum(["open", "excepted", "fixed", "regressed"]),
  first: z.iso.datetime(),
  last: z.iso.datetime(),
  fixed: z.iso.datetime().nullable(),
  regressions: z.int().min(0),
});

/** Changes that are remembered of one database. */
export const MOST_CHANGES = 300;

const change = z.strictObject({
  at: z.iso.datetime(),
  /** `ended`: an exception is over and its fault is not. */
  change: z.enum(["opened", "mended", "regressed", "excepted", "ended"]),
  id: z.string(),
  object: z.string(),
  severity: z.enum(SEVERITIES).optional(),
  /** The day until which it is excepted. */
  until: z.iso.date().nullable(),
});

/** What became of each finding, by database and fingerprint. */
export const postureStateSchema = z.strictObject({
  sinettiPostureState: z.literal(1),
  /** When each database was last looked at. */
  looked: z.record(z.string(), z.iso.datetime()).default({}),
  databases: z.record(z.string(), z.record(z.string().regex(/^[0-9a-f]{16}$/), entry)),
  /** The newest changes of each database, oldest first; a state that an older version wrote has none. */
  history: z.record(z.string(), z.array(change).max(MOST_CHANGES)).default({}),
});

export type PostureState = z.infer<typeof postureStateSchema>;
export type FindingEntry = z.infer<typeof entry>;
export type FindingChange = z.infer<typeof change>;

export const emptyState: PostureState = {
  sinettiPostureState: 1,
  looked: {},
  databases: {},
  history: {},
};

type Entries = Record<string, FindingEntry>;

/** What was seen of one database. */
export interface Seen {
  readonly database: string;
  readonly findings: readonly Finding[];
  /** Checks that could not look: what they found before is neither there nor mended. */
  readonly blind: ReadonlySet<string>;
  readonly now: Date;
}

function next(
  before: FindingEntry | undefined,
  { id, object, severity, excepted }: Finding,
  at: string,
): FindingEntry {
  const came = before?.state === "fixed";
  const isRegressed = came || before?.state === "regressed";
  return {
    id,
    object,
    severity,
    until: excepted,
    state: excepted !== null ? "excepted" : isRegressed ? "regressed" : "open",
    first: before?.first ?? at,
    last: at,
    fixed: null,
    regressions: (before?.regressions ?? 0) + (came ? 1 : 0),
  };
}

/** What a look has changed of one finding: one that is excepted as soon as it is found has changed twice. */
function changesOf(before: FindingEntry | undefined, now: FindingEntry): FindingChange["change"][] {
  if (now.state === "fixed") return before?.state === "fixed" ? [] : ["mended"];
  const came: FindingChange["change"][] =
    before === undefined ? ["opened"] : before.state === "fixed" ? ["regressed"] : [];
  const was = before?.state === "excepted" ? before.until : null;
  if (now.state === "excepted") return was === now.until ? came : [...came, "excepted"];
  return before?.state === "excepted" ? ["ended"] : came;
}

function advanceHistory(
  history: readonly FindingChange[],
  { before, after, at }: { before: Entries; after: Entries; at: string },
): FindingChange[] {
  const changed = Object.entries(after).flatMap(([fingerprint, now]) =>
    changesOf(before[fingerprint], now).map((what): FindingChange => {
      const { id, object, severity, until } = now;
      const day = what === "excepted" ? (until ?? null) : null;
      return { at, change: what, id, object, severity, until: day };
    }),
  );
  return [...history, ...changed].slice(-MOST_CHANGES);
}

/** The state after a look: open, excepted until a date, fixed, and regressed when it is back. */
export function advanceState(state: PostureState, seen: Seen): PostureState {
  const at = seen.now.toISOString();
  const before = state.databases[seen.database] ?? {};
  const after: Entries = {};
  for (const [fingerprint, one] of Object.entries(before)) {
    const isGone = one.state !== "fixed" && !seen.blind.has(one.id);
    after[fingerprint] = isGone ? { ...one, state: "fixed", fixed: at } : one;
  }
  for (const finding of seen.findings)
    after[finding.fingerprint] = next(before[finding.fingerprint], finding, at);
  const history = advanceHistory(state.history[seen.database] ?? [], { before, after, at });
  return {
    ...state,
    looked: { ...state.looked, [seen.database]: at },
    databases: { ...state.databases, [seen.database]: after },
    history: { ...state.history, [seen.database]: history },
  };
}
