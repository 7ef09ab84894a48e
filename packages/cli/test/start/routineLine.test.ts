import { describe, expect, it } from "vitest";

import { isRoutineLine } from "../../src/start/routineLine.ts";

describe("what a person at the terminal is spared", () => {
  it.each([
    ["who", '{"level":30,"route":"/v1/file/open","status":200}'],
    ["gate database", "2026-11-21 09:00:00 UTC [1] LOG:  database system is ready"],
    ["who database", "performing post-bootstrap initialization ... ok"],
  ])("%s saying %s", (source, line) => {
    expect(isRoutineLine(source, line)).toBe(true);
  });

  it.each([
    ["who", '{"level":50,"status":503}'],
    ["what", "a stack trace that is no JSON"],
    ["gate database", "2026-11-21 09:00:00 UTC [1] FATAL:  the database system is starting up"],
    ["launcher", "installation code: 28867-J55FM"],
  ])("not %s saying %s", (source, line) => {
    expect(isRoutineLine(source, line)).toBe(false);
  });
});
