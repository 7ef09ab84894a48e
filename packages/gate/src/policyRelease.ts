import {
  accessOf,
  epochAt,
  FILE_AUTHORITY,
  phaseAt,
  policyAt,
  RIGHTS,
  weekOf,
  type BudgetClass,
  type DeviceId,
  type FileId,
  type MemberId,
  type Outcome,
  type Purpose,
} from "@sinetti/core";

import { withoutStopped } from "./accessNow.ts";
import type { MemberBudget } from "./policyBudget.ts";
import { isMemberFrozen, isPracticeFrozen, type PracticeView } from "./practiceView.ts";
import type { StoredFile } from "./store/fileStore.ts";
import type { LogItem } from "./store/logStore.ts";

/** A second person's consent to openings that is live now. */
export interface LiveApproval {
  readonly index: number;
  readonly scope: "care" | "identity" | "files" | "all";
  readonly files: ReadonlySet<FileId>;
  /** Openings that it still covers. */
  left: number;
}

/** Everything that a decision rests on. */
export interface ReleaseCase {
  readonly view: PracticeView;
  readonly member: MemberId;
  readonly device: DeviceId;
  readonly purpose: Purpose;
  /** Gate time. */
  readonly time: number;
  readonly budget: MemberBudget;
  readonly approvals: readonly LiveApproval[];
  /** Files that the member opened in the last 30 days. */
  readonly recent: ReadonlySet<FileId>;
}

/** What is decided on one file. */
export interface Decision extends LogItem {
  /** Index of the approval that one opening was taken from. */
  readonly approval: number | null;
  /** Whether a budget has reached 80 %. */
  readonly warn: BudgetClass | null;
}

const DAY_SECONDS = 86_400;
const OWN_CREATION_SECONDS = 7 * DAY_SECONDS;
/** Purposes that a freeze lets through with another person's approval. */
const THROUGH_FREEZE = new Set<Purpose>(["crisis", "response"]);

interface Access {
  readonly outcome: "released" | "approval-needed" | "lapsed" | "not-granted";
  readonly inGrace: boolean;
}

function readAccess({ view, member, time, recent }: ReleaseCase, { state }: StoredFile): Access {
  const now = withoutStopped(view, state);
  const ask = { member, week: weekOf(time) };
  const plain = accessOf(now, view.state, ask);
  if ((plain.standing & RIGHTS.read) !== 0) return { outcome: "released", inGrace: false };
  const inGrace = accessOf(now, view.state, { ...ask, inGrace: recent.has(state.file) });
  if ((inGrace.standing & RIGHTS.read) !== 0) return { outcome: "released", inGrace: true };
  if ((plain.approved & RIGHTS.read) !== 0) return { outcome: "approval-needed", inGrace: false };
  const lapsed = (plain.lapsed & RIGHTS.read) !== 0;
  return { outcome: lapsed ? "lapsed" : "not-granted", inGrace: false };
}

function isCold(
  { view, time }: ReleaseCase,
  { state, createdAt, lastReleasedAt }: StoredFile,
): boolean {
  const usedAt = Math.max(createdAt, lastReleasedAt ?? 0);
  return phaseAt(state) === "closed" || time - usedAt > policyAt(view.state).coldDays * DAY_SECONDS;
}

function findApproval({ approvals }: ReleaseCase, { state }: StoredFile): LiveApproval | undefined {
  const { counted } = FILE_AUTHORITY[state.compartment];
  return approvals.find(
    ({ scope, files, left }) =>
      left > 0 &&
      (scope === "all" || scope === counted || (scope === "files" && files.has(state.file))),
  );
}

function isFrozen({ view, member }: ReleaseCase): boolean {
  return isPracticeFrozen(view) || isMemberFrozen(view, member) || view.blocked.has(member);
}

