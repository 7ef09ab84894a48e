import type { AccessEdge } from "../access.ts";
import type { Part, Snapshot } from "../collect/snapshot.ts";
import type { Mend } from "../mend.ts";
import type { PolicyInUse } from "../policy/approvedPolicy.ts";
import type { PosturePolicy } from "../policy/policy.ts";

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a check looks at. */
export interface Context {
  readonly snapshot: Snapshot;
  readonly policy: PosturePolicy;
  /** Whether a person declared the policy; else it was drafted from what was found. */
  readonly isDeclared: boolean;
  /** Null: nobody approves policies of this database. */
  readonly inUse: PolicyInUse | null;
  readonly access: readonly AccessEdge[];
  readonly now: Date;
}

/** One fault of one object. */
export interface Hit {
  /** What it is about, stable from one look to the next. */
  readonly object: string;
  /** Where it differs from that of the check. */
  readonly severity?: Severity;
  readonly detail?: string;
  readonly mend: Mend;
}

/** One rule. */
export interface Check {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters; where it repeats a fault of Vastaamo, which. */
  readonly why: string;
  /** Where it is read. */
  readonly how: string;
  /** The mend in general; a hit has the statement itself. */
  readonly mend: string;
  /** What must be visible for it to say anything. */
  readonly needs?: readonly Part[];
  /** Whether no exception holds for it. */
  readonly isFinal?: boolean;
  find(context: Context): readonly Hit[];
}

export const nameOf = ({ schema, name }: { schema: string; name: string }): string =>
  `${schema}.${name}`;

/** Value of a setting; empty where it is not visible. */
export const settingOf = ({ snapshot }: Context, name: string): string =>
  snapshot.settings.get(name)?.setting ?? "";

export const isOn = (context: Context, name: string): boolean =>
  !["", "off", "false", "0", "none"].includes(settingOf(context, name));
