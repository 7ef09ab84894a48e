import { defineConfig } from "vitest/config";

import { LongestFirst } from "./tools/longestFirst.ts";

const pure = ["core", "paper", "practice", "response"];
const onDatabase = ["vault", "gate", "client"];
const withPrograms = ["cli", "drill", "posture"];
const testsOf = (packages: readonly string[]): string[] =>
  packages.map((name) => `packages/${name}/test/**/*.test.ts`);

export default defineConfig({
  test: {
    pool: "forks",
    // As many as CI has processors: with more, browsers wait for each other longer than a test waits for them.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: [...testsOf(pure), "packages/web/test/*.test.ts"],
          // They change nothing outside themselves; a process for each took longer to load what is tested than to test it.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "protocol",
          include: testsOf(onDatabase),
          globalSetup: ["tools/testCluster.ts"],
          setupFiles: ["tools/rememberStretching.ts"],
          // Each file has a database of its own, and ends the services that it started.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "service",
          include: [...testsOf(withPrograms), "tools/test/testDatabase.test.ts"],
          globalSetup: ["tools/testCluster.ts", "tools/preparedData.ts"],
          setupFiles: ["tools/rememberStretching.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "tools",
          include: ["tools/test/**/*.test.ts"],
          exclude: ["tools/test/testDatabase.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["packages/web/test/browser/**/*.test.ts"],
          globalSetup: ["tools/browserSetup.ts", "tools/preparedData.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // What is awaited comes as soon as it is there, on a busy machine later than in a second.
          expect: { poll: { timeout: 20_000 } },
          // A browser, its services and three databases share the machine with other tests: a page may come too late once.
          retry: 1,
        },
      },
    ],
  },
});
