import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { finished, startPractice, type StartedPractice } from "./startedPractice.ts";

const REAL = fileURLToPath(new URL("../../../../../shared/data/fhir", import.meta.url));

interface Report {
  patients: number;
  entries: number;
  kept: number;
  unchanged: number;
  rejected: { file: string; reason: string }[];
  byType: Record<string, number>;
  keptByType: Record<string, number>;
  seconds: number;
}

function bundle(number: number, notes: number): unknown {
  const patient = {
    resourceType: "Patient",
    id: `p${number}`,
    name: [{ family: `F${number}`, given: ["G"] }],
  };
  const observations = Array.from({ length: notes }, (_, index) => ({
    resourceType: "Observation",
    id: `o${number}-${index}`,
    status: "final",
    subject: { reference: `Patient/p${number}` },
    code: { text: "weight" },
    valueQuantity: { value: 70 + index, unit: "kg" },
  }));
  const entry = [patient, ...observations].map((resource) => ({ resource }));
  return { resourceType: "Bundle", type: "collection", entry };
}

/** The real bundles, or as many made ones where there are none. */
function makeBundles(folder: string): { count: number; resources: number } {
  mkdirSync(folder);
  if (!existsSync(REAL)) {
    for (let number = 0; number < 24; number++)
      writeFileSync(join(folder, `${number}.json`), JSON.stringify(bundle(number, 10)));
    return { count: 24, resources: 24 * 11 };
  }
  let resources = 0;
  const names = readdirSync(REAL).filter((name) => name.endsWith(".json.gz"));
  for (const name of names) {
    const bytes = readFileSync(join(REAL, name));
    writeFileSync(join(folder, name), bytes);
    const { entry } = JSON.parse(gunzipSync(bytes).toString("utf8")) as { entry: unknown[] };
    resources += entry.length;
  }
  return { count: names.length, resources };
}

const sum = (counts: Record<string, number>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

describe("importing FHIR bundles on the command line", () => {
  let sinetti: StartedPractice;
  let folder: string;
  let real: { count: number; resources: number };

  const importAll = async (
    ...paths: string[]
  ): Promise<{ exit: number | null; report: Report }> => {
    const ran = await sinetti.run("aino", "import", "fhir", ...paths);
    return { exit: ran.exit, report: ran.json<Report>() };
  };

  beforeAll(async () => {
    sinetti = await startPractice();
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino"];
    await sinetti.run("aino", ...words, "--roles", "therapist,admin");
    folder = join(sinetti.path, "bundles");
    real = makeBundles(folder);
  });
  afterAll(() => sinetti.stop());

  it(`counts every resource in a dry run and writes nothing (${existsSync(REAL) ? "real" : "made"} bundles)`, async () => {
    const { exit, report } = await importAll("--dry-run", folder);
    expect(exit).toBe(0);
    expect(sum(report.byType)).toBe(real.resources);
    expect(report).toMatchObject({ patients: 0, entries: 0, rejected: [] });
    expect((await sinetti.run("aino", "patient", "list")).json()).toEqual([]);
  });

  it("ends after the running step on SIGINT, says so with 130, and goes on at the next run to the same state", async () => {
    const child = sinetti.begin("aino", ["import", "fhir", folder]);
    const result = finished(child);
    const profile = join(sinetti.path, "aino");
    // The profile's log exists while a command holds it; by then the handler listens.
    while (!existsSync(join(profile, "profile.db-wal")))
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    if (child.exitCode === null) await once(child, "exit");
    const { exit, stdout, stderr } = await result;
    expect(exit).toBe(130);
    expect(stderr).toMatch(/Run the same command again/);
    const first = JSON.parse(stdout) as Report;
    expect(first.patients).toBeLessThan(real.count);
    const { report } = await importAll(folder);
    expect(first.patients + report.patients).toBe(real.count);
    expect(sum(report.byType)).toBe(real.resources);
    expect(sum(report.keptByType)).toBe(report.kept);
    const list = (await sinetti.run("aino", "patient", "list")).json<unknown[]>();
    expect(list).toHaveLength(real.count);
  });

  it("adds nothing and opens nothing when it runs again", async () => {
    const [row] = (await sinetti.run("aino", "patient", "list")).json<{ patient: string }[]>();
    const log = ["access", "log", row?.patient ?? ""];
    const before = (await sinetti.run("aino", ...log)).json<unknown[]>();
    const { exit, report } = await importAll(folder);
    expect(exit).toBe(0);
    expect(report).toMatchObject({ patients: 0, entries: 0, unchanged: real.count, rejected: [] });
    expect((await sinetti.run("aino", ...log)).json()).toEqual(before);
  });

  it("names what it skips, takes the rest, and fails only when nothing at all can be taken", async () => {
    const whole = JSON.stringify(bundle(100, 3));
    const mixed = join(sinetti.path, "mixed");
    mkdirSync(join(mixed, "deep"), { recursive: true });
    writeFileSync(join(mixed, "a-good.json"), whole);
    writeFileSync(join(mixed, "b-same.json"), whole);
    writeFileSync(join(mixed, "c-cut.json"), whole.slice(0, 100));
    writeFileSync(join(mixed, "d-other.json"), '{"hello":"world"}');
    writeFileSync(join(mixed, "e-cut.json.gz"), gzipSync(whole).subarray(0, 60));
    writeFileSync(join(mixed, "deep", "f-good.json.gz"), gzipSync(JSON.stringify(bundle(101, 1))));
    writeFileSync(join(mixed, "notes.txt"), "no bundle");
    const { exit, report } = await importAll(mixed, join(sinetti.path, "nowhere.json"));
    expect(exit).toBe(0);
    expect(report.patients).toBe(2);
    const names = report.rejected.map(({ file }) => file.slice(mixed.lastIndexOf("/") + 1));
    expect(new Set(names)).toEqual(
      new Set([
        "mixed/b-same.json",
        "mixed/c-cut.json",
        "mixed/d-other.json",
        "mixed/e-cut.json.gz",
        "nowhere.json",
      ]),
    );
    const none = await sinetti.run("aino", "import", "fhir", join(mixed, "c-cut.json"));
    expect(none.exit).toBe(6);
    expect(none.json<Report>().rejected).toHaveLength(1);
  });
});
