import { weekOf, weekStart } from "@sinetti/core";
import type { Client } from "../client.ts";
import { listGranted } from "../records/practiceFiles.ts";
import { readReviewed } from "./chains.ts";
import { DUE_WEEKS, edgesOf, lookingOf } from "./edges.ts";
import { isOver } from "../lastHolder.ts";
import { listRounds } from "./round.ts";
import { unheldFiles } from "./unheld.ts";

/** Weeks after which accesses are to be looked through again. */
export const REVIEW_WEEKS = 13;

/** What a privacy officer has to look through. */
export interface ReviewReminder {
  /** Accesses that end within two weeks unless somebody decides, those past their day among them. */
  readonly ending: number;
  /** ISO date of the Monday on which the first of them ends or ended; null: none. */
  readonly first: string | null;
  /** Records that nobody who is there may hand on: only the trustees give them back. */
  readonly unheld: number;
  /** Rounds that were opened and not closed. */
  readonly open: number;
  /** ISO date of the Monday of the week in which a round was closed last; null: never. */
  readonly lastClosed: string | null;
  /** Whether the last one is longer ago than grants live. */
  readonly isOverdue: boolean;
}

function dayOf(week: number): string {
  return new Date(weekStart(week) * 1000).toISOString().slice(0, 10);
}

/** What is to be reviewed now. ServiceRefusal `not-authorised` for who is no privacy officer. */
export async function reviewReminder(client: Client): Promise<ReviewReminder> {
  const { context } = client;
  const looking = lookingOf(context);
  const endsBy = looking.week + DUE_WEEKS;
  const files = await readReviewed(context, { by: "ending", endsBy });
  const ending = edgesOf(files, looking).filter((edge) => isOver(edge, endsBy));
  const first = ending.reduce((week, { expires }) => Math.min(week, expires), Infinity);
  const rounds = listRounds(client.practice);
  const closed = rounds.reduce<number | null>(
    (last, { closed: end }) => (end === null ? last : Math.max(last ?? 0, end.week)),
    null,
  );
  const since = closed ?? client.practice.genesisWeek;
  return {
    ending: ending.length,
    first: ending.length === 0 ? null : dayOf(first),
    unheld: (await unheldFiles(client)).length,
    open: rounds.filter(({ closed: end }) => end === null).length,
    lastClosed: closed === null ? null : dayOf(closed),
    isOverdue: looking.week - since >= REVIEW_WEEKS,
  };
}

/** Own accesses that end within two weeks unless a privacy officer renews them. */
export interface EndingAccess {
  readonly count: number;
  /** ISO date of the Monday on which the first ends; null: none. */
  readonly first: string | null;
}

/** What of this member's own accesses ends soon; read from the vaults' lists, nothing is opened. */
export async function endingAccess({ context }: Client): Promise<EndingAccess> {
  const endsBy = weekOf(context.world.clock.now()) + DUE_WEEKS;
  const lists = await Promise.all([listGranted(context, "who"), listGranted(context, "what")]);
  const ending = lists.flat().filter(({ expires }) => expires !== 0 && expires <= endsBy);
  const first = ending.reduce((week, { expires }) => Math.min(week, expires), Infinity);
  return { count: ending.length, first: ending.length === 0 ? null : dayOf(first) };
}
