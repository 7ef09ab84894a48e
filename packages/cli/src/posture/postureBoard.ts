import {
  LIMITS,
  POSTURE_LIMITS,
  encodeShape,
  postureBoardShape,
  type PostureBoard,
  type ServiceName,
} from "@sinetti/core";
import type { Finding, FindingChange, FindingEntry, PostureState } from "@sinetti/posture";

import type { BorneFault } from "./borneFaults.ts";
import type { Deployment } from "./deploymentLook.ts";

type Shown = PostureBoard["findings"][number];
type Hosts = NonNullable<PostureBoard["hosts"]>;

const HOUR_SECONDS = 3600;
/** Of what has no room, so many are left out before it is tried again. */
const STEP = 20;

/** What one look gave, with what is remembered. */
export interface BoardSource {
  readonly service: ServiceName;
  readonly findings: readonly Finding[];
  readonly blind: ReadonlySet<string>;
  readonly borne: readonly BorneFault[];
  readonly state: PostureState;
  /** Null: there is no plan of hosts. */
  readonly deployment: Deployment | null;
}

const seconds = (instant: string): number => Math.floor(Date.parse(instant) / 1000);
const cut = (text: string): string =>
  text.length <= POSTURE_LIMITS.text ? text : `${text.slice(0, POSTURE_LIMITS.text - 1)}…`;

function shownFinding(
  { id, severity, object, title, why, mend, excepted }: Finding,
  entry: FindingEntry | undefined,
  at: number,
): Omit<Shown, "signed"> {
  return {
    id,
    severity,
    object: cut(object),
    title: cut(title),
    why: cut(why),
    // Half a statement would mend nothing, or something else.
    mend: mend.length <= POSTURE_LIMITS.mend ? mend : null,
    state: excepted !== null ? "excepted" : entry?.state === "regressed" ? "regressed" : "open",
    first: entry === undefined ? at : seconds(entry.first),
    regressions: entry?.regressions ?? 0,
    until: excepted,
  };
}

function signedBy(fingerprint: string, borne: readonly BorneFault[]): Shown["signed"] {
  const signed = borne.find((one) => one.fingerprint === fingerprint)?.signed ?? [];
  return signed.slice(0, LIMITS.itemsPerBatch).map(({ practice, reason, by }) => ({
    practice,
    reason: cut(reason),
    by: by.slice(0, POSTURE_LIMITS.signers),
  }));
}

function shownChange({ at, change, id, severity, object, until }: FindingChange) {
  return {
    at: seconds(at),
    change,
    id,
    severity: severity ?? null,
    object: cut(object),
    until,
  };
}

function hostsOf({ state, deployment }: BoardSource): Hosts | null {
  const looked = state.looked["deployment"];
  if (deployment === null || looked === undefined) return null;
  const { plan, words, findings } = deployment;
  const entries = state.databases["deployment"] ?? {};
  const at = seconds(looked);
  return {
    looked: at,
    words: Object.keys(plan.hosts)
      .slice(0, POSTURE_LIMITS.hosts)
      .map((host) => {
        const word = words.find((one) => one.host === host);
        const results = word?.statement?.results ?? [];
        return {
          host,
          said: word?.statement ? seconds(word.statement.at) : null,
          signature: word?.signature ?? "unsigned",
          isOfPlan: word?.isOfPlan ?? false,
          lateAfter: plan.maxAgeHours * HOUR_SECONDS,
          wrong: results.filter(({ isRight }) => !isRight).length,
        };
      }),
    findings: findings
      .slice(0, POSTURE_LIMITS.findings)
      .map((finding) => shownFinding(finding, entries[finding.fingerprint], at)),
  };
}

/** The bytes of a board that has room for as much as is allowed; of the findings the worst stay. */
function fitted(board: PostureBoard): Uint8Array {
  for (let fit = board; ;) {
    const bytes = encodeShape(postureBoardShape, fit);
    const { findings, hosts } = fit;
    const isFit = bytes.length <= POSTURE_LIMITS.boardBytes;
    if (isFit || (findings.length === 0 && (hosts?.findings.length ?? 0) === 0)) return bytes;
    const kept = findings.slice(0, Math.max(0, findings.length - STEP));
    const fewer = hosts && { ...hosts, findings: hosts.findings.slice(0, kept.length) };
    const left = fit.left + findings.length - kept.length;
    fit = { ...fit, findings: kept, hosts: fewer, left };
  }
}

/** What the service is told after a look, as bytes. */
export function boardBytes(source: BoardSource): Uint8Array {
  const { service, findings, blind, borne, state } = source;
  const looked = seconds(state.looked[service] ?? new Date(0).toISOString());
  const entries = state.databases[service] ?? {};
  const newest = (state.history[service] ?? []).toReversed();
  return fitted({
    v: 1,
    service,
    looked,
    blind: [...blind].slice(0, POSTURE_LIMITS.findings),
    left: Math.max(0, findings.length - POSTURE_LIMITS.findings),
    changes: newest.slice(0, POSTURE_LIMITS.changes).map(shownChange),
    hosts: hostsOf(source),
    findings: findings.slice(0, POSTURE_LIMITS.findings).map((finding) => {
      const { fingerprint } = finding;
      const signed = signedBy(fingerprint, borne);
      return { ...shownFinding(finding, entries[fingerprint], looked), signed };
    }),
  });
}
