import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest by far; begun late, one of them would run alone at the end. A new one needs no line here. */
const LONGEST = [
  "packages/web/test/browser/screens.test.ts",
  "packages/cli/test/killed/killed.test.ts",
  "packages/cli/test/faults/faults.test.ts",
  "packages/web/test/browser/",
  "packages/cli/test/commands/",
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONGEST.findIndex((part) => moduleId.includes(part));
  return rank < 0 ? LONGEST.length : rank;
};

/** Begins with the longest tests, so that every worker has something to do until the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
