import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

let sinetti: StartedPractice;

beforeAll(async () => {
  sinetti = await startPractice();
  const who = ["--name", "Kuusi", "--member", "Aino Laine", "--roles", "therapist,admin,privacy"];
  const created = await sinetti.run("aino", "practice", "create", ...who);
  if (created.exit !== 0) throw new Error(created.stderr);
}, 60_000);
afterAll(() => sinetti.stop());

const at = (name: string): string => join(sinetti.path, name);
const accept = (profile: string, ...slip: string[]) =>
  sinetti.run("nobody", "member", "accept", "--new-profile", at(profile), ...slip);

describe("a practice that comes in by slips", () => {
  it("invites, accepts, compares and confirms, and hands an import to its therapist", async () => {
    const bad = sinetti.file("bad.csv", "name,roles\nEero Niemi,cook\n");
    const invite = ["member", "invite", "--csv"];
    const refused = await sinetti.run("aino", ...invite, bad, "--out", at("bad.md"));
    expect(refused.exit).toBe(6);
    expect(refused.json()).toMatchObject({ error: { fields: ["row 2 roles (unknown)"] } });

    const staff = sinetti.file(
      "staff.csv",
      "name,roles\nEero Niemi,therapist\nSari Salo,office\nUnto Unohtuva,office\n",
    );
    const out = at("slips.md");
    const invited = await sinetti.run("aino", ...invite, staff, "--out", out);
    expect(invited.json()).toMatchObject({ invited: 3, already: 0, file: out });
    expect(invited.stdout).not.toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const slips = [
      ...new Set(readFileSync(out, "utf8").match(/(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}/g) ?? []),
    ];
    expect(slips).toHaveLength(3);
    const [eero, sari] = slips as [string, string];

    const answered = (await accept("eero", "--slip", eero)).json<{ words: string; name: string }>();
    expect(answered).toMatchObject({ name: "Eero Niemi", state: "waiting" });
    expect((await accept("thief", "--slip", eero)).exit).toBe(3);
    await accept("sari", "--slip", sari);
    expect((await accept("eero")).json()).toMatchObject({
      words: answered.words,
      state: "waiting",
    });
    const early = await sinetti.run("eero", "patient", "list");
    expect(early.json()).toMatchObject({ error: { code: "not-ready" } });

    const waiting = (await sinetti.run("aino", "member", "confirm")).json<
      { name: string; words: string }[]
    >();
    expect(waiting.find(({ name }) => name === "Eero Niemi")?.words).toBe(answered.words);
    expect((await sinetti.run("aino", "member", "confirm", "--all")).exit).toBe(2);
    const confirmed = await sinetti.run("aino", "member", "confirm", "--all", "--yes");
    expect(confirmed.json<{ confirmed: object[] }>().confirmed).toHaveLength(2);

    const open = (await sinetti.run("aino", "member", "invite", "--list")).json<
      { name: string; member: string; state: string }[]
    >();
    expect(open).toMatchObject([{ name: "Unto Unohtuva", state: "waiting" }]);
    await sinetti.run("aino", "member", "invite", "--cancel", open[0]?.member ?? "");
    expect((await accept("unto", "--slip", slips[2] ?? "")).exit).toBe(3);

    expect((await accept("sari")).json()).toMatchObject({ state: "confirmed" });
    const members = (await sinetti.run("aino", "member", "list")).json<{ name: string }[]>();
    expect(members.map(({ name }) => name).sort()).toEqual([
      "Aino Laine",
      "Eero Niemi",
      "Sari Salo",
    ]);

    const bundle = sinetti.file("one.json", {
      resourceType: "Bundle",
      type: "collection",
      entry: [
        { resource: { resourceType: "Patient", id: "1", name: [{ family: "Korpi" }] } },
        {
          resource: {
            resourceType: "EpisodeOfCare",
            id: "2",
            status: "active",
            patient: { reference: "Patient/1" },
            careManager: { display: "Dr. Niemi" },
          },
        },
      ],
    });
    const wrongMap = sinetti.file("wrong.csv", "therapist,member\nDr. Niemi,Sari Salo\n");
    const unmapped = await sinetti.run("aino", "import", "fhir", bundle, "--assign", wrongMap);
    expect(unmapped.exit).toBe(6);
    expect(unmapped.json()).toMatchObject({
      error: { fields: ["row 2 member (no-therapist)"] },
    });
    const map = sinetti.file("map.csv", "therapist,member\nDr. Niemi,Eero Niemi\n");
    const done = await sinetti.run("aino", "import", "fhir", bundle, "--assign", map);
    expect(done.json()).toMatchObject({
      patients: 1,
      assign: { assigned: 1, granted: 2, already: 0, unassigned: [], unknownTherapists: [] },
    });
    expect((await sinetti.run("eero", "patient", "list")).json()).toMatchObject([
      { name: "Korpi" },
    ]);
  }, 120_000);
});
