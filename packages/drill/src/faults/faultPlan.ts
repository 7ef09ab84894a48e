import type { Random } from "../synthetic/random.ts";

/** What can be hit, and how. */
export type Fault =
  | { readonly kind: "kill"; readonly target: string }
  | { readonly kind: "pause"; readonly target: string; readonly milliseconds: number };

const CALM_MS = [300, 1500] as const;
const PAUSE_MS = [200, 2500] as const;

/** The faults of a run, in order, each with the calm before it; the same seed gives the same. */
export function* planFaults(
  random: Random,
  targets: readonly string[],
): Generator<{ readonly afterMs: number; readonly fault: Fault }> {
  for (;;) {
    const afterMs = random.between(...CALM_MS);
    const target = random.pick(targets);
    const fault: Fault = random.chance(0.6)
      ? { kind: "kill", target }
      : { kind: "pause", target, milliseconds: random.between(...PAUSE_MS) };
    yield { afterMs, fault };
  }
}
