import type { StepResult } from "./step.ts";
import type { TestCounts } from "./testCounts.ts";

/** Prints what failed and, as the last line, the sum; sets the exit code. */
export function printSummary(steps: readonly StepResult[], tests: TestCounts): void {
  const broken = steps.filter((step) => !step.passed);
  for (const step of broken) process.stdout.write(`✗ ${step.name}\n`);
  if (tests.failed > 0) process.stdout.write(`✗ ${tests.failed} tests\n`);
  const passed = steps.length - broken.length + tests.passed;
  const failed = broken.length + tests.failed;
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}
