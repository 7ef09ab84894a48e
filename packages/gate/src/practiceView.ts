import {
  authorKey,
  couldStand,
  decodeShape,
  encodeShape,
  equalBytes,
  liveDevice,
  liveFreezes,
  practiceHead,
  practiceStateShape,
  rolesAt,
  type Author,
  type DeviceId,
  type MemberId,
  type Order,
  type PracticeId,
  type PracticeState,
  type RestoreId,
  type Role,
  type SignPublicKey,
} from "@sinetti/core";

import { allow } from "./problem.ts";
import type { Restored } from "./store/restoreStore.ts";

/** What the gate knows of a practice at one moment: the folded chain, and what acts beside it. Never changed in place. */
export interface PracticeView {
  readonly practice: PracticeId;
  readonly state: PracticeState;
  /** Counts the changes of `stops` and `blocked`. */
  readonly overlay: number;
  /** Stop orders that arrived and are not sequenced. */
  readonly stops: readonly Order[];
  /** Members whose releases wait since they opened a canary. */
  readonly blocked: ReadonlyMap<MemberId, number>;
  /** The last run that brought the practice back; null: none ever did. */
  readonly restored: Restored | null;
}

/** Who signed a request. */
export interface Caller {
  readonly author: Author;
  readonly key: SignPublicKey;
  readonly member: MemberId | null;
  readonly device: DeviceId | null;
}

/** The signer of a request by the newest chain, or null. */
export function findCaller({ state }: PracticeView, author: Author): Caller | null {
  if (author.by === "device") {
    const device = liveDevice(state, author.id as DeviceId);
    if (device === null) return null;
    return { author, key: device.requestKey, member: device.member, device: device.id };
  }
  if (author.by === "kit" && rolesAt(state, author.id as MemberId).length === 0) return null;
  return { author, ...authorKey(state, author), device: null };
}

/** The stops that act beside this state: it does not carry them, and still could. */
export function actingStops(state: PracticeState, stops: readonly Order[]): Order[] {
  return stops.filter((stop) => state.orders[stop.id] === undefined && couldStand(state, stop));
}

/** Whether an unsequenced stop ended this device or its member. */
export function isStopped(
  { stops }: PracticeView,
  { device, member }: Pick<Caller, "device" | "member">,
): boolean {
  return stops.some(
    (stop) =>
      (stop.kind === "device.end" && stop.body.device === device) ||
      (stop.kind === "member.end" && stop.body.member === member),
  );
}

/** Refuses a caller that the newest view no longer knows by the key that signed. */
export function checkStillLive(view: PracticeView, caller: Caller): void {
  const now = findCaller(view, caller.author);
  allow(now !== null && equalBytes(now.key, caller.key) && !isStopped(view, now), "not-authorised");
}

/** Whether a freeze is in force on this member alone; a freeze of the whole practice is another thing. */
export function isMemberFrozen(view: PracticeView, member: MemberId): boolean {
  return (
    view.stops.some((stop) => stop.kind === "freeze" && stop.body.member === member) ||
    liveFreezes(view.state, member).some(({ freeze }) => freeze.member === member)
  );
}

/** Whether a freeze is in force on the whole practice. */
export function isPracticeFrozen({ state, stops }: PracticeView): boolean {
  return (
    stops.some((stop) => stop.kind === "freeze" && stop.body.member === null) ||
    Object.values(state.freezes).some(
      (freeze) => freeze.thawedSeq === null && freeze.member === null,
    )
  );
}

/** A privacy officer, unless somebody stopped them: which files are canaries helps whoever has a stolen device past them. */
export function mayKnowCanaries(view: PracticeView, member: MemberId): boolean {
  return (
    hasRole(view, member, "privacy") && !isMemberFrozen(view, member) && !view.blocked.has(member)
  );
}

/** The run after which the practice is still; null: it moves. */
export function waitingRestore({ restored }: PracticeView): RestoreId | null {
  return restored === null || restored.isResumed ? null : restored.restore;
}

/** The live device's member; other signers have no business on the route. */
export function memberOf({ member, device }: Caller): { member: MemberId; device: DeviceId } {
  allow(member !== null && device !== null, "not-authorised");
  return { member, device };
}

/** Whether the member has the role now. */
export function hasRole({ state }: PracticeView, member: MemberId, role: Role): boolean {
  return rolesAt(state, member).includes(role);
}

/** Seq of the newest statement. */
export function headSeq({ state }: PracticeView): number {
  return practiceHead(state).seq;
}

/** A state of its own, for a fold that may fail. */
export function clonePracticeState(state: PracticeState): PracticeState {
  return decodeShape(practiceStateShape, encodeShape(practiceStateShape, state));
}
