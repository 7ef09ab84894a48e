import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { removeDataFolder } from "../start/removeDataFolder.ts";
import type { FaultOutcome, FaultSaid, FaultTask } from "./faultTask.ts";
import { findOwnDisks } from "./ownDisks.ts";

const PROGRAM = fileURLToPath(new URL("./faultProgram.ts", import.meta.url));
const LOOK_MS = 200;

type ApartOptions = Omit<FaultTask, "data" | "missing"> & {
  readonly onProgress: (done: number, total: number) => void;
  readonly isStopped: () => boolean;
};

/** The drill of faults in a program of its own, on disks of its own where the machine allows it; nothing of it is left afterwards. */
export async function drillApart(options: ApartOptions): Promise<FaultOutcome> {
  const data = mkdtempSync(join(tmpdir(), "sinetti-faults-"));
  try {
    return await runProgram(data, options);
  } finally {
    removeDataFolder(data);
  }
}

async function runProgram(
  data: string,
  { onProgress, isStopped, ...wish }: ApartOptions,
): Promise<FaultOutcome> {
  const { command, missing } = findOwnDisks(data);
  const task: FaultTask = { data, missing, ...wish };
  const words = [...command, process.execPath, PROGRAM, JSON.stringify(task)];
  const [program = process.execPath, ...rest] = words;
  // What breaks it off it says itself: there is nobody's data in it.
  const child = spawn(program, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const looking = setInterval(() => isStopped() && child.stdin.end(), LOOK_MS);
  let outcome: FaultOutcome | undefined;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const said = JSON.parse(line) as FaultSaid;
    if (said.say === "progress") onProgress(said.done, said.total);
    else outcome = said.outcome;
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await ended;
  clearInterval(looking);
  if (outcome === undefined) throw new Error("the drill broke off");
  return outcome;
}
