import type { SpotlightActionData } from "@mantine/spotlight";
import { describe, expect, it } from "vitest";

import { findActions } from "../src/app/paletteFilter.ts";

const actions: SpotlightActionData[] = [
  { id: "a", label: "Diagnoses", description: "Eva Sandström" },
  { id: "b", label: "Eva Sandström", description: "Record" },
  { id: "c", label: "Ängeslevä, Åke" },
];
const found = (query: string): string[] =>
  findActions(query, actions).flatMap((each) => ("id" in each ? [each.id] : []));

describe("what the palette finds", () => {
  it("takes letters with and without their marks, and a name before what stands under one", () => {
    expect(found("sandstrom")).toEqual(["b", "a"]);
    expect(found(" SANDSTRÖM ")).toEqual(["b", "a"]);
    expect(found("ake")).toEqual(["c"]);
    expect(found("sandberg")).toEqual([]);
  });
});
