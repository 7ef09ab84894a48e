import { randomBytes } from "node:crypto";

import {
  acceptsLink,
  applyPracticeStatement,
  equalBytes,
  practiceHead,
  readOrderStatement,
  readStatement,
  startPractice,
  verifyAcceptance,
  WEEK_SECONDS,
  weekStart,
  type Link,
  type OrderId,
  type PracticeId,
  type PracticeState,
  type SignPublicKey,
} from "@sinetti/core";

import { allow } from "../problem.ts";
import type { Tx } from "../store/database.ts";
import { insertLink, type AcceptedLink } from "../store/linkStore.ts";
import { insertPractice, updatePractice } from "../store/practiceStore.ts";
import { sequenceStops } from "../store/stopStore.ts";

const CODE_BYTES = 32;

/** What links of a practice chain are taken into. */
export interface PracticeTake {
  readonly practice: PracticeId;
  /** This gate's own key: nothing counts that it has not signed itself. */
  readonly key: SignPublicKey;
  /** Unix seconds. */
  readonly now: number;
}

/** The week alone is known; the latest moment in it makes nobody older, and no freeze longer, than they are. */
function acceptedAt(week: number, now: number): number {
  return Math.min(now, weekStart(week) + WEEK_SECONDS - 1);
}

function readAccepted(
  { statement, acceptance }: AcceptedLink,
  { practice, key }: PracticeTake,
): { link: Link; week: number } {
  const link = readStatement(statement);
  const word = verifyAcceptance(acceptance, key, practice);
  const named = link.statement.seq === 0 ? { ...link.statement, id: practice } : link.statement;
  allow(acceptsLink(word, { ...link, statement: named }), "malformed");
  return { link, week: word.week };
}

async function begin(
  tx: Tx,
  { link, week }: { link: Link; week: number },
  { practice, key, now }: PracticeTake,
): Promise<PracticeState> {
  allow(link.statement.seq === 0, "behind");
  const state = startPractice(link.signed, { practice, week });
  allow(equalBytes(state.services.gate, key), "wrong-service");
  // The code that it spent is not known any more; the file of a rebuilt gate holds a fresh one.
  const code = randomBytes(CODE_BYTES);
  await insertPractice(tx, state, { genesisAt: acceptedAt(week, now), code });
  return state;
}

/** Takes links that were accepted before; those that are held are compared by hash. Gives the folded chain and how many are new. */
export async function takeLinks(
  tx: Tx,
  { state: before, links }: { state: PracticeState | null; links: readonly AcceptedLink[] },
  take: PracticeTake,
): Promise<{ state: PracticeState | null; fresh: number }> {
  let state = before;
  let fresh = 0;
  const sequenced: OrderId[] = [];
  for (const accepted of links) {
    const { link, week } = readAccepted(accepted, take);
    const { seq } = link.statement;
    const held = state?.heads[seq];
    allow(held === undefined || held === link.hash, "forked-chain");
    if (held !== undefined) continue;
    if (state === null) state = await begin(tx, { link, week }, take);
    else {
      allow(seq === practiceHead(state).seq + 1, "behind");
      applyPracticeStatement(state, link, { week });
      sequenced.push(readOrderStatement(link).order.id);
    }
    const place = { seq, hash: link.hash, acceptedAt: acceptedAt(week, take.now) };
    await insertLink(tx, take.practice, { ...accepted, ...place });
    fresh++;
  }
  if (state !== null && fresh > 0) await updatePractice(tx, state);
  if (sequenced.length > 0) await sequenceStops(tx, take.practice, sequenced);
  return { state, fresh };
}
