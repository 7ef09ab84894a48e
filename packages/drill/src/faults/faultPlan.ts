import type { Random } from "../synthetic/random.ts";

/** What can be hit, and how. */
export type Fault =
  | { readonly kind: "kill"; readonly target: string }
  | { readonly kind: "pause"; readonly target: string; readonly milliseconds: number }
  /** `kills`: a process that has to stand up again while there is no room. */
  | {
      readonly kind: "fill";
      readonly target: string;
      readonly milliseconds: number;
      readonly kills: string | null;
    }
  /** Forward by `seconds`, or back, and right again after `milliseconds`; `kills`: a process that starts while it is wrong. */
  | {
      readonly kind: "jump";
      readonly target: string;
      readonly seconds: number;
      readonly milliseconds: number;
      readonly kills: string | null;
    };

/** What there is to hit. */
export interface FaultTargets {
  readonly processes: readonly string[];
  readonly disks: readonly string[];
  readonly clocks: readonly string[];
}

const CALM_MS = [300, 1500] as const;
const PAUSE_MS = [200, 2500] as const;
const FULL_MS = [1500, 4000] as const;
const JUMP_MS = [1500, 4500] as const;
/** A jump that nobody need look at: the gate takes up to five minutes. */
const SMALL_JUMP_SECONDS = [20, 290] as const;
const HOUR_SECONDS = 3600;
/** Short of a week, after which the gate counts a device's own records as cases like others. */
const LARGE_JUMP_HOURS = [1, 72] as const;
/** Each of these once in so many faults, so that a short run meets every kind too. */
const ROUND = ["kill", "fill", "jump", "kill", "pause", "kill", "far jump", "pause"] as const;

/** After so many, every kind has come. */
export const FAULTS_A_ROUND = ROUND.length;

/** The faults of a run, in order, each with the calm before it; the same seed gives the same. */
export function* planFaults(
  random: Random,
  targets: FaultTargets,
): Generator<{ readonly afterMs: number; readonly fault: Fault }> {
  for (;;) {
    const round = ROUND.map((kind) => ({ kind, at: random.fraction() }));
    for (const { kind } of round.toSorted((a, b) => a.at - b.at)) {
      const afterMs = random.between(...CALM_MS);
      yield { afterMs, fault: drawFault(random, kind, targets) };
    }
  }
}

function drawFault(
  random: Random,
  kind: (typeof ROUND)[number],
  { processes, disks, clocks }: FaultTargets,
): Fault {
  switch (kind) {
    case "kill":
      return { kind, target: random.pick(processes) };
    case "pause":
      return { kind, target: random.pick(processes), milliseconds: random.between(...PAUSE_MS) };
    case "fill": {
      const kills = random.chance(0.5) ? random.pick(processes) : null;
      const milliseconds = random.between(...FULL_MS);
      return { kind, target: random.pick(disks), milliseconds, kills };
    }
    case "jump":
      return drawJump(random, clocks, {
        seconds: random.between(...SMALL_JUMP_SECONDS),
        kills: [],
      });
    case "far jump": {
      const seconds = random.between(...LARGE_JUMP_HOURS) * HOUR_SECONDS;
      return drawJump(random, clocks, { seconds, kills: processes });
    }
    default:
      return kind satisfies never;
  }
}

function drawJump(
  random: Random,
  clocks: readonly string[],
  { seconds, kills }: { seconds: number; kills: readonly string[] },
): Fault {
  const services = kills.filter((name) => name.startsWith("service "));
  return {
    kind: "jump",
    target: random.pick(clocks),
    seconds: random.chance(0.5) ? seconds : -seconds,
    milliseconds: random.between(...JUMP_MS),
    kills: services.length > 0 && random.chance(0.5) ? random.pick(services) : null,
  };
}
