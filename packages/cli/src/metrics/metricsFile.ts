import { rmSync } from "node:fs";
import { resolve } from "node:path";

import { InputError } from "../inputError.ts";
import { writeWholeFile } from "../start/wholeFile.ts";

/** By a collector of another account, whatever the umask says; there is no id in it. */
const READABLE = 0o644;

/** Writes numbers where a collector of text files takes them up (node_exporter, `*.prom`): whole or not at all. Error: InputError. */
export function writeMetricsFile(file: string, text: string): void {
  const path = resolve(file);
  try {
    writeWholeFile(path, text, READABLE);
  } catch (cause) {
    rmSync(`${path}.draft`, { force: true });
    throw new InputError(path, "the file of numbers cannot be written", { cause });
  }
}
