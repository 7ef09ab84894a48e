import { once } from "node:events";
import { statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

const DAY_MS = 86_400_000;
/** A Monday, as grants end with weeks. */
function mondayFromNow(weeks: number): string {
  const day = new Date(Date.now() + weeks * 7 * DAY_MS);
  const sinceMonday = (day.getUTCDay() + 6) % 7;
  return new Date(day.getTime() - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}
const id: unknown = expect.stringMatching(/^[0-9a-f]{32}$/);
const hash: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);
const instant: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const SECTIONS = { subjective: "said", objective: "seen", assessment: "thought", plan: "next" };

describe("a practice of two on the command line", () => {
  let sinetti: StartedPractice;
  let founder: string;
  let colleague: string;
  let patient: string;

  beforeAll(async () => {
    sinetti = await startPractice({ apart: true });
  });
  afterAll(() => sinetti.stop());

  it("refuses a wrong installation code, keeps nothing of it, and founds with the right one", async () => {
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino Laine"];
    const roles = ["--roles", "therapist,admin,privacy"];
    const code = ["--install-code", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"];
    const refused = await sinetti.run("aino", ...words, ...roles, ...code);
    expect(refused.exit).toBe(3);
    expect(refused.json()).toMatchObject({ error: { code: "installation-code", exit: 3 } });
    const made = await sinetti.run("aino", ...words, ...roles);
    expect(made.json()).toEqual({
      practice: id,
      root: id,
      member: id,
      device: id,
      kit: expect.stringMatching(/^[0-9A-Z-]{20,}$/) as unknown,
      breakGlass: expect.stringMatching(/^[0-9A-Z-]{20,}$/) as unknown,
    });
    founder = String(made.json()["member"]);
    const again = await sinetti.run("aino", ...words, ...roles);
    expect(again.exit).toBe(2);
    expect(again.json()).toMatchObject({ error: { code: "profile-exists" } });
  });

  it("keeps the profile for its owner alone", () => {
    expect(statSync(join(sinetti.path, "aino")).mode & 0o777).toBe(0o700);
    for (const name of ["factor", "profile.db"])
      expect(statSync(join(sinetti.path, "aino", name)).mode & 0o777).toBe(0o600);
  });

  it("adds a member whose profile works at once, and lists both", async () => {
    const folder = join(sinetti.path, "eero");
    const added = await sinetti.run(
      "aino",
      "member",
      "add",
      "--name",
      "Eero Niemi",
      "--roles",
      "therapist",
      "--new-profile",
      folder,
    );
    expect(added.json()).toEqual({ member: id, device: id, kit: expect.any(String) as unknown });
    colleague = String(added.json()["member"]);
    const members = (await sinetti.run("eero", "member", "list")).json<{ name: string }[]>();
    expect(new Set(members.map(({ name }) => name))).toEqual(new Set(["Aino Laine", "Eero Niemi"]));
    const refused = await sinetti.run(
      "eero",
      "member",
      "add",
      "--name",
      "X",
      "--roles",
      "office",
      "--new-profile",
      join(sinetti.path, "nobody"),
    );
    expect(refused.exit).toBe(3);
  });

  it("registers a patient, and finds them by name and birth date, phone and code", async () => {
    const file = sinetti.file("person.json", {
      name: "Maija Helena Korhonen",
      code: "140388-9028",
      phone: "040 123 4567",
      email: "maija@example.org",
    });
    const added = await sinetti.run("aino", "patient", "add", "--file", file);
    expect(added.json()).toEqual({ patient: id, name: "Maija Korhonen" });
    patient = String(added.json()["patient"]);
    const row = [{ patient, name: "Maija Korhonen" }];
    expect((await sinetti.run("aino", "patient", "list")).json()).toEqual(row);
    for (const by of [
      ["--name", "korhonen, maija", "--born", "1988-03-14"],
      ["--phone", "+358401234567"],
      ["--code", "140388-9028"],
    ])
      expect((await sinetti.run("aino", "patient", "find", ...by)).json()).toEqual(row);
    const none = await sinetti.run("aino", "patient", "find", "--name", "Maija Korhone");
    expect(none.json()).toEqual([]);
  });

  it("signs, lists, shows and corrects a note, and keeps the original", async () => {
    const file = sinetti.file("note.json", { sections: SECTIONS, session: { date: "2026-11-20" } });
    const words = ["--template", "soap", "--file", file];
    const added = await sinetti.run("aino", "note", "add", patient, ...words);
    expect(added.json()).toEqual({ entry: id });
    const entry = String(added.json()["entry"]);
    const row = { entry, at: instant, date: "2026-11-20", template: "soap", author: founder };
    expect((await sinetti.run("aino", "note", "list", patient)).json()).toEqual([
      { ...row, state: "signed" },
    ]);
    const right = sinetti.file("right.json", { sections: { ...SECTIONS, plan: "another" } });
    const why = ["--reason", "a slip", "--file", right];
    const amended = await sinetti.run("aino", "note", "amend", patient, entry, ...why);
    expect(amended.json()).toEqual({ entry: id, amends: entry });
    const shown = await sinetti.run("aino", "note", "show", patient, entry);
    const shownJson = shown.json<{ original: unknown; sections: unknown; amendments: unknown }>();
    expect(shownJson).toMatchObject({ ...row, state: "amended" });
    expect(JSON.stringify(shownJson.original)).toContain('"next"');
    expect(JSON.stringify(shownJson.sections)).toContain('"another"');
    expect(shownJson.amendments).toHaveLength(1);
  });

  it("scores a measure and raises what it alerts", async () => {
    const answers = ["--answers", "1,2,0,1,1,0,0,0,1"];
    const added = await sinetti.run("aino", "measure", "add", patient, "phq-9", ...answers);
    const scored = { entry: id, score: 6, band: "mild", alerts: ["self-harm"] };
    expect(added.json()).toEqual(scored);
    expect((await sinetti.run("aino", "measure", "list", patient)).json()).toEqual([
      { ...scored, measure: "phq-9", date: expect.any(String) as unknown },
    ]);
    expect((await sinetti.run("aino", "patient", "show", patient)).json()).toMatchObject({
      patient,
      name: "Maija Korhonen",
      person: { birthDate: "1988-03-14" },
      counts: { notes: 1, measures: 1 },
      lastNotes: [{ template: "soap" }],
    });
  });

  it("names file and fields of an input that it rejects, and never what they hold", async () => {
    const wrong = sinetti.file("wrong.json", {
      name: "Sala Sanainen",
      code: "140388-9029",
    });
    const person = await sinetti.run("aino", "patient", "add", "--file", wrong);
    expect(person.exit).toBe(6);
    expect(person.json()).toMatchObject({ error: { fields: ["code (check-character)"] } });
    expect(person.stderr).toContain("wrong.json");
    expect(person.stderr + person.stdout).not.toMatch(/Sanainen|140388/);
    const short = sinetti.file("short.json", { sections: { subjective: "confided" } });
    const words = ["--template", "soap", "--file", short];
    const note = await sinetti.run("aino", "note", "add", patient, ...words);
    expect(note.exit).toBe(6);
    expect(note.json()).toMatchObject({
      error: {
        fields: [
          "sections.objective (missing)",
          "sections.assessment (missing)",
          "sections.plan (missing)",
        ],
      },
    });
    expect(note.stderr + note.stdout).not.toContain("confided");
    const measure = await sinetti.run(
      "aino",
      "measure",
      "add",
      patient,
      "gad-7",
      "--answers",
      "0,1",
    );
    expect(measure.exit).toBe(6);
  });

  it("opens a record to a colleague by a grant, and closes it at once by a revocation; the log shows it", async () => {
    const denied = await sinetti.run("eero", "note", "list", patient);
    expect(denied.exit).toBe(3);
    const last = mondayFromNow(6);
    const until = ["--rights", "read", "--until", last, "--reason", "supervision"];
    const granted = await sinetti.run("aino", "access", "grant", patient, colleague, ...until);
    expect(granted.json()).toMatchObject({ patient, member: colleague, files: [id, id] });
    const read = await sinetti.run("eero", "note", "list", patient);
    expect(read.json()).toHaveLength(1);
    const file = sinetti.file("note.json", { sections: SECTIONS });
    const words = ["--template", "soap", "--file", file];
    expect((await sinetti.run("eero", "note", "add", patient, ...words)).exit).toBe(3);
    const listed = await sinetti.run("aino", "access", "list", patient);
    expect(listed.json<unknown[]>()).toContainEqual({
      file: id,
      compartment: "care",
      subject: `member:${colleague}`,
      name: "Eero Niemi",
      rights: ["read"],
      term: "standing",
      until: last,
      reason: "supervision",
    });
    const revoked = await sinetti.run("aino", "access", "revoke", patient, colleague);
    expect(revoked.json()).toMatchObject({ files: [id, id] });
    expect((await sinetti.run("eero", "note", "list", patient)).exit).toBe(3);
    // The next write opens a new epoch, which the colleague was never given.
    expect((await sinetti.run("aino", "note", "add", patient, ...words)).exit).toBe(0);
    expect((await sinetti.run("eero", "note", "list", patient)).exit).toBe(3);
    const log = (await sinetti.run("aino", "access", "log", patient)).json<
      { member: string; purpose: string; outcome: string }[]
    >();
    expect(log[0]).toMatchObject({ at: instant, member: founder, device: id, file: id });
    const seen = log.filter(({ member }) => member === colleague).map(({ outcome }) => outcome);
    expect(seen).toContain("released");
    expect(seen.at(-1)).toBe("not-granted");
  });

  it("answers a missing word, a wrong one, no device and no service with the codes of the contract", async () => {
    const runs = await Promise.all([
      sinetti.run("aino", "note", "add", patient),
      sinetti.run("aino", "nonsense"),
      sinetti.run("nobody-at-all", "patient", "list"),
      sinetti.run("eero", "--server", "http://127.0.0.1:9", "status"),
      sinetti.run("aino", "access", "grant", patient, "zz", "--rights", "read"),
      sinetti.run("aino", "device", "approve", "0000-0000"),
    ]);
    expect(runs.map(({ exit }) => exit)).toEqual([2, 2, 2, 5, 2, 2]);
    const codes = [
      "commander.missingMandatoryOptionValue",
      "commander.unknownCommand",
      "no-profile",
      "unreachable",
      "usage",
      "usage",
    ];
    expect(runs.map((ran) => ran.json())).toMatchObject(codes.map((code) => ({ error: { code } })));
  });

  it("stops with 4 where a service answers what no honest one would", async () => {
    const liar = createServer((request, response) => {
      const isAsked = request.url === "/.well-known/sinetti";
      const self = `http://${request.headers.host}`;
      const addresses = { vaultWho: self, vaultWhat: self, gate: self };
      response.end(isAsked ? JSON.stringify(addresses) : "trust me");
    });
    await once(liar.listen(0, "127.0.0.1"), "listening");
    const { port } = liar.address() as AddressInfo;
    const ran = await sinetti.run(
      "aino",
      "--server",
      `http://127.0.0.1:${port}`,
      "patient",
      "list",
    );
    liar.close();
    expect(ran.exit).toBe(4);
    expect(ran.json()).toMatchObject({ error: { code: "verification-failed" } });
    expect((await sinetti.run("aino", "patient", "list")).exit).toBe(0);
  });

  it("takes a second device by its code, and refuses it again once it is ended", async () => {
    const folder = join(sinetti.path, "laptop");
    const asked = await sinetti.run("aino", "device", "request", "--new-profile", folder);
    const { code } = asked.json<{ code: string }>();
    expect((await sinetti.run("laptop", "patient", "list")).json()).toMatchObject({
      error: { code: "not-ready", exit: 3 },
    });
    const approved = (await sinetti.run("aino", "device", "approve", code)).json<{
      device: string;
    }>();
    expect(approved).toEqual({ device: id });
    expect((await sinetti.run("laptop", "patient", "list")).json()).toHaveLength(1);
    expect((await sinetti.run("aino", "device", "end", approved.device)).exit).toBe(0);
    expect((await sinetti.run("laptop", "patient", "list")).exit).toBe(3);
    const devices = (await sinetti.run("aino", "device", "list")).json<{ ended: boolean }[]>();
    expect(devices.filter(({ ended }) => ended)).toHaveLength(1);
  });

  it("says in its status where everything stands", async () => {
    const status = await sinetti.run("aino", "status");
    const place = { practice: { seq: expect.any(Number) as unknown, hash }, frozen: false };
    expect(status.json()).toMatchObject({
      versions: { sinetti: expect.any(String) as unknown },
      practice: id,
      member: founder,
      head: { hash },
      services: { who: place, what: place, gate: place },
      frozen: false,
      outbox: { waiting: 0 },
      members: 2,
      budget: [{ class: "care" }, { class: "identity" }],
      backups: { last: null, gateKeys: null },
      posture: null,
    });
  });
});
