import { randomBytes } from "node:crypto";

import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { drillApart } from "../faults/drillApart.ts";
import type { FaultOutcome } from "../faults/faultTask.ts";
import { UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import type { Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";

const DEFAULT_MINUTES = 5;
const DEFAULT_CLIENTS = 3;
const FEWEST_CLIENTS = 2;

/** `sinetti drill faults`. */
export function addFaultsCommand(drill: Command): void {
  addCommand(drill, {
    usage: "faults",
    summary:
      "Kill, pause and cut off the parts of a temporary system under load, fill its disks, put its clocks off, and prove that nothing was lost",
    options: [
      ["--minutes <number>", `how long; ${DEFAULT_MINUTES} when left out`],
      [
        "--clients <number>",
        `members at work, the first on two devices; ${DEFAULT_CLIENTS} when left out`,
      ],
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
  if (clients < FEWEST_CLIENTS)
    throw new UsageError(`--clients: at least ${FEWEST_CLIENTS}, so that each has a colleague`);
  const seed = words.text("seed") ?? randomBytes(4).toString("hex");
  const outcome = await shell.output.progress((onProgress) =>
    drillApart({ seconds, seed, clients, onProgress, isStopped: () => shell.interrupt.isAsked }),
  );
  return {
    json: outcome,
    text: reportText(outcome),
    exit: isSound(outcome) ? EXIT.done : EXIT.verification,
  };
}

function isSound(outcome: FaultOutcome): boolean {
  const { anomalies, broken, wrongBudgets, stillWaiting, unknownReleases } = outcome;
  const wrong = anomalies.length + broken.length + wrongBudgets.length;
  return wrong + stillWaiting + unknownReleases === 0;
}

function reportText(report: FaultOutcome): string {
  const { anomalies, broken } = report;
  const tally = (why: string): number => anomalies.filter((each) => each.why === why).length;
  const others = anomalies.length - tally("lost") - tally("doubled") - tally("reordered");
  const counts = (of: Readonly<Record<string, number>>): string[][] =>
    Object.entries(of)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => [`  ${what}`, String(times)]);
  return [
    `${tally("lost")} lost, ${tally("doubled")} doubled, ${tally("reordered")} reordered, ${others} otherwise wrong.`,
    `${report.acknowledged} pieces of work acknowledged, ${report.unacknowledged} cut off, ${report.kept} cut off and kept by their device; ` +
      `${report.stillWaiting} still waiting, ${report.unknownReleases} releases that nobody asked for, ${broken.length} broken in the databases, ${report.wrongBudgets.length} budgets that are not what the log says.`,
    `An administrator confirmed the gate's clock ${report.confirmations} times; all else stood up by itself.`,
    report.notFilled === null
      ? `Databases said ${report.noRoom} times that their disk is full, and ended ${report.panics} times for it.`
      : `No disk was filled: ${report.notFilled}.`,
    "What was done to it:",
    table(counts(report.faults)),
    "What clients were told meanwhile:",
    table(counts(report.failures)),
    ...anomalies.map(({ why, where }) => `${why}: ${where}`),
    ...broken.map(({ what, table: name, where }) => `${what}: ${name} ${where}`),
    `The same faults again: sinetti drill faults --seed ${report.seed}`,
  ].join("\n");
}
