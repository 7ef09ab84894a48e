import { performance } from "node:perf_hooks";

import type { Client } from "@sinetti/client";
import type { FileId, Secret } from "@sinetti/core";

import { describeMachine } from "../bench/machine.ts";
import { compareCost, costOfFill, type FillCost } from "../measure/cost.ts";
import { CpuWatch, cpuSeconds } from "../measure/cpu.ts";
import { PeakWatch, ownPeakBytes } from "../measure/peaks.ts";
import { databaseBytes, sealedBytes, type Sizes } from "../measure/sizes.ts";
import { INVENTED_PASSWORD } from "../synthetic/admitStaff.ts";
import { PatientIds } from "../synthetic/candidate.ts";
import { inventStaff, type PracticeWish } from "../synthetic/caseload.ts";
import { fillPractice, type Filled, type FillOptions } from "../synthetic/fillPractice.ts";
import { runControl, type Control } from "./control.ts";
import { robLive } from "./live/robLive.ts";
import { attackLockedDevice } from "./lockedDevice.ts";
import { ownNeedles } from "./needles.ts";
import { readPlantsBack } from "./readBack.ts";
import { robServers } from "./robServers.ts";
import type { RobbedSystem } from "./robbedSystem.ts";
import { Search } from "./search.ts";
import { searchFolder } from "./searchFolder.ts";
import { robLiveSessions } from "./session/liveThieves.ts";
import type { TheftReport, Thief } from "./theftReport.ts";
import { workADay } from "./workADay.ts";

/** What the drill is run with. */
export interface TheftOptions extends Omit<FillOptions, "onProgress" | "endpoints"> {
  readonly system: RobbedSystem;
  /** More work by the staff before the theft; gives strings that must be nowhere. */
  readonly alsoWrite: (client: Client) => Promise<readonly string[]>;
  /** What comes next; throwing ends the drill there. */
  readonly onStep: (step: string) => void;
  readonly onProgress: (done: number, total: number) => void;
}

const HELD_BACK = 3;

/** Fills a practice, steals everything from it as each thief would, and says what they got. */
export async function runTheft(options: TheftOptions): Promise<TheftReport> {
  const began = performance.now();
  const { wish, system, onStep, openDevice } = options;
  const { endpoints } = system;
  onStep("filling a practice of invented people");
  const { filled, fill, sealed } = await measureFill(options);
  const { caseloads } = inventStaff(wish);
  onStep("a day of work");
  const { importKey, pairs, needles: more } = await workADay(options);
  onStep("reading back what was planted");
  const readBack = await readPlantsBack({ wish, caseloads, endpoints }, openDevice);
  const needles = [...wish.plant, ...ownNeedles(wish), ...more];
  const robbed = await robServers(options, needles, pairs);
  const device = await stealDevice(options, importKey, needles);
  // Whoever comes after them finds a member whose openings were stopped, and budgets that are spent.
  const live = await robLiveSessions({ ...options, ...system });
  onStep("the control: the same unsealed");
  const { control, plain } = await controlOf(
    system,
    { wish, caseloads, authors: filled.authors, importKey, also: more },
    needles,
  );
  // The members whom they hire are no part of what was measured above.
  const last = await robLive(system, options);
  const thieves: Thief[] = [
    ...robbed.thieves,
    { id: "T3", yields: device },
    { id: "T4", yields: device },
    { id: "T5", yields: live.therapist },
    { id: "T6", yields: live.office },
    ...last,
  ];
  return {
    ...robbed.searched,
    planted: needles.length,
    plantedFromOutside: wish.plant.length,
    thieves,
    control,
    cost: compareCost(fill, control.plain, {
      sizes: { sealed, plain },
      drillPeakBytes: ownPeakBytes(),
    }),
    readBack,
    ...sizes(wish, filled),
    machine: describeMachine(),
    seconds: (performance.now() - began) / 1000,
  };
}

/** Fills the practice, and says what it took; how large it became is asked before anything else comes to it. */
async function measureFill(
  options: TheftOptions,
): Promise<{ filled: Filled; fill: FillCost; sealed: Sizes["sealed"] }> {
  const { system } = options;
  const [memory, processor] = [new PeakWatch(system.pids), new CpuWatch(system.pids)];
  const filled = await fillPractice({ ...options, endpoints: system.endpoints });
  const fill = costOfFill(filled, { peaks: memory.end(), cpu: processor.times });
  await system.settle();
  return { filled, fill, sealed: await sealedBytes(system.databases) };
}

const sizes = (
  { patients }: PracticeWish,
  { entries }: Filled,
): { patients: number; entries: number } => ({ patients, entries });

/** T3 and T4: a locked device, with every dump beside it; the gate is not there to be asked. */
async function stealDevice(
  { wish, system, openDevice, onStep }: TheftOptions,
  importKey: Secret<"import-key">,
  needles: readonly string[],
): Promise<Extract<Thief, { id: "T3" | "T4" }>["yields"]> {
  onStep("attacking a locked device");
  const search = new Search(needles);
  await searchFolder(search, system.devices, { name: "device", onFile: () => undefined });
  const [first] = inventStaff(wish).caseloads;
  if (first === undefined) throw new RangeError("a practice without patients has no device");
  const files = Array.from({ length: Math.min(HELD_BACK, wish.patients) }, (_, index): FileId =>
    new PatientIds(importKey, { seed: wish.seed, number: first.from + index }).file("care"),
  );
  const device = openDevice(first.therapist.device);
  try {
    const yields = await attackLockedDevice(device.world, {
      password: INVENTED_PASSWORD,
      endpoints: system.endpoints,
      files,
    });
    return { ...yields, found: search.hits.length };
  } finally {
    device.close();
  }
}

async function controlOf(
  system: RobbedSystem,
  source: Parameters<typeof runControl>[0],
  needles: readonly string[],
): Promise<{ control: Control; plain: Sizes["plain"] }> {
  const who = await system.openControl("who");
  const what = await system.openControl("what");
  try {
    const control = await runControl(source, needles, {
      databases: { who: who.sql, what: what.sql },
      databaseCpuSeconds: () =>
        cpuSeconds(
          ["who database", "what database"].flatMap((name) => system.pids().get(name) ?? []),
        ),
      searchFiles: async (search) => {
        await system.settle();
        for (const { folder } of [who, what])
          await searchFolder(search, folder, { name: "base/1", onFile: () => undefined });
      },
    });
    const plain = { who: await databaseBytes(who.sql), what: await databaseBytes(what.sql) };
    return { control, plain };
  } finally {
    await Promise.all([who.sql.end(), what.sql.end()]);
  }
}
