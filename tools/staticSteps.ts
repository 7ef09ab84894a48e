import { globSync } from "node:fs";

import { root, runStep } from "./step.ts";
import type { Step, StepResult } from "./step.ts";

/** The tests but those of the web client are one program: each of them alone would read the same sources again. */
const TSCONFIGS = [
  "packages/*/tsconfig.json",
  "packages/web/test/tsconfig.json",
  "tsconfig.tests.json",
];

function typeSteps(): Step[] {
  const projects = TSCONFIGS.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted();
  return projects.map((project) => ({
    name: `types ${project.replaceAll(/^tsconfig\.|\/?(?:tsconfig)?\.json$/g, "")}`,
    script: "node_modules/typescript/bin/tsc",
    args: ["-p", project],
  }));
}

/** What can be said about the source without running it. */
export function staticSteps(): Step[] {
  return [
    { name: "format", script: "node_modules/oxfmt/bin/oxfmt", args: ["--check", "."] },
    { name: "lint", script: "node_modules/oxlint/bin/oxlint", args: ["--deny-warnings"] },
    { name: "boundaries", script: "tools/boundaries.ts", args: [] },
    { name: "dead code", script: "node_modules/knip/bin/knip.js", args: ["--strict"] },
    ...typeSteps(),
  ];
}

/** Runs every step, two at a time, whatever fails on the way. */
export async function runSteps(steps: readonly Step[]): Promise<StepResult[]> {
  const waiting = [...steps];
  const results: StepResult[] = [];
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step; step = waiting.shift())
      results.push(await runStep(step));
  };
  await Promise.all([work(), work()]);
  return results;
}
