import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { MUTANTS } from "./mutants/attackClasses.ts";
import { applyPatch, type Mutant } from "./mutants/mutant.ts";
import { runTest } from "./mutants/runTest.ts";
import { ScratchCopy } from "./mutants/scratchCopy.ts";

/** Takes one rule out, runs its test, and puts the rule back. */
async function tryMutant(copy: ScratchCopy, { patch, test }: Mutant): Promise<string[]> {
  const path = join(copy.root, patch.path);
  const sound = readFileSync(path, "utf8");
  const before = await runTest(copy.root, test);
  writeFileSync(path, applyPatch(sound, patch));
  try {
    return [before, await runTest(copy.root, test)];
  } finally {
    writeFileSync(path, sound);
  }
}

const copy = new ScratchCopy();
process.once("SIGINT", () => {
  copy.remove();
  process.exit(130);
});
let unnoticed = 0;
try {
  for (const mutant of MUTANTS) {
    const [before, after] = await tryMutant(copy, mutant);
    const isNoticed = before === "passed" && after === "failed";
    if (!isNoticed) unnoticed += 1;
    process.stdout.write(
      `${isNoticed ? "✓" : "✗"} ${mutant.attack} · ${mutant.patch.path} · with the rule ${before}, without it ${after}\n`,
    );
  }
} finally {
  copy.remove();
}
process.exitCode = unnoticed === 0 ? 0 : 1;
process.stdout.write(`${MUTANTS.length - unnoticed} mutants noticed, ${unnoticed} not\n`);
