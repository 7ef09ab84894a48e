import { VAULT_ROUTES, bytesToHash, sha256, type AccessState, type Shaped } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { acceptAccess } from "../policy/acceptances.ts";
import type { FoldedFile } from "../policy/accessFold.ts";
import { withStops } from "../policy/fileRights.ts";
import type { Held } from "../practiceStates.ts";
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
  const attempt = (): Promise<{ files: FoldedFile[]; heard: AccessState[] }> =>
    inPractice(vault.sql, practice, async (tx) => {
      const held = await confirmCall(tx, call);
      const { state, restore } = held;
      const into = { practice: state, service: vault.service, mayLackWraps: restore !== null };
      const folded = await takeAccess(tx, into, { accepted, words, shares });
      const files = [...folded.values()];
      return { files, heard: files.map((file) => heardOf(held, file)) };
    });
  const taken = await attempt().catch((error: unknown) => {
    // Another request with the same statements may have used the wraps between two of our reads; then the file stands now.
    if (error instanceof Refusal && error.code === "wraps-missing") return attempt();
    throw error;
  });
  const created = taken.files.filter(({ isNew }) => isNew);
  vault.fileRows.keep(
    practice,
    created.map(({ state }) => newFileRow(state)),
  );
  const held = vault.practices.peek(practice);
  if (held !== null) vault.hints.filesChanged(held, taken.heard);
  return {};
}

/** By whose holders a file is heard of; who loses a grant is among them, unless a stop has told them. */
function heardOf(held: Held, { state, before }: FoldedFile): AccessState {
  return before === null ? state : withStops(held, before);
}

export const accessTake: Handled<Request, object> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: take,
};
