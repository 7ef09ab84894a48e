import { describe, expect, it } from "vitest";

import { toRefusal } from "../src/problem.ts";

const fault = (code: string): Error => Object.assign(new Error("of the database"), { code });

describe("a fault of the database", () => {
  it.each(["53100", "53200", "53300", "58030", "57P02", "57P03", "40P01", "40001", "25P02"])(
    "that passes by itself (%s) asks the client to come again",
    (code) => expect(toRefusal(fault(code)).code).toBe("unavailable"),
  );

  it("of any other kind is internal, and its text goes nowhere", () => {
    const refusal = toRefusal(fault("22P02"));
    expect(refusal.code).toBe("internal");
    expect(refusal.message).not.toContain("database");
  });
});
