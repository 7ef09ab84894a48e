import { closeOverBreakGlass, type ClosedBreakGlass } from "@sinetti/posture";

import { withTarget, type PostureTarget } from "./postureTarget.ts";

const SAID: Record<ClosedBreakGlass["outcome"], string> = {
  closed: "its hours are over; it is ended",
  "owns-something": "its hours are over; nobody comes in by it, and something is still its own",
  "still-there": "its hours are over, AND IT COULD NOT BE ENDED",
};

/** Ends in each database whatever was opened for a time that is over; `targets` are as their superuser. Errors: those of `withTarget`. */
export async function endOverBreakGlass(
  targets: readonly PostureTarget[],
  { now, onLog }: { now: Date; onLog: (line: string) => void },
): Promise<void> {
  for (const target of targets) {
    const closed = await withTarget(target, (sql) => closeOverBreakGlass(sql, now));
    for (const { role, outcome } of closed)
      onLog(
        `${outcome === "still-there" ? "ALARM: " : ""}${target.name} ${role}: ${SAID[outcome]}`,
      );
  }
}
