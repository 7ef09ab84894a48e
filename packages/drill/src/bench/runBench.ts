import type { Endpoints, FhirSource, World } from "@sinetti/client";
import type { Sql } from "postgres";

import { compareAppends } from "./appendWork.ts";
import { foundPractice } from "./benchPractice.ts";
import { compareCharts } from "./chartWork.ts";
import type { BenchRow } from "./compare.ts";
import { compareCsvImport } from "./csvWork.ts";
import { compareImport, rememberTraffic } from "./importWork.ts";
import { describeMachine } from "./machine.ts";
import { createPlainTables } from "./plainTables.ts";
import { compareRelease } from "./releaseWork.ts";
import { sampleBundles } from "./sampleBundle.ts";

export interface BenchOptions {
  /** Fresh services. */
  readonly endpoints: Endpoints;
  readonly installationCode: string;
  /** An empty database in the cluster of a vault, with at least 16 connections. */
  readonly plain: Sql;
  /** The world of a device that is new. */
  readonly world: World;
  /** FHIR R4 bundles, a patient each; invented ones when there are too few. */
  readonly bundles: readonly FhirSource[];
  readonly quick: boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** Asked between rows: true ends the bench with the rows that it has. */
  readonly isStopped: () => boolean;
}

export interface BenchReport {
  readonly machine: string;
  readonly rows: readonly BenchRow[];
}

const QUICK = {
  runs: 5,
  opens: 15,
  notes: 20,
  manyNotes: 160,
  bundles: 6,
  imports: 3,
  csv: { patients: 30, notes: 600 },
};
const FULL = {
  runs: 9,
  opens: 40,
  notes: 60,
  manyNotes: 480,
  bundles: 6,
  imports: 3,
  csv: { patients: 60, notes: 1800 },
};

/** Measures what the services reach beside plain SQL: the same rows, driver and durability, in the same run; `initSuite` comes first. */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { plain, endpoints, onProgress } = options;
  const size = options.quick ? QUICK : FULL;
  const needed = size.bundles * (size.imports + 1);
  const bundles =
    options.bundles.length < needed ? sampleBundles(needed) : options.bundles.slice(0, needed);
  const { world, traffic } = rememberTraffic(options.world);
  const client = await foundPractice(world, options);
  await createPlainTables(plain);
  const parts = { client, plain, endpoints, traffic };
  const { runs, notes, manyNotes } = size;
  const works: (() => Promise<BenchRow | BenchRow[]>)[] = [
    () => compareAppends(parts, { inFlight: 1, notes, runs, aim: null }),
    () => compareAppends(parts, { inFlight: 16, notes: manyNotes, runs, aim: ">= 0.25" }),
    () => compareCharts(parts, size.opens),
    () => compareImport(parts, { bundles, runs: size.imports }),
    () => compareCsvImport(parts, { ...size.csv, runs: size.imports }),
    () => compareRelease(parts, size.opens),
  ];
  const rows: BenchRow[] = [];
  onProgress(0, works.length);
  for (const [index, work] of works.entries()) {
    if (options.isStopped()) break;
    traffic.length = 0;
    rows.push(...[await work()].flat());
    onProgress(index + 1, works.length);
  }
  return { machine: describeMachine(), rows };
}
