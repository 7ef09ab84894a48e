import { createHash } from "node:crypto";

import { effectiveAccess } from "./access.ts";
import { checks } from "./checks/checks.ts";
import { SEVERITIES, type Check, type Context, type Hit, type Severity } from "./checks/check.ts";
import type { Snapshot } from "./collect/snapshot.ts";
import { mendText, type Mend } from "./mend.ts";
import { draftPolicy } from "./policy/draftPolicy.ts";
import type { PolicyInUse } from "./policy/approvedPolicy.ts";
import type { PosturePolicy } from "./policy/policy.ts";

/** One fault of one object. */
export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly object: string;
  readonly title: string;
  readonly why: string;
  /** As text that can be pasted. */
  readonly mend: string;
  readonly fingerprint: string;
  /** Day until which it is excepted; null: it is not. */
  readonly excepted: string | null;
}

/** A finding with its mend as parts. */
export interface MendedFinding extends Finding {
  readonly steps: Mend;
}

const DAY_MS = 86_400_000;

/** The same for the same fault of the same object, in whatever look. */
export function fingerprintOf(id: string, object: string): string {
  return createHash("sha256").update(`${id}\0${object}`).digest("hex").slice(0, 16);
}

const rank = ({ severity }: Finding): number => SEVERITIES.indexOf(severity);

/** Whether a severity is at least another one. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

/** Checks that could not look, because of what the role may not see. */
export function blindChecks({ unseen }: Snapshot): Check[] {
  const parts = new Set(unseen.map(({ part }) => part));
  return checks.filter(({ needs }) => needs?.some((part) => parts.has(part)) === true);
}

/** Everything that is wrong, worst first. Without a policy one is drafted from what is there. */
export function findFaults(
  snapshot: Snapshot,
  policy: PosturePolicy | null,
  options: { now: Date; inUse?: PolicyInUse | undefined },
): MendedFinding[] {
  const context: Context = {
    snapshot,
    policy: policy ?? draftPolicy(snapshot),
    isDeclared: policy !== null,
    inUse: options.inUse ?? null,
    access: effectiveAccess(snapshot),
    now: options.now,
  };
  return findingsOf(
    checks.map((check) => ({ check, hits: check.find(context) })),
    (fingerprint) => exceptedUntil(context, fingerprint),
  );
}

/** What checks hit, as findings, worst first; of the same fault of the same object the worst one. */
export function findingsOf(
  found: readonly { readonly check: Omit<Check, "find">; readonly hits: readonly Hit[] }[],
  until: (fingerprint: string) => string | null,
): MendedFinding[] {
  const findings = new Map<string, MendedFinding>();
  for (const { check, hits } of found)
    for (const { object, severity, detail, mend } of hits) {
      const fingerprint = fingerprintOf(check.id, object);
      const before = findings.get(fingerprint);
      if (before !== undefined && isAtLeast(before.severity, severity ?? check.severity)) continue;
      findings.set(fingerprint, {
        id: check.id,
        severity: severity ?? check.severity,
        object,
        title: check.title,
        why: detail === undefined ? check.why : `${check.why} ${detail}`,
        mend: mendText(mend),
        fingerprint,
        excepted: check.isFinal === true ? null : until(fingerprint),
        steps: mend,
      });
    }
  return [...findings.values()].sort((one, other) => rank(other) - rank(one));
}

function exceptedUntil({ policy, now }: Context, fingerprint: string): string | null {
  const dates = policy.exceptions
    .filter(
      (one) => one.fingerprint === fingerprint && now.getTime() < Date.parse(one.until) + DAY_MS,
    )
    .map(({ until }) => until);
  return dates.sort().at(-1) ?? null;
}
