import { parseFinnishCode } from "@sinetti/practice";
import { describe, expect, it } from "vitest";

import { inventedPatients } from "../../src/demo/invented.ts";

describe("the invented people", () => {
  it("are twelve, the same every time", () => {
    expect(inventedPatients()).toHaveLength(12);
    expect(inventedPatients()).toEqual(inventedPatients());
  });

  it("hold codes that are well formed and that no register gives to anybody", () => {
    for (const { personalCode, birthDate } of inventedPatients()) {
      const found = parseFinnishCode(personalCode?.value ?? "");
      expect(found).toMatchObject({ ok: true, value: { temporary: true, birthDate } });
    }
  });

  it("can be written to nowhere", () => {
    for (const { emails } of inventedPatients())
      expect(emails[0]).toMatch(/^[a-z]+\.[a-z]+@example\.org$/);
  });
});
