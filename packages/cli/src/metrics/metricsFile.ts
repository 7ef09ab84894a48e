import { renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Registry } from "prom-client";

import { InputError } from "../inputError.ts";

/** Writes numbers where a collector of text files takes them up (node_exporter, `*.prom`): whole or not at all. */
export async function writeMetricsFile(file: string, registry: Registry): Promise<void> {
  const path = resolve(file);
  const draft = `${path}.draft`;
  try {
    // For a collector of another account; there is no id in it.
    writeFileSync(draft, await registry.metrics(), { mode: 0o644 });
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw new InputError(path, "the file of numbers cannot be written", { cause });
  }
}