/** The first thing that speaks against an opening by itself; null: nothing does. */
function findObstacle(
  release: ReleaseCase,
  file: StoredFile,
  access: Access,
): "frozen" | "canary" | "approval-needed" | "cold" | "over-budget" | null {
  const { state } = file;
  const { counted } = FILE_AUTHORITY[state.compartment];
  if (isFrozen(release)) return "frozen";
  if (file.canary) return "canary";
  if (access.outcome === "approval-needed") return "approval-needed";
  if (counted === "not" || isOwnCreation(release, file)) return null;
  if (isCold(release, file)) return "cold";
  if (state.case === null) return null;
  return release.budget.weigh(counted, state.case).over === null ? null : "over-budget";
}

function isOwnCreation({ device, time }: ReleaseCase, { state, createdAt }: StoredFile): boolean {
  return state.creator === device && time - createdAt < OWN_CREATION_SECONDS;
}

function refused(file: StoredFile, outcome: Outcome): Decision {
  const { state } = file;
  return {
    file: state.file,
    epoch: epochAt(state).epoch,
    outcome,
    unit: state.case,
    class: FILE_AUTHORITY[state.compartment].counted,
    counted: false,
    exempt: null,
    approval: null,
    warn: null,
  };
}

function opened(release: ReleaseCase, file: StoredFile, exempt: LogItem["exempt"]): Decision {
  const base = { ...refused(file, "released"), exempt };
  const { class: budgetClass, unit } = base;
  if (budgetClass === "not" || budgetClass === null || unit === null) return base;
  if (isOwnCreation(release, file)) return { ...base, exempt: exempt ?? "created" };
  const { warn } = release.budget.weigh(budgetClass, unit);
  release.budget.spend(budgetClass, unit);
  return { ...base, counted: true, warn: warn ? budgetClass : null };
}

function decideFile(release: ReleaseCase, file: StoredFile): Decision {
  const { purpose, budget } = release;
  if (phaseAt(file.state) === "erased") return refused(file, "erased");
  const access = readAccess(release, file);
  if (access.outcome === "not-granted" || access.outcome === "lapsed")
    return refused(file, access.outcome);
  const obstacle = findObstacle(release, file, access);
  const grace = access.inGrace ? "grace" : null;
  if (obstacle === null) return opened(release, file, grace);
  const mayPass = obstacle !== "frozen" || THROUGH_FREEZE.has(purpose);
  const approval = mayPass ? findApproval(release, file) : undefined;
  // Approved bulk work goes past the invented patient, who must never be given out.
  if (approval !== undefined && obstacle === "canary" && purpose === "export")
    return refused(file, "not-granted");
  if (approval !== undefined) {
    approval.left--;
    return { ...refused(file, "released"), exempt: "approval", approval: approval.index };
  }
  const isCrisis = purpose === "crisis" && (obstacle === "cold" || obstacle === "over-budget");
  const { case: unit } = file.state;
  if (isCrisis && unit !== null && budget.takeCrisis(unit)) return opened(release, file, "crisis");
  return refused(file, obstacle);
}

function unknown(file: FileId, epoch: number): Decision {
  const nothing = {
    unit: null,
    class: null,
    counted: false,
    exempt: null,
    approval: null,
    warn: null,
  };
  return { file, epoch, outcome: "unknown-file", ...nothing };
}

/**
 * Decides on every file of a request, in its order; each opening is weighed with those before it. A canary among them
 * stops all of them: whoever enumerates grants gets nothing.
 */
export function decideRelease(
  release: ReleaseCase,
  items: readonly { file: FileId; epoch: number; stored: StoredFile | undefined }[],
): Decision[] {
  const decisions = items.map(({ file, epoch, stored }) =>
    stored === undefined ? unknown(file, epoch) : decideFile(release, stored),
  );
  if (decisions.every(({ outcome }) => outcome !== "canary")) return decisions;
  return decisions.map((decision) =>
    decision.outcome === "released"
      ? { ...decision, outcome: "frozen", counted: false, exempt: null, approval: null, warn: null }
      : decision,
  );
}
