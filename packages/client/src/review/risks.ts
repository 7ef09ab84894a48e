import {
  heldRights,
  phaseAt,
  policyAt,
  sitsInTeam,
  staffSize,
  type AccessState,
  type Compartment,
  type Grant,
  type MemberId,
  type PracticeState,
  type ReviewRisk,
  type TeamId,
} from "@sinetti/core";
import { isAlive, isOver, type StandingGrant } from "../lastHolder.ts";
import type { ReviewedFile } from "./chains.ts";

/** Seconds without an opening after which an access counts as unused. */
export const UNUSED_SECONDS = 90 * 86_400;

/** Who looks, at which time. */
export interface Looking {
  readonly practice: PracticeState;
  readonly reviewer: MemberId;
  /** Unix seconds. */
  readonly now: number;
  readonly week: number;
}

const JUSTIFIED: Record<Compartment, readonly Grant["reason"][]> = {
  identity: [
    "care",
    "supervision",
    "stand-in",
    "office",
    "billing",
    "handover",
    "response",
    "recovery",
  ],
  office: ["care", "office", "billing", "handover", "recovery"],
  schedule: ["care", "office", "stand-in", "handover", "staff", "recovery"],
  ledger: ["office", "billing", "handover", "recovery"],
  roster: ["recovery"],
  directory: ["staff", "recovery"],
  care: ["care", "supervision", "stand-in", "handover", "recovery", "consent"],
  portal: ["care", "stand-in", "handover", "recovery", "consent"],
  process: ["recovery"],
  incident: ["response", "recovery"],
  review: ["staff", "recovery"],
};

/**
 * When the subject's people opened the file last, and whether they went past a budget for it; null: never. To make a file is to
 * use it: its key is there without an opening.
 */
export function usesOf(
  { uses, access, createdAt }: Pick<ReviewedFile, "uses" | "access" | "createdAt">,
  { grant: { subject } }: StandingGrant,
  { practice }: Looking,
): { lastUsed: number | null; isExempt: boolean } {
  const own = uses.filter(({ member }) =>
    subject.type === "team"
      ? sitsInTeam(practice, { team: subject.id as TeamId, member })
      : subject.id === member,
  );
  const isMaker = practice.devices[access.creator]?.member === subject.id;
  const times = [...own.map(({ at }) => at), ...(isMaker ? [createdAt] : [])];
  const lastUsed = times.length === 0 ? null : Math.max(...times);
  return { lastUsed, isExempt: own.some((use) => use.isExempt) };
}

function isJustified(
  { compartment, creator }: AccessState,
  { subject, reason }: Grant,
  practice: PracticeState,
): boolean {
  const isCreators = subject.id === practice.devices[creator]?.member;
  return JUSTIFIED[compartment].includes(reason) || (isCreators && reason === "care");
}

/** Whether an access is the reviewer's, or that of a team in which they sit. */
export function isOwn(
  { subject }: Pick<Grant, "subject">,
  { practice, reviewer }: Looking,
): boolean {
  return subject.type === "team"
    ? sitsInTeam(practice, { team: subject.id as TeamId, member: reviewer })
    : subject.id === reviewer;
}

/** Whether the reviewer granted it first, in a practice where others could decide. */
export function isOwnGrant(
  { grantor }: Pick<StandingGrant, "grantor">,
  { practice, reviewer, week }: Looking,
): boolean {
  return grantor === reviewer && staffSize(practice, { week }) >= 3;
}

/** Everything that speaks against keeping a grant unseen, in the order in which `REVIEW_RISKS` names it. */
export function risksOf(file: ReviewedFile, held: StandingGrant, looking: Looking): ReviewRisk[] {
  const { access } = file;
  const { practice, week, now } = looking;
  const { grant } = held;
  const { lastUsed, isExempt } = usesOf(file, held, looking);
  const kept = isAlive(practice, grant) ? heldRights(access, practice, { grant }) : 0;
  const checks: [ReviewRisk, boolean][] = [
    ["unused", lastUsed === null || now - lastUsed > UNUSED_SECONDS],
    ["care-ended", phaseAt(access) === "closed"],
    ["left", kept === 0],
    ["too-wide", kept !== 0 && kept !== grant.rights],
    ["own", isOwn(grant, looking)],
    ["own-grant", isOwnGrant(held, looking)],
    ["unjustified", !isJustified(access, grant, practice)],
    ["over-policy", grant.expires > week + policyAt(practice).grantWeeks + 1],
    ["past-day", isOver(grant, week)],
    ["canary", file.isCanary],
    ["break-glass", isExempt],
  ];
  return checks.flatMap(([risk, isSo]) => (isSo ? [risk] : []));
}
