import {
  equalBytes,
  type Author,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type Route,
} from "@sinetti/core";

import { findCaller, isFrozen, type Caller } from "./policy/caller.ts";
import type { Held } from "./practiceStates.ts";
import { refuse } from "./problem.ts";
import type { Tx } from "./store/transaction.ts";
import type { Vault } from "./vault.ts";

/** A request whose signature was checked. */
export interface Call {
  readonly vault: Vault;
  readonly practice: PracticeId;
  readonly caller: Caller;
  readonly week: number;
}

/** A route with what answers it. */
export interface Handled<Q, A> {
  readonly route: Route<Q, A>;
  /** Who may sign. */
  readonly authors: readonly Author["by"][];
  /** Vault `who` alone. */
  readonly whoOnly?: true;
  /** Also between a restore and its resumption, when the vault neither opens nor appends. */
  readonly whileRestored?: true;
  /** Where the author's key is looked up when it is not in what the vault holds already. */
  readonly findHeld?: (vault: Vault, practice: PracticeId, request: Q) => Promise<Held>;
  handle(call: Call, request: Q): Promise<A>;
}

/** A device that signed, and its member. */
export interface DeviceCaller {
  readonly member: MemberId;
  readonly device: DeviceId;
}

/** The newest state of the practice, in which the caller must still stand as when the signature was checked. */
export async function confirmCall(tx: Tx, { vault, practice, caller }: Call): Promise<Held> {
  const held = (await vault.practices.confirm(tx, practice)) ?? refuse("unknown-practice");
  checkStanding(held, caller);
  return held;
}

export function checkStanding(held: Held, caller: Caller): void {
  if (!equalBytes(findCaller(held, caller.author).key, caller.key)) refuse("bad-signature");
}

export function deviceOf({ caller: { member, device } }: Call): DeviceCaller {
  if (member === null || device === null) return refuse("not-authorised");
  return { member, device };
}

export function checkNotFrozen(held: Held, { caller }: Call): void {
  if (isFrozen(held, caller.member)) refuse("frozen");
}
