import { hash, randomBytes } from "node:crypto";

import { initSuite } from "@sinetti/core";
import { CommanderError } from "commander";

import { failureOf } from "./failure.ts";
import { Output } from "./output.ts";
import { makeProgram } from "./program.ts";

/** Whoever reads the output may go away before its end. */
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

try {
  await initSuite((count) => new Uint8Array(randomBytes(count)), {
    sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
  });
  const args = process.argv.slice(2);
  const program = await makeProgram(args);
  await program.parseAsync(args, { from: "user" });
} catch (error) {
  const failure = failureOf(error);
  process.exitCode = failure.exit;
  const output = new Output({ isJson: process.argv.includes("--json") });
  if (failure.exit !== 0) output.fail(failure, { isSaid: error instanceof CommanderError });
}
