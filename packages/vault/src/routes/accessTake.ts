import { VAULT_ROUTES, bytesToHash, sha256, type Shaped } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { acceptAccess } from "../policy/acceptances.ts";
import { Refusal, refuse } from "../problem.ts";
import { newFileRow } from "../store/files.ts";
import { inPractice } from "../store/transaction.ts";
import { takeAccess } from "../takeAccess.ts";

const { accessTake: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;

async function take(call: Call, request: Request): Promise<object> {
  const { vault, practice } = call;
  const { statements, acceptances, shares } = request;
  const known = (await vault.practices.find(practice)) ?? refuse("unknown-practice");
  const accepted = acceptAccess(known.state, { statements, acceptances });
  const words = acceptances.map((signed) => ({ hash: bytesToHash(sha256(signed)), signed }));
  const attempt = (): Promise<Awaited<ReturnType<typeof takeAccess>>> =>
    inPractice(vault.sql, practice, async (tx) => {
      const { state, restore } = await confirmCall(tx, call);
      const into = { practice: state, service: vault.service, mayLackWraps: restore !== null };
      return takeAccess(tx, into, { accepted, words, shares });
    });
  const taken = await attempt().catch((error: unknown) => {
    // Another request with the same statements may have used the wraps between two of our reads; then the file stands now.
    if (error instanceof Refusal && error.code === "wraps-missing") return attempt();
    throw error;
  });
  const created = [...taken.values()].filter(({ isNew }) => isNew);
  vault.fileRows.keep(
    practice,
    created.map(({ state }) => newFileRow(state)),
  );
  const held = vault.practices.peek(practice);
  const states = [...taken.values()].map(({ state }) => state);
  if (held !== null) vault.hints.filesChanged(held, states);
  return {};
}

export const accessTake: Handled<Request, object> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: take,
};
