import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "./step.ts";
import { countReport } from "./testCounts.ts";
import type { Report, TestCounts } from "./testCounts.ts";

function readCounts(reportFile: string, status: number): TestCounts {
  let counts: TestCounts = { passed: 0, failed: 0 };
  try {
    counts = countReport(JSON.parse(readFileSync(reportFile, "utf8")) as Report);
  } catch {
    process.stdout.write("Vitest left no report\n");
  }
  // An error outside any test, or no report at all, must not pass as zero failures.
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Runs the tests of the named Vitest projects, all when none is named, and counts them. */
export async function runVitest(projects: readonly string[]): Promise<TestCounts> {
  const folder = mkdtempSync(join(tmpdir(), "sinetti-report-"));
  const reportFile = join(folder, "report.json");
  try {
    const status = await new Promise<number>((resolve) => {
      const child = spawn(
        process.execPath,
        [
          join(root, "node_modules/vitest/vitest.mjs"),
          "run",
          "--reporter=default",
          "--reporter=json",
          `--outputFile.json=${reportFile}`,
          ...projects.map((project) => `--project=${project}`),
        ],
        { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
      );
      child.on("close", (code) => resolve(code ?? 1));
    });
    return readCounts(reportFile, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
