import { describe, expect, it } from "vitest";
import { slipsPaper } from "../src/index.ts";

describe("the slips", () => {
  it("say who, where, how long and what to do, one box for each person", () => {
    const invitation = {
      slip: "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG",
      member: "b".repeat(32) as never,
      name: "Anna Aalto",
      roles: ["therapist" as const],
      site: null,
      until: Date.parse("2026-12-05T10:00:00Z") / 1000,
    };
    for (const language of ["en", "fi"] as const) {
      const paper = slipsPaper([invitation, { ...invitation, name: "Ben Berg" }], {
        practice: "c".repeat(32) as never,
        practiceName: "Kuusi",
        server: "https://app.kuusi.example",
        language,
        made: "2026-11-21T10:00:00Z",
      });
      expect(paper.blocks.map(({ type }) => type)).toEqual(["slip", "slip"]);
      const text = JSON.stringify(paper.blocks[0]);
      for (const part of [
        "Anna Aalto",
        "Kuusi",
        "c".repeat(32),
        "https://app.kuusi.example",
        "2026-12-05",
        invitation.slip,
      ])
        expect(text).toContain(part);
      expect(text).not.toContain("Ben Berg");
    }
  });
});
