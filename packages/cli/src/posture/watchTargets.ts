import { setTimeout as sleep } from "node:timers/promises";

import {
  BreakGlassWatch,
  CopyWatch,
  SessionsUnseenError,
  type BreakGlassEvent,
  type CopyEvent,
} from "@sinetti/posture";

import { UsageError } from "../inputError.ts";
import { withTarget, type PostureTarget } from "./postureTarget.ts";

const EVERY_MS = 5000;
/** How soon an interrupt is noticed. */
const STEP_MS = 200;

export interface WatchOptions {
  readonly isOver: () => boolean;
  readonly onEvent: (event: CopyEvent & { readonly database: string }) => void;
  readonly onBreakGlass: (event: BreakGlassEvent & { readonly database: string }) => void;
}

/** Error: UsageError where the role would never see anybody. */
async function lookOf(watch: CopyWatch, { name }: PostureTarget): Promise<CopyEvent[]> {
  try {
    return await watch.look();
  } catch (cause) {
    if (cause instanceof SessionsUnseenError)
      throw new UsageError(`${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

async function watchOne(
  target: PostureTarget,
  { isOver, onEvent, onBreakGlass }: WatchOptions,
): Promise<number> {
  const { name: database } = target;
  return withTarget(target, async (sql) => {
    const watch = new CopyWatch(sql);
    const temporary = new BreakGlassWatch(sql);
    let looks = 0;
    for (;;) {
      for (const event of await lookOf(watch, target)) onEvent({ ...event, database });
      for (const event of await temporary.look(new Date())) onBreakGlass({ ...event, database });
      looks += 1;
      for (let waited = 0; waited < EVERY_MS && !isOver(); waited += STEP_MS) await sleep(STEP_MS);
      if (isOver()) return looks;
    }
  });
}

/** Looks every five seconds at who copies data out of each target, and who was let in for a time; gives the number of looks. */
export async function watchTargets(
  targets: readonly PostureTarget[],
  options: WatchOptions,
): Promise<number> {
  const looks = await Promise.all(targets.map((target) => watchOne(target, options)));
  return Math.min(...looks);
}
