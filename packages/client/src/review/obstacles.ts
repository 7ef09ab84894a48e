import {
  RIGHTS,
  staffSize,
  weekOf,
  type FileId,
  type KeyEdge,
  type ReviewDecision,
  type ReviewReason,
} from "@sinetti/core";
import type { Client } from "../client.ts";
import { standingOf } from "../lastHolder.ts";
import type { ReviewedFile } from "./chains.ts";
import { edgeOf, lookingOf } from "./edges.ts";

/** What a reviewer wishes for one edge. */
export interface EdgeWish {
  /** Place of the edge in the snapshot. */
  readonly edge: number;
  readonly verdict: ReviewDecision["verdict"];
  /** The rights that are left, of `narrow`. */
  readonly rights?: number;
  /** The week on whose Monday the access ends; the policy's longest when left out. */
  readonly until?: number;
  readonly reason: ReviewReason;
  /** Seconds that the reviewer took. */
  readonly seconds: number;
}

/** Why a wish was not carried out. */
export type DecisionRefusal =
  /** Nobody decides on their own access. */
  | "own"
  /** Whoever granted first does not decide that it goes on. */
  | "granted-by-reviewer"
  /** Something speaks against it, so it is not kept together with others. */
  | "risky"
  /** It is decided already. */
  | "decided"
  /** The access is not what it was when the round was opened. */
  | "changed"
  /** Nobody else could open the record, or hand it on. */
  | "last-holder"
  /** It is for some hours alone: end it, or let it end. */
  | "break-glass"
  /** It is wider than the role allows: narrow it. */
  | "too-wide"
  /** Nobody is there to keep it for. */
  | "left"
  /** A narrowing that takes nothing away, or more than there is. */
  | "not-narrower"
  /** The gate refused it. */
  | "refused";

/** A wish with the access that it is for, as the round froze it. */
export interface Weighed {
  readonly wish: EdgeWish;
  readonly edge: KeyEdge;
}

/** Whether nobody could open the record, or hand it on, once the wish were done. */
function takesLast({ verdict, rights = 0 }: EdgeWish, edge: KeyEdge): boolean {
  if (!edge.isLast || verdict === "keep") return false;
  return verdict === "revoke" || (edge.rights & ~rights & (RIGHTS.read | RIGHTS.grant)) !== 0;
}

/** The first thing that speaks against a wish, by what the round froze. */
export function findObstacle(
  { practice, member, context }: Client,
  { wish, edge, inBulk }: Weighed & { inBulk: boolean },
): DecisionRefusal | null {
  const { verdict, rights = 0 } = wish;
  const size = staffSize(practice, { week: weekOf(context.world.clock.now()) });
  const isSolo = size === 1;
  if (inBulk && (verdict !== "keep" || edge.risks.length > 0)) return "risky";
  if (edge.risks.includes("own") && verdict !== "revoke" && !isSolo) return "own";
  if (edge.risks.includes("left") && verdict !== "revoke") return "left";
  const isGrantor = edge.grantor === member && size >= 3;
  if (isGrantor && verdict !== "revoke") return "granted-by-reviewer";
  if (verdict === "keep" && edge.risks.includes("too-wide")) return "too-wide";
  const isNarrower = rights !== 0 && rights !== edge.rights && (rights & ~edge.rights) === 0;
  if (verdict === "narrow" && !isNarrower) return "not-narrower";
  return takesLast(wish, edge) ? "last-holder" : null;
}

/**
 * What speaks against a wish by the chains as they are now: the grant is another or gone, its subject or file has changed for
 * the worse, or nobody else is left. What time alone brings is no change.
 */
export function findChange(
  { context }: Client,
  { wish, edge }: Weighed,
  files: ReadonlyMap<FileId, ReviewedFile>,
): "changed" | "last-holder" | null {
  const file = files.get(edge.file);
  const held = file === undefined ? undefined : standingOf(file.access, edge.subject);
  if (file === undefined || held === undefined) return "changed";
  const now = edgeOf(file, held, lookingOf(context));
  const isSame =
    now.rights === edge.rights &&
    now.term === edge.term &&
    now.expires === edge.expires &&
    now.reason === edge.reason &&
    now.grantor === edge.grantor;
  const isWorse = (["care-ended", "left", "too-wide", "canary", "own"] as const).some(
    (risk) => now.risks.includes(risk) && !edge.risks.includes(risk),
  );
  if (!isSame || isWorse) return "changed";
  return takesLast(wish, now) ? "last-holder" : null;
}
