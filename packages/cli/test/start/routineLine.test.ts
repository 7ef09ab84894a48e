import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { toTheMinute, withoutValues } from "../../src/start/databaseLine.ts";
import { KeptLog } from "../../src/start/keptLog.ts";
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

describe("what a database says", () => {
  const at = (rest: string): string => `2026-11-22 02:15:41.123 UTC [9] ${rest}`;

  it("repeats no value of a statement that failed, and says which right was missing", () => {
    const values = at('22P02 app@sinetti [local] ERROR:  invalid input syntax: "Aino Laine"');
    expect(withoutValues(values)).toBe(at("22P02 app@sinetti [local] ERROR:  a statement failed"));
    const whole = [
      at("42501 app@sinetti [local] ERROR:  permission denied for table entries"),
      at('28P01 app@sinetti [local] FATAL:  password authentication failed for user "app"'),
      at("00000 app@sinetti [local] LOG:  connection authorized: user=app"),
      "performing post-bootstrap initialization ... ok",
    ];
    expect(whole.map(withoutValues)).toEqual(whole);
  });

  it("is kept to the minute, without the tail of a line or what is no line of a running database", () => {
    const line = "00000 app@sinetti [local] LOG:  connection authorized: user=app";
    expect(toTheMinute(at(line))).toBe(`2026-11-22 02:15 UTC [9] ${line}`);
    expect(toTheMinute("\tand its second line")).toBeNull();
  });

  it("is kept in two files at most, for their owner alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "sinetti-kept-"));
    const path = join(folder, "postgres.log");
    const said: string[] = [];
    const log = new KeptLog(path, { onLog: (line) => said.push(line), mostBytes: 20 });
    for (const line of ["first line", "second line", "third", "fourth line"]) log.write(line);
    expect([readFileSync(path, "utf8"), readFileSync(`${path}.1`, "utf8")]).toEqual([
      "fourth line\n",
      "second line\nthird\n",
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
    log.write("a folder that is gone");
    log.write("is said once");
    expect(said).toEqual([`ALARM: ${path} cannot be written`]);
  });
});
