import { VAULT_ROUTES, batchIdOf, hashWraps, type PracticeId, type Shaped } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { takeLateWraps } from "../lateWraps.ts";
import { refuse } from "../problem.ts";
import { keepBatchKeys } from "../store/batchKeys.ts";
import { inPractice, type Tx } from "../store/transaction.ts";
import { stageWraps, sweepStaged } from "../store/wraps.ts";

const { wrapsStage: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;

const STAGED_WEEKS = 5;

/** Once a week and practice is enough. */
const sweptWeeks = new WeakMap<Call["vault"], Map<PracticeId, number>>();

async function sweep(tx: Tx, { vault, practice, week }: Call): Promise<void> {
  const swept = sweptWeeks.get(vault) ?? new Map<PracticeId, number>();
  sweptWeeks.set(vault, swept);
  if (swept.get(practice) === week) return;
  await sweepStaged(tx, practice, week - STAGED_WEEKS);
  swept.set(practice, week);
}

async function stage(call: Call, { items, batchKeys }: Request): Promise<object> {
  const { vault, practice, week } = call;
  const staged = items.map((item) => ({ ...item, hash: hashWraps(item.wraps) }));
  if (batchKeys.some((key) => batchIdOf(practice, key) !== key.batch)) return refuse("malformed");
  await inPractice(vault.sql, practice, async (tx) => {
    const [held] = await Promise.all([
      confirmCall(tx, call),
      stageWraps(tx, practice, { items: staged, week }),
      keepBatchKeys(tx, practice, { keys: batchKeys, week }),
      sweep(tx, call),
    ]);
    if (held.restore !== null) await takeLateWraps(tx, practice, staged);
  });
  return {};
}

export const wrapsStage: Handled<Request, object> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: stage,
};
