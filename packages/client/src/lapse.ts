import {
  GRACE_WEEKS,
  LIMITS,
  RIGHTS,
  accessHead,
  accessOf,
  grantsAt,
  hashStatement,
  practiceHead,
  readStatement,
  weekOf,
  type AccessState,
  type FileId,
  type PracticeState,
  type Signed,
} from "@sinetti/core";
import { signAccessStatement } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { isRefusal, isRefused, mustWait } from "./errors.ts";
import { fetchFiles } from "./fetchFiles.ts";
import type { KnownFile } from "./fileCache.ts";
import { signOwnOrder } from "./giveOrder.ts";
import { isLastHolder, isOver, type StandingGrant } from "./lastHolder.ts";
import { submitAccess } from "./submitAccess.ts";

/** How often a chain is read again that somebody else goes on writing. */
const WEIGH_TRIES = 3;

/**
 * The grants of a file that nobody renewed, two weeks after their day and past any grace: to be taken away, so that the next entry
 * has a key that their holders never had. Never the last that opens the file, or hands it on.
 */
export function lapsedGrants(
  access: AccessState,
  now: { practice: PracticeState; week: number },
): StandingGrant[] {
  return grantsAt(access).filter(
    (held) => isOver(held.grant, now.week - GRACE_WEEKS) && !isLastHolder(access, held, now),
  );
}

/**
 * Takes away what has lapsed of a file that is about to be written in, where this member may; the vault then asks for a new epoch.
 * Asks nothing where nothing has lapsed. What cannot be done now is left for the next entry: no note waits for it.
 */
export async function lapseBeforeWrite(context: Context, file: KnownFile): Promise<void> {
  for (let tries = 0; tries < WEIGH_TRIES; tries++) {
    const lapsed = ownToTake(context, file);
    if (lapsed.length === 0 || (await isOnItsWay(context, file.file))) return;
    try {
      return await revokeAll(context, file, lapsed);
    } catch (error) {
      if (!isRefused(error) && !mustWait(error)) throw error;
      if (!isRefusal(error, "conflict", "stale-head")) return;
    }
    await context.practice.sync(context.services);
    await fetchFiles(context, [file], { boxes: false });
  }
}

function ownToTake({ practice, device, world }: Context, { access }: KnownFile): StandingGrant[] {
  const now = { practice: practice.state, week: weekOf(world.clock.now()) };
  const lapsed = lapsedGrants(access, now);
  if (lapsed.length === 0) return lapsed;
  const { member } = device.owner;
  const { standing } = accessOf(access, practice.state, { member, week: now.week });
  return (standing & RIGHTS.grant) === 0 ? [] : lapsed.slice(0, LIMITS.itemsPerBatch);
}

/** Whether an earlier try waits for a service that did not answer. */
async function isOnItsWay(context: Context, file: FileId): Promise<boolean> {
  const left = await context.outbox.left();
  return left.some(
    ({ item }) =>
      item.kind === "access" &&
      item.items.some(({ statement }) => readStatement(statement).statement.id === file),
  );
}

async function revokeAll(
  context: Context,
  { file, vault, access }: KnownFile,
  lapsed: readonly StandingGrant[],
): Promise<void> {
  const { practice, device } = context;
  const seen = practiceHead(practice.state);
  let head = accessHead(access);
  const items = lapsed.map(({ grant: { subject } }) => {
    const order: Signed = signOwnOrder(context, "revoke", { file, subject });
    const place = { practice: access.practice, file, device: device.owner.device, head };
    const act = { kind: "revoke" as const, body: { seen, order } };
    const statement = signAccessStatement(place, act, device.statement.secret);
    head = { seq: head.seq + 1, hash: hashStatement(statement) };
    return { statement, share: null, wraps: [] };
  });
  await submitAccess(context, { vault, items, batchKeys: [], isFirm: true });
}
