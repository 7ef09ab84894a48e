import { describe, expect, it } from "vitest";

import {
  readAnswers,
  readComingDay,
  readDay,
  readHash,
  readId,
  readRights,
  readRoles,
} from "../../src/input/values.ts";

describe("words of the command line", () => {
  it.each([
    ["therapist,,admin", readRoles],
    ["owner", readRoles],
    ["admin,admin", readRoles],
    ["reviewer,admin", readRoles],
    ["write", readRights],
    ["read,delete", readRights],
    ["read,toString", readRights],
    ["2026-02-30", readDay],
    ["tomorrow", readDay],
    ["2020-12-31", readComingDay],
    ["1,2,", readAnswers],
    ["1,-2", readAnswers],
    ["ab", (text: string) => readId(text, "patient")],
    ["ab", (text: string) => readHash(text, "order")],
  ])("refuses %j as usage", (text, read) => {
    expect(() => read(text)).toThrowError(expect.objectContaining({ name: "UsageError" }));
  });

  it("names the option whose day is none", () => {
    expect(() => readDay("31.12.2026", "on")).toThrowError(/^--on: /);
  });

  it("reads what is right", () => {
    expect(readRoles("therapist, admin")).toEqual(["therapist", "admin"]);
    expect(readRights("read,write")).toBe(3);
    expect(readDay("2026-12-01")).toBe(Date.UTC(2026, 11, 1) / 1000);
    expect(readAnswers("0,1,3")).toEqual([0, 1, 3]);
    expect(readId("AB".repeat(16), "patient")).toBe("ab".repeat(16));
  });
});
