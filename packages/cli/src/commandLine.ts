import { hash, randomBytes } from "node:crypto";

import { initSuite } from "@sinetti/core";
import { CommanderError } from "commander";

import { failureOf } from "./failure.ts";
import { Output } from "./output.ts";
import { makeProgram } from "./program.ts";

/** Runs the command that these arguments mean; how it ended is the process's exit code. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    await initSuite((count) => new Uint8Array(randomBytes(count)), {
      sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
    });
    const program = await makeProgram(args);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    const failure = failureOf(error);
    process.exitCode = failure.exit;
    const output = new Output({ isJson: args.includes("--json") });
    if (failure.exit !== 0) output.fail(failure, { isSaid: error instanceof CommanderError });
  }
}
