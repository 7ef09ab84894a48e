import { weekOf, type KeyEdge } from "@sinetti/core";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { lapsedGrants } from "../lapse.ts";
import { isOver, standingOf } from "../lastHolder.ts";
import { applyActs, type KeyAct } from "./apply.ts";
import { readReviewed } from "./chains.ts";
import type { ReviewRound } from "./round.ts";

/** How often a chain is read again that somebody else goes on writing. */
const WEIGH_TRIES = 3;

interface LeftEdge {
  /** Place of the edge in the snapshot. */
  readonly place: number;
  readonly edge: KeyEdge;
}

/** The accesses to records that nobody decided on, and whose day has passed. */
function leftOver({ world }: Context, { snapshot, decisions }: ReviewRound): LeftEdge[] {
  const week = weekOf(world.clock.now());
  const decided = new Set(decisions.map(({ edge }) => edge));
  return snapshot.edges.flatMap((each, place) =>
    each.kind === "key" && !decided.has(place) && isOver(each.edge, week)
      ? [{ place, edge: each.edge }]
      : [],
  );
}

/**
 * Takes away what a round leaves past its day and its grace, so that new entries have a key that its holders never had; what was
 * granted anew stays, and so does the last that opens a file or hands it on. What is taken was read again.
 */
export async function lapseLeft(context: Context, round: ReviewRound): Promise<void> {
  let left = leftOver(context, round);
  for (let tries = 0; left.length > 0 && tries < WEIGH_TRIES; tries++) {
    const ids = [...new Set(left.map(({ edge }) => edge.file))];
    const files = await readReviewed(context, { by: "files", files: ids });
    const now = { practice: context.practice.state, week: weekOf(context.world.clock.now()) };
    const acts = left.flatMap(({ place, edge }): KeyAct[] => {
      const access = files.get(edge.file)?.access;
      const held = access === undefined ? undefined : standingOf(access, edge.subject);
      const hasLapsed =
        access !== undefined && held !== undefined && lapsedGrants(access, now).includes(held);
      return hasLapsed ? [{ place, edge, verdict: "revoke", rights: 0, until: 0 }] : [];
    });
    const applied = await applyActs(context, acts, files);
    const again = applied.filter(({ outcome }) => outcome === "moved").map(({ act }) => act.place);
    left = left.filter(({ place }) => again.includes(place));
  }
}

/** The places of those accesses of a round that nobody decided on and that are really gone: the chains are read again. */
export async function lapsedEdges({ context }: Client, round: ReviewRound): Promise<Set<number>> {
  const left = leftOver(context, round);
  if (left.length === 0) return new Set();
  const ids = [...new Set(left.map(({ edge }) => edge.file))];
  const files = await readReviewed(context, { by: "files", files: ids });
  const gone = left.filter(({ edge }) => {
    // A file on which no grant stands any more is not among those that the gate lists.
    const access = files.get(edge.file)?.access;
    return access === undefined || standingOf(access, edge.subject) === undefined;
  });
  return new Set(gone.map(({ place }) => place));
}
