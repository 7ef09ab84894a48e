import { VAULT_ROUTES, practiceHead, type PracticeId } from "@sinetti/core";

import type { Call, Handled } from "../call.ts";
import { foldRun, type FoldedRun } from "../policy/practiceRun.ts";
import type { Held } from "../practiceStates.ts";
import { readState } from "../store/practices.ts";
import { inPractice } from "../store/transaction.ts";
import { takePracticeRun } from "../takePracticeRun.ts";
import type { Vault } from "../vault.ts";

type Request = Parameters<typeof takeRun>[1];

/** The practice as the run leaves it: its author's key may stand in the run itself. */
async function foldAhead(
  vault: Vault,
  practice: PracticeId,
  { links }: { links: Parameters<typeof foldRun>[1] },
): Promise<Held> {
  const known = await inPractice(vault.sql, practice, (tx) => readState(tx, practice));
  const { state } = foldRun(known?.state ?? null, links, { practice, trust: vault.trust });
  const held = await vault.practices.find(practice);
  const mark = { head: practiceHead(state), stopsVersion: 0 };
  return { state, mark, acting: held?.acting ?? [], restore: held?.restore ?? null };
}

async function takeRun(
  { vault, practice }: Call,
  { links }: { links: Parameters<typeof foldRun>[1] },
): Promise<FoldedRun> {
  const taken = await inPractice(vault.sql, practice, (tx) =>
    takePracticeRun(tx, links, { practice, trust: vault.trust }),
  );
  await vault.practices.renew(practice);
  return taken;
}

export const practiceTake: Handled<Request, { head: ReturnType<typeof practiceHead> }> = {
  route: VAULT_ROUTES.practiceTake,
  authors: ["device", "kit", "recovery", "code"],
  whileRestored: true,
  findHeld: foldAhead,
  handle: async (call, request) => ({ head: practiceHead((await takeRun(call, request)).state) }),
};
