import {
  authorKey,
  isFrozenAt,
  liveDevice,
  type Author,
  type DeviceId,
  type MemberId,
  type Order,
  type SignPublicKey,
} from "@sinetti/core";

import { refuse } from "../problem.ts";
import type { Held } from "../practiceStates.ts";

/** Who has signed a request. */
export interface Caller {
  readonly author: Author;
  readonly key: SignPublicKey;
  /** Null: the paper code or the recovery key. */
  readonly member: MemberId | null;
  /** Null: not a device. */
  readonly device: DeviceId | null;
}

function isStopped(acting: readonly Order[], { member, device }: Caller): boolean {
  return acting.some(
    (order) =>
      (order.kind === "member.end" && order.body.member === member) ||
      (order.kind === "device.end" && order.body.device === device),
  );
}

/** The key that must have signed, or a refusal: a device nobody told us of may be in links that we lack. */
export function findCaller({ state, acting }: Held, author: Author): Caller {
  const caller = author.by === "device" ? deviceCaller(state, author) : keyCaller(state, author);
  if (isStopped(acting, caller)) refuse("not-authorised");
  return caller;
}

function deviceCaller(state: Held["state"], author: Author): Caller {
  const id = author.id as DeviceId;
  if (state.devices[id] === undefined) return refuse("behind");
  const device = liveDevice(state, id);
  if (device === null) return refuse("not-authorised");
  return { author, key: device.requestKey, member: device.member, device: id };
}

function keyCaller(state: Held["state"], author: Author): Caller {
  const { key, member } = authorKey(state, author);
  return { author, key, member, device: null };
}

/** Whether a freeze is in force on this member alone; a freeze of the whole practice is another thing. */
export function isMemberFrozen({ state, acting }: Held, member: MemberId): boolean {
  return (
    isFrozenAt(state, member) ||
    acting.some((order) => order.kind === "freeze" && order.body.member === member)
  );
}

/** Whether the practice or the caller is frozen, by the chain or by a stop that it does not carry yet. */
export function isFrozen({ state, acting }: Held, member: MemberId | null): boolean {
  const isFor = (target: MemberId | null): boolean => target === null || target === member;
  return (
    acting.some((order) => order.kind === "freeze" && isFor(order.body.member)) ||
    Object.values(state.freezes).some((freeze) => freeze.thawedSeq === null && isFor(freeze.member))
  );
}
