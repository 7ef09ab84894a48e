import { expect, test } from "vitest";

import { parseBorne } from "../src/app/borne.ts";

test("what is borne is said once each, and nothing else of an answer is believed", () => {
  const good = { database: "who", until: "2026-12-01" };
  const bad = [
    { database: "<b>", until: "2026-12-01" },
    { database: "who", until: "soon" },
    null,
    1,
  ];
  expect(parseBorne({ borne: [good, ...bad, good] })).toEqual([good]);
  for (const nothing of [undefined, null, "x", {}, { borne: "who" }])
    expect(parseBorne(nothing)).toEqual([]);
});
