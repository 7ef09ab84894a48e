import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

interface NamedReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

/** What became of one test: `missing` when the file did not load or has no test of that name. */
export type Verdict = "passed" | "failed" | "missing";

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Runs one test of one file in a copy of the repository. */
export async function runTest(
  root: string,
  { file, name }: { file: string; name: string },
): Promise<Verdict> {
  const report = join(root, "report.json");
  rmSync(report, { force: true });
  await new Promise<void>((resolve) => {
    const child = spawn(
      process.execPath,
      [
        join(root, "node_modules/vitest/vitest.mjs"),
        "run",
        file,
        `--testNamePattern=^${escaped(name)}$`,
        "--reporter=json",
        `--outputFile=${report}`,
      ],
      { cwd: root, stdio: "ignore" },
    );
    child.on("close", () => resolve());
  });
  return readVerdict(report, name);
}

function readVerdict(report: string, name: string): Verdict {
  let parsed: NamedReport;
  try {
    parsed = JSON.parse(readFileSync(report, "utf8")) as NamedReport;
  } catch {
    return "missing";
  }
  const found = parsed.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(
      ({ ancestorTitles, title, status }) =>
        [...ancestorTitles, title].join(" > ") === name && status !== "skipped",
    );
  if (found === undefined) return "missing";
  return found.status === "passed" ? "passed" : "failed";
}
