import type { OrderKind, PracticeId } from "@sinetti/core";

import type { Gate } from "./gate.ts";
import { waitingRestore, type PracticeView } from "./practiceView.ts";
import { allow } from "./problem.ts";
import { refreshView } from "./transaction.ts";

const DAY_SECONDS = 86_400;

/**
 * Orders that a restored gate still puts into the practice chain: stops, and what brings people back to a device so that two can
 * resume. A backup knows members who may have been ended since, so nothing that gives power is among them.
 */
const STILL_KINDS = new Set<OrderKind>([
  "freeze",
  "member.end",
  "device.end",
  "device.add",
  "member.rekey",
  "recover",
  "recovery.rotate",
]);

/** Whether the practice was restored and nobody has resumed it. */
export function isStill(view: PracticeView): boolean {
  return waitingRestore(view) !== null;
}

/** Whether nobody knows what was spent before: the lines after the backup are lost. */
export function isSpent({ restored }: PracticeView, time: number): boolean {
  return restored !== null && time < restored.at + DAY_SECONDS;
}

/** Refuses while the practice is still; another process of this gate may have resumed it. Error: `restored`. */
export async function checkMoving(gate: Gate, practice: PracticeId): Promise<void> {
  const known = gate.views.get(practice);
  if (known !== undefined && !isStill(known)) return;
  allow(!isStill(await refreshView(gate, practice)), "restored");
}

/** Refuses orders that a still practice does not take. Error: `restored`. */
export function checkStillKinds(view: PracticeView, kinds: readonly OrderKind[]): void {
  allow(!isStill(view) || kinds.every((kind) => STILL_KINDS.has(kind)), "restored");
}
