import { VAULT_ROUTES, checkResume, readOrder, type Shaped } from "@sinetti/core";

import { confirmCall, type Call, type Handled } from "../call.ts";
import { refuse } from "../problem.ts";
import { endRestore } from "../store/restores.ts";
import { bumpStops } from "../store/stops.ts";
import { inPractice } from "../store/transaction.ts";

const { resume: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;

/** Ends the stillness after a restore. The same order again changes nothing; one for another run is refused. */
async function resumeService(
  call: Call,
  { order: signed, approvals, lost }: Request,
): Promise<object> {
  const { vault, practice, week } = call;
  await inPractice(vault.sql, practice, async (tx) => {
    const held = await confirmCall(tx, call);
    if (held.restore === null) return;
    if (readOrder(signed).seen.seq >= held.state.heads.length) refuse("behind");
    const order = checkResume(held.state, signed, { approvals, lost, week });
    const { restore } = order.body;
    if (!(await endRestore(tx, practice, { restore, order: signed }))) refuse("not-found");
    await bumpStops(tx, practice);
  });
  await vault.practices.renew(practice);
  return {};
}

export const resume: Handled<Request, object> = {
  route,
  authors: ["device"],
  whileRestored: true,
  handle: resumeService,
};
