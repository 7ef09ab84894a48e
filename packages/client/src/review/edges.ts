import {
  GRACE_WEEKS,
  grantsAt,
  REVIEW_RISKS,
  weekOf,
  type FileId,
  type KeyEdge,
  type ReviewEdge,
  type ReviewRisk,
} from "@sinetti/core";
import type { Context } from "../context.ts";
import type { ReviewedFile } from "./chains.ts";
import { isLastHolder, isOver, type StandingGrant } from "../lastHolder.ts";
import { isOwn, isOwnGrant, risksOf, usesOf, type Looking } from "./risks.ts";

/** Weeks before its end in which an access wants a review. */
export const DUE_WEEKS = 2;
const RECENT_SECONDS = 30 * 86_400;

/**
 * Where an access stands: `due` ends within two weeks; `grace`: past its day and used lately, so it still opens, with an alarm;
 * `asleep`: the last holder's, which opens only with another's consent; `over`: opens no more, and can still be renewed; `lapsed`: gone
 * from its chain.
 */
export type EdgeState = "active" | "due" | "grace" | "asleep" | "over" | "lapsed";

/** Who looks through a round, now. */
export function lookingOf({ practice, device, world }: Context): Looking {
  const now = Math.floor(world.clock.now());
  return { practice: practice.state, reviewer: device.owner.member, now, week: weekOf(now) };
}

/**
 * The grants of members and teams on the files of a review, as a snapshot holds them. What the officers share of rounds is none:
 * no round prolongs it, so it ends by itself.
 */
export function edgesOf(files: ReadonlyMap<FileId, ReviewedFile>, looking: Looking): KeyEdge[] {
  const reviewed = [...files.values()].filter(({ access }) => access.compartment !== "review");
  return reviewed.flatMap((file) =>
    grantsAt(file.access)
      .filter(({ grant }) => grant.subject.type === "member" || grant.subject.type === "team")
      .map((held) => edgeOf(file, held, looking)),
  );
}

/**
 * An access of a snapshot with what speaks against it for whoever looks now: the one who opened the round froze what was their own
 * and granted by themselves.
 */
export function edgeFor(each: ReviewEdge, looking: Looking): ReviewEdge {
  if (each.kind !== "key") return each;
  const { edge } = each;
  const isTheirs: Partial<Record<ReviewRisk, boolean>> = {
    own: isOwn(edge, looking),
    "own-grant": isOwnGrant(edge, looking),
  };
  const risks = REVIEW_RISKS.filter((risk) => isTheirs[risk] ?? edge.risks.includes(risk));
  return { kind: "key", edge: { ...edge, risks } };
}

/** One grant as a snapshot holds it. */
export function edgeOf(file: ReviewedFile, held: StandingGrant, looking: Looking): KeyEdge {
  const { access } = file;
  const { subject, rights, term, expires, reason } = held.grant;
  return {
    file: access.file,
    compartment: access.compartment,
    subject,
    rights,
    term,
    expires,
    reason,
    grantor: held.grantor,
    isLast: isLastHolder(access, held, looking),
    lastUsed: usesOf(file, held, looking).lastUsed,
    risks: risksOf(file, held, looking),
  };
}

/** Where an access stands in a week; `isGone`: its chain was read again, and has it no more. */
export function edgeState(
  edge: KeyEdge,
  { week, now, isGone = false }: Pick<Looking, "week" | "now"> & { isGone?: boolean },
): EdgeState {
  if (isGone) return "lapsed";
  if (!isOver(edge, week))
    return edge.expires !== 0 && edge.expires - week <= DUE_WEEKS ? "due" : "active";
  const isRecent = edge.lastUsed !== null && now - edge.lastUsed <= RECENT_SECONDS;
  if (edge.compartment === "care" && isRecent && week < edge.expires + GRACE_WEEKS) return "grace";
  return edge.isLast ? "asleep" : "over";
}

/** Whether an access may be kept together with others: nothing speaks against it. */
export function isLowRisk({ risks }: { readonly risks: readonly ReviewRisk[] }): boolean {
  return risks.length === 0;
}
