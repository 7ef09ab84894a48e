import { describe, expect, it } from "vitest";

import { countReport } from "../testCounts.ts";

const none = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};

describe("the counts of a test run", () => {
  it("are what passed and what failed", () => {
    expect(countReport({ ...none, numPassedTests: 3, numFailedTests: 2 })).toEqual({
      passed: 3,
      failed: 2,
    });
  });

  it("take a skipped test for a failed one", () => {
    expect(
      countReport({ ...none, numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 }),
    ).toEqual({ passed: 3, failed: 2 });
  });

  it("take a file that cannot be loaded for a failed test", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    expect(countReport({ ...none, testResults })).toEqual({ passed: 0, failed: 1 });
  });

  it("count a failed test once, not once more for its file", () => {
    const testResults = [{ status: "failed", assertionResults: [{ status: "failed" }] }];
    expect(countReport({ ...none, numFailedTests: 1, testResults })).toEqual({
      passed: 0,
      failed: 1,
    });
  });
});
