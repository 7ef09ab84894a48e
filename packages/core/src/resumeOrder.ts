import type { FileId, Hash, MemberId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { readOrder, seenShape, verifyOrder, type Order } from "./order.ts";
import { mayOrder } from "./practiceOrder.ts";
import { knowsPlace, type PracticeState } from "./practiceState.ts";
import { authorKey, checkSecondPerson, youthByWeek, type Youth } from "./quorum.ts";
import { type Shaped, encodeShape, id, list, nullable, record } from "./shape.ts";
import { hashLabelled, type Signed } from "./sign.ts";

/** Days that a backup is kept: what is erased now is in no backup any more after them. */
export const BACKUP_DAYS = 35;

/** Files whose record chains nobody has up to the reported head any more, with the head that is left. */
export const lostHeadsShape = list(record({ file: id<FileId>(), record: nullable(seenShape) }), {
  max: LIMITS.lostHeads,
});
/** What a resumption gives up; in the order of the files' ids. */
export type LostHeads = Shaped<typeof lostHeadsShape>;

/** SHA-256 of a list of lost heads, which the order names. */
export function hashLostHeads(lost: LostHeads): Hash {
  return hashLabelled(LABELS.lostHeads, encodeShape(lostHeadsShape, lost));
}

/**
 * Checks the order that ends the stillness after a restore, as a service does to which it is presented: author, second person
 * (as for a thaw, at once), the run of the restore, and the list that it gives up.
 * Errors: `malformed`, `wrong-practice`, `stale-head`, `bad-signature`, `not-authorised`, `second-person-missing`.
 */
export function checkResume(
  state: PracticeState,
  signed: Signed,
  {
    approvals,
    lost,
    week,
    youth,
  }: { approvals: readonly Signed[]; lost: LostHeads; week: number; youth?: Youth },
): Resume {
  const order = readOrder(signed);
  ensure(order.kind === "resume", "malformed");
  const named = lost.length === 0 ? null : hashLostHeads(lost);
  ensure(order.body.lost === named, "malformed");
  const author = checkResumeAuthor(state, signed);
  checkSecondPerson(state, {
    signed,
    order,
    approvals,
    author,
    week,
    youth: youth ?? youthByWeek(state, week),
  });
  return order;
}

/** An order that ends the stillness after a restore. */
export type Resume = Extract<Order, { kind: "resume" }>;

/** Checks everything of such an order but its second person, and gives the member behind it. Errors as `checkResume`. */
export function checkResumeAuthor(state: PracticeState, signed: Signed): MemberId | null {
  const order = readOrder(signed);
  ensure(order.practice === state.practice, "wrong-practice");
  ensure(knowsPlace(state, order.seen), "stale-head");
  const { key, member } = authorKey(state, order.author);
  verifyOrder(signed, key);
  ensure(order.kind === "resume" && mayOrder(state, order, member), "not-authorised");
  return member;
}
