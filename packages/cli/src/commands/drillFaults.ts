import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { initSuite } from "@sinetti/core";
import { runFsck, type Broken } from "@sinetti/drill";
import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { FaultRun, type FaultReport } from "../faults/runFaults.ts";
import { UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import type { Shell } from "../shell.ts";
import type { RunningSystem } from "../start/startSystem.ts";
import { findStores, ownMigrations } from "../start/storeAddresses.ts";
import { withTemporarySystem } from "../start/temporarySystem.ts";
import { addCommand, type Words } from "./command.ts";

const DEFAULT_MINUTES = 5;
const DEFAULT_CLIENTS = 3;
const SECOND_LOOK_SECONDS = 5;

/** `sinetti drill faults`. */
export function addFaultsCommand(drill: Command): void {
  addCommand(drill, {
    usage: "faults",
    summary:
      "Kill, pause and cut off the parts of a temporary system under load, and prove that nothing was lost",
    options: [
      ["--minutes <number>", `how long; ${DEFAULT_MINUTES} when left out`],
      ["--clients <number>", `devices at work; ${DEFAULT_CLIENTS} when left out`],
      ["--seed <text>", "the faults of an earlier run again; printed by each run"],
    ],
    example: "sinetti drill faults --minutes 5 --seed 2026",
    run,
  });
}

function readNumber(text: string | undefined, option: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!/^\d{1,4}(\.\d+)?$/.test(text) || value <= 0)
    throw new UsageError(`--${option}: a number above 0`);
  return value;
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const seconds = 60 * readNumber(words.text("minutes"), "minutes", DEFAULT_MINUTES);
  const clients = Math.ceil(readNumber(words.text("clients"), "clients", DEFAULT_CLIENTS));
  const seed = words.text("seed") ?? randomBytes(4).toString("hex");
  await initSuite((length) => randomBytes(length));
  return withTemporarySystem("faults", async (system) => {
    const report = await shell.output.progress((onProgress) =>
      new FaultRun({
        system,
        folder: join(system.data, "clients"),
        seconds,
        seed,
        clients,
        onProgress,
        isStopped: () => shell.interrupt.isAsked,
      }).run(),
    );
    const broken = await verify(system);
    const isSound =
      report.anomalies.length + broken.length + report.stillWaiting + report.unknownReleases === 0;
    return {
      json: { ...report, broken },
      text: reportText(report, broken),
      exit: isSound ? EXIT.done : EXIT.verification,
    };
  });
}

/** Every chain, box, wrap, share and log line of the three databases, after all that. */
async function verify(system: RunningSystem): Promise<readonly Broken[]> {
  const { broken } = await runFsck({
    addresses: findStores(system.data),
    migrations: ownMigrations(),
    practice: null,
    threads: 1,
    secondLookSeconds: SECOND_LOOK_SECONDS,
    onProgress: () => undefined,
  });
  return broken;
}

function reportText(report: FaultReport, broken: readonly Broken[]): string {
  const { anomalies } = report;
  const tally = (why: string): number => anomalies.filter((each) => each.why === why).length;
  const others = anomalies.length - tally("lost") - tally("doubled") - tally("reordered");
  const counts = (of: Readonly<Record<string, number>>): string[][] =>
    Object.entries(of)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => [`  ${what}`, String(times)]);
  return [
    `${tally("lost")} lost, ${tally("doubled")} doubled, ${tally("reordered")} reordered, ${others} otherwise wrong.`,
    `${report.acknowledged} pieces of work acknowledged, ${report.unacknowledged} cut off; ` +
      `${report.stillWaiting} still waiting, ${report.unknownReleases} releases that nobody asked for, ${broken.length} broken in the databases.`,
    "What was done to it:",
    table(counts(report.faults)),
    "What clients were told meanwhile:",
    table(counts(report.failures)),
    ...anomalies.map(({ why, where }) => `${why}: ${where}`),
    ...broken.map(({ what, table: name, where }) => `${what}: ${name} ${where}`),
    `The same faults again: sinetti drill faults --seed ${report.seed}`,
  ].join("\n");
}
