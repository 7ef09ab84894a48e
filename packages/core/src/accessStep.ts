import { accessOf, grantsAt, isSameSubject, type AccessState, type Grant } from "./accessState.ts";
import { RIGHTS } from "./authority.ts";
import type { MemberId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { seenShape, type Place } from "./order.ts";
import { knowsPlace, liveDevice, rolesAt, type PracticeState } from "./practiceState.ts";
import { verifyStatement, type Link } from "./statement.ts";

/** What a fold knows beside the chain: the practice, and the week of the gate's acceptance (null when replaying). */
export interface AccessContext {
  readonly practice: PracticeState;
  readonly week: number | null;
}

/** Who signed a statement, and the place of the practice chain that they had seen. */
export interface Author {
  readonly member: MemberId;
  readonly seen: Place;
}

/** One step of a fold: the place it gets, who takes it, and what is known beside the chain. */
export interface FoldStep {
  readonly seq: number;
  readonly author: Author;
  readonly context: AccessContext;
  /** Whether a carried order that needs a second person is judged by who is there now, not by who was at its own head. */
  readonly isNow?: boolean;
}

/** Checks that the signing device was live at the place that it cites, and its signature. Errors: `stale-head`, `not-authorised`, `bad-signature`. */
export function checkAuthor(link: Link, { practice }: AccessContext, seenAtLeast: number): Author {
  const seen = seenShape.decode(
    (link.statement.body instanceof Map ? link.statement.body.get("seen") : null) ?? null,
  );
  ensure(knowsPlace(practice, seen) && seen.seq >= seenAtLeast, "stale-head");
  const device = liveDevice(practice, link.statement.device, seen.seq);
  ensure(device !== null, "not-authorised");
  verifyStatement(link.signed, device.statementKey);
  return { member: device.member, seen };
}

/** The rights that stand by themselves for the author of a step. */
export function rightsOf(state: AccessState, { author, context }: FoldStep): number {
  const access = accessOf(state, context.practice, {
    member: author.member,
    week: context.week,
    practiceAt: author.seen.seq,
  });
  return access.standing;
}

/** Whether the author of a step looks after the file: a privacy officer, or who holds the right to grant it. */
export function looksAfter(state: AccessState, step: FoldStep): boolean {
  const { author, context } = step;
  const roles = rolesAt(context.practice, author.member, author.seen.seq);
  return roles.includes("privacy") || (rightsOf(state, step) & RIGHTS.grant) !== 0;
}

/** The grant of a subject that stands now. */
export function standing(
  state: AccessState,
  subject: Grant["subject"],
): AccessState["grants"][number] | undefined {
  return grantsAt(state).find(({ grant }) => isSameSubject(grant.subject, subject));
}
