import { describe, expect, test } from "vitest";

import { findMeasure, recordMeasure, type CareBody, type MeasureId } from "@sinetti/practice";

import { encodeBody } from "../src/records/body.ts";
import { latelyMeasured } from "../src/records/latelyMeasured.ts";

const NOW = Date.parse("2026-11-21T10:00:00Z");

const entryOf = (body: CareBody) => ({ body: encodeBody("care", body) });

function taken(id: MeasureId, date: string, answer: number) {
  const measure = findMeasure(id);
  if (measure === undefined) throw new RangeError(`no measure ${id}`);
  const answers = measure.items.map(() => answer);
  return entryOf(recordMeasure(measure, answers, { at: `${date}T10:00:00Z`, date }));
}

describe("what the caseload shows of imported measures", () => {
  test("is the last one of each, whatever the order in which they came", () => {
    const shown = latelyMeasured(
      [
        taken("phq-9", "2026-11-11", 1),
        taken("phq-9", "2026-10-14", 3),
        taken("gad-7", "2026-11-04", 2),
      ],
      NOW,
    );
    expect(shown.map(({ measure, date, total }) => [measure, date, total])).toEqual([
      ["phq-9", "2026-11-11", 9],
      ["gad-7", "2026-11-04", 14],
    ]);
    expect(shown[0]?.alerts).not.toEqual([]);
  });

  test("leaves out what was taken more than ninety days ago, and what is no measure", () => {
    const at = "2026-11-20T10:00:00Z";
    const goal: CareBody = { v: 1, type: "goal", at, text: "Walks daily.", status: "active" };
    expect(latelyMeasured([taken("phq-9", "2026-08-22", 1), entryOf(goal)], NOW)).toEqual([]);
    expect(latelyMeasured([taken("phq-9", "2026-08-23", 1)], NOW)).toHaveLength(1);
  });
});
