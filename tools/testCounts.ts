export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** The part of Vitest's JSON report that is counted. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** What a report says in two numbers. */
export function countReport(report: Report): TestCounts {
  // A file that cannot be loaded has no test of its own to fail.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  // A test that does not run says nothing, and must not look like one that passed.
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles + skipped,
  };
}
