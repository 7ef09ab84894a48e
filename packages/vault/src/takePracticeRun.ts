import type { PracticeId } from "@sinetti/core";

import { foldRun, type FoldedRun, type Trust } from "./policy/practiceRun.ts";
import { readState, writeRun } from "./store/practices.ts";
import { bumpStops, endStops } from "./store/stops.ts";
import type { Tx } from "./store/transaction.ts";

/** Takes a contiguous run of the practice chain; what is held already is passed over. */
export async function takePracticeRun(
  tx: Tx,
  links: Parameters<typeof foldRun>[1],
  { practice, trust }: { practice: PracticeId; trust: Trust },
): Promise<FoldedRun> {
  const known = await readState(tx, practice, { lock: true });
  const folded = foldRun(known?.state ?? null, links, { practice, trust });
  if (folded.links.length === 0) return folded;
  await writeRun(tx, folded.state, folded.links);
  if (await endStops(tx, practice, folded.orders)) await bumpStops(tx, practice);
  return folded;
}
