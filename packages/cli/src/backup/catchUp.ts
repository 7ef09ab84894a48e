import type { ServiceName } from "../start/compartment.ts";
import { handRun, type Operated, type TakenRun } from "./operate.ts";

/** What the services lacked and gave each other. */
export interface CaughtUp {
  links: number;
  statements: number;
  stops: number;
  erased: number;
  lostWraps: { practice: string; vault: "who" | "what"; file: string; type: string; id: string }[];
}

function add(sum: CaughtUp, taken: TakenRun): void {
  sum.links += taken.links;
  sum.statements += taken.statements;
  sum.stops += taken.stops;
  sum.erased += taken.erased ?? 0;
}

/**
 * Brings the services of one practice up to each other: first the gate to what both vaults hold, then both vaults to what the
 * gate holds. `hasGateKeys`: without them the gate can open no half, and takes nothing.
 */
export async function catchUp(
  services: Readonly<Record<ServiceName, Operated>>,
  practices: readonly string[],
  { hasGateKeys }: { hasGateKeys: boolean },
): Promise<CaughtUp> {
  const sum: CaughtUp = { links: 0, statements: 0, stops: 0, erased: 0, lostWraps: [] };
  for (const practice of practices) {
    for (const vault of hasGateKeys ? (["who", "what"] as const) : []) {
      const from = { service: services[vault], words: ["export", practice] };
      add(sum, await handRun(from, { service: services.gate, words: ["import", practice] }));
    }
    for (const vault of ["who", "what"] as const) {
      const from = { service: services.gate, words: ["export", practice, vault] };
      const taken = await handRun(from, { service: services[vault], words: ["import", practice] });
      add(sum, taken);
      for (const { file, subject } of taken.lostWraps ?? [])
        sum.lostWraps.push({ practice, vault, file, ...subject });
    }
  }
  return sum;
}
