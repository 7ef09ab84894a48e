import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** One thing to check: a script that Node runs, with its arguments. */
export interface Step {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

export interface StepResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
}

function runScript(step: Step): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, step.script), ...step.args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    // A test that runs beside it goes first.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => output.push(chunk));
    }
    child.on("close", (code) => {
      resolve({ status: code ?? 1, output: Buffer.concat(output).toString("utf8") });
    });
  });
}

/** Runs a step, prints its output only when it fails. */
export async function runStep(step: Step): Promise<StepResult> {
  const startedAt = performance.now();
  const { status, output } = await runScript(step);
  const seconds = (performance.now() - startedAt) / 1000;
  const passed = status === 0;
  process.stdout.write(`${passed ? "✓" : "✗"} ${step.name} (${seconds.toFixed(1)} s)\n`);
  if (!passed) process.stdout.write(`${output.trimEnd()}\n\n`);
  return { name: step.name, passed, seconds };
}
