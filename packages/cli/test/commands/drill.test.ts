import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

let practice: StartedPractice;
beforeAll(async () => {
  practice = await startPractice();
});
afterAll(() => practice.stop());

const fill = (...args: string[]) =>
  practice.run(
    "nobody",
    "drill",
    "fill",
    "--devices",
    "staff",
    "--entries",
    "8",
    "--each",
    "1",
    "--workers",
    "1",
    ...args,
  );

describe("sinetti drill theft", () => {
  it("refuses bundles that are not there before it fills anything", async () => {
    const path = join(practice.path, "absent");
    const { exit, stderr } = await practice.run("nobody", "drill", "theft", "--fhir", path);
    expect(exit).toBe(6);
    expect(stderr).toBe(`${path}: the file cannot be read. Nothing was written.\n`);
  });
});

describe("sinetti drill fill", () => {
  it("founds a practice by a thread that takes one therapist after the other, each on a device of their own, and adds nothing when it runs again", async () => {
    const plant = practice.file("plant.txt", "Quillfeather Marrowby\n\nQuillfeather Marrowby\n");
    const first = await fill("--patients", "2", "--plant", plant);
    expect(first.json()).toMatchObject({ staff: 4, patients: 2 });
    expect(first.json<{ entries: number }>().entries).toBeGreaterThan(30);
    const again = await fill("--patients", "2", "--plant", plant);
    expect(again.json()).toMatchObject({ staff: 4, patients: 0, entries: 0, attachments: 0 });
  });
});
