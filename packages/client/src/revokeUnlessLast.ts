import { practiceHead, weekOf, type FileId, type Signed, type Subject } from "@sinetti/core";
import { finishRevokes, sequenceRevoke, signFileAct } from "./changeAccess.ts";
import type { Context } from "./context.ts";
import { ClientError, isRefusal } from "./errors.ts";
import { fetchFiles } from "./fetchFiles.ts";
import type { FileRef } from "./fileBook.ts";
import { sendStop, signOwnOrder } from "./giveOrder.ts";
import { readAccess, type HeldAccess } from "./heldAccess.ts";
import { isLastHolder, standingOf } from "./lastHolder.ts";
import { submitAccess } from "./submitAccess.ts";

/** How often a chain is read again that somebody else goes on writing. */
const WEIGH_TRIES = 5;

/**
 * Takes a subject's grants on files away, each after its chain as it was weighed; gives the files on which one stood. Error:
 * `refused` with `last-holder`, and nothing is taken, where nobody else could open a file, or hand it on.
 */
export async function revokeUnlessLast(
  context: Context,
  refs: readonly FileRef[],
  subject: Subject,
): Promise<FileId[]> {
  await context.practice.syncIfReachable(context.services);
  await finishRevokes(context, refs);
  const held: HeldAccess[] = [];
  for (const vault of ["who", "what"] as const) {
    const own = refs.filter((ref) => ref.vault === vault);
    const fetched = await fetchFiles(context, own, { boxes: false });
    held.push(...[...fetched.values()].map(({ file }) => file));
  }
  const files = held.filter((file) => isHeld(context, file, subject));
  for (const file of files) await revokeWeighed(context, file, subject);
  return files.map(({ file }) => file);
}

/** Whether the subject holds it. Error: `refused` where nobody else does. */
function isHeld({ practice, world }: Context, { access }: HeldAccess, subject: Subject): boolean {
  const grant = standingOf(access, subject);
  if (grant === undefined) return false;
  const now = { practice: practice.state, week: weekOf(world.clock.now()) };
  if (isLastHolder(access, grant, now)) throw new ClientError("refused", { detail: "last-holder" });
  return true;
}

async function revokeWeighed(
  context: Context,
  weighed: HeldAccess,
  subject: Subject,
): Promise<void> {
  const { file, vault } = weighed;
  let held = weighed;
  for (let tries = 0; ; tries++) {
    const order = signOwnOrder(context, "revoke", { file, subject });
    try {
      return await submitRevoke(context, held, order);
    } catch (error) {
      // No service waits for another to stop somebody: without the gate, the vault obeys the order itself.
      if (error instanceof ClientError && error.code === "unreachable")
        return sendStop(context, { order, vault }, () => sequenceRevoke(context, held, order));
      if (!isRefusal(error, "conflict", "stale-head") || tries >= WEIGH_TRIES) throw error;
    }
    held = await readAccess(context, file);
    if (!isHeld(context, held, subject)) return;
  }
}

async function submitRevoke(context: Context, held: HeldAccess, order: Signed): Promise<void> {
  const body = { seen: practiceHead(context.practice.state), order };
  const statement = signFileAct(context, held, { kind: "revoke", body });
  await submitAccess(context, {
    vault: held.vault,
    items: [{ statement, share: null, wraps: [] }],
    batchKeys: [],
    isFirm: true,
  });
}
