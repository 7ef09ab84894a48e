import { liveDevice, type DeviceId, type MemberId } from "@sinetti/core";

import { isMemberFrozen, isPracticeFrozen, isStopped, type PracticeView } from "./practiceView.ts";
import { allow } from "./problem.ts";
import type { StoredPasskey } from "./store/passkeyStore.ts";

/** So that whoever steals a live session cannot register a passkey and use it at once. */
const WAIT_SECONDS = 86_400;

/** Gate time from which a passkey may raise a budget. */
export function countsFrom({ addedAt }: Pick<StoredPasskey, "addedAt">): number {
  return addedAt + WAIT_SECONDS;
}

/** Whether the device that registered a passkey is still one of its member; what an ended one brought goes with it. */
export function isLive(
  view: PracticeView,
  { member, device }: { member: MemberId; device: DeviceId },
): boolean {
  return liveDevice(view.state, device)?.member === member && !isStopped(view, { member, device });
}

/** Whoever may open nothing changes nothing about what they may open. Error: `frozen`. */
export function checkUnfrozen(view: PracticeView, member: MemberId): void {
  const isFrozen = isPracticeFrozen(view) || isMemberFrozen(view, member);
  allow(!isFrozen && !view.blocked.has(member), "frozen");
}
