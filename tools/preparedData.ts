import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { TestProject } from "vitest/node";

/** Vitest's global set-up of tests that start whole systems: a data folder as the first start leaves it. */
export default async function prepareData(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "sinetti-prepared-"));
  // The databases may run under an account of their own.
  chmodSync(folder, 0o755);
  const data = join(folder, "data");
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, "startOnce.ts"), data]);
  project.provide("preparedData", data);
  return () => rmSync(folder, { recursive: true, force: true });
}
