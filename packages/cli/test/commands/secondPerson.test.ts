import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

const WEEK_SECONDS = 7 * 86_400;
const HOUR_SECONDS = 3600;

describe("orders that need a second person", () => {
  const row = { patient: "", name: "" };
  let sinetti: StartedPractice;
  let early: string;

  const add = async (name: string, roles: string) =>
    sinetti.run(
      "aino",
      "member",
      "add",
      "--name",
      name,
      "--roles",
      roles,
      "--new-profile",
      join(sinetti.path, name),
    );

  beforeAll(async () => {
    sinetti = await startPractice();
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino"];
    await sinetti.run("aino", ...words, "--roles", "therapist,admin");
    const file = sinetti.file("early.json", { name: "Aada Aikainen", phone: "0401234569" });
    early = (await sinetti.run("aino", "patient", "add", "--file", file)).json<typeof row>()
      .patient;
    await add("eero", "therapist,privacy");
    await add("sari", "office");
  });
  afterAll(() => sinetti.stop());

  it("lets the office find whom it registered, and open no note", async () => {
    const file = sinetti.file("person.json", { name: "Pekka Uusi", phone: "0401234567" });
    const { patient } = (await sinetti.run("sari", "patient", "add", "--file", file)).json<{
      patient: string;
    }>();
    const found = await sinetti.run("sari", "patient", "find", "--phone", "0401234567");
    expect(found.json()).toEqual([{ patient, name: "Pekka Uusi" }]);
    expect((await sinetti.run("sari", "note", "list", patient)).exit).toBe(3);
  });

  it("shows the office a patient from before its team once a therapist lets it", async () => {
    const find = ["patient", "find", "--phone", "0401234569"];
    expect((await sinetti.run("sari", ...find)).json()).toEqual([{ patient: early, name: "" }]);
    const shared = await sinetti.run("aino", "access", "grant", early, "office");
    expect(shared.json()).toEqual({ patient: early, member: "office", files: [early] });
    const found = await sinetti.run("sari", ...find);
    expect(found.json()).toEqual([{ patient: early, name: "Aada Aikainen" }]);
  });

  it("stops a frozen member at once, and thaws only with another member and an hour", async () => {
    const frozen = await sinetti.run("eero", "freeze", "--self");
    expect(frozen.json()).toMatchObject({
      freeze: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
    expect((await sinetti.run("eero", "patient", "list")).exit).toBe(3);
    expect((await sinetti.run("eero", "status")).json()).toMatchObject({ frozen: true });
    expect((await sinetti.run("eero", "thaw")).json()).toMatchObject({
      error: { code: "frozen-author", exit: 3 },
    });
    const { pending } = (await sinetti.run("aino", "thaw")).json<{ pending: string }>();
    const again = await sinetti.run("aino", "thaw");
    expect(again.json()).toMatchObject({ pending, waitedBefore: true });
    expect((await sinetti.run("aino", "approve", "list")).json()).toMatchObject([
      { order: pending, kind: "thaw" },
    ]);
    const tooSoon = await sinetti.run("sari", "approve", pending);
    expect(tooSoon.json()).toMatchObject({ order: pending, state: "pending" });
    sinetti.passTime(HOUR_SECONDS + 60);
    const late = await sinetti.run("sari", "approve", pending);
    expect(late.json()).toMatchObject({ order: pending, state: "done" });
    expect((await sinetti.run("eero", "patient", "list")).exit).toBe(0);
  });

  it("takes a second person to freeze anew within a day of a thaw", async () => {
    expect((await sinetti.run("eero", "freeze")).json()).toMatchObject({
      member: null,
      pending: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect((await sinetti.run("aino", "patient", "list")).exit).toBe(0);
  });

  it("stops everybody when a privacy officer freezes without a name", async () => {
    sinetti.passTime(25 * HOUR_SECONDS);
    expect((await sinetti.run("eero", "freeze")).json()).toMatchObject({ member: null });
    expect((await sinetti.run("aino", "patient", "list")).exit).toBe(3);
    const { pending } = (await sinetti.run("aino", "thaw")).json<{ pending: string }>();
    sinetti.passTime(HOUR_SECONDS + 60);
    expect((await sinetti.run("sari", "approve", pending)).json()).toMatchObject({ state: "done" });
    expect((await sinetti.run("aino", "patient", "list")).exit).toBe(0);
  });

  it("admits a member whom a second person approved, without anybody repeating anything", async () => {
    sinetti.passTime(WEEK_SECONDS + 86_400);
    const added = await add("tuuli", "office");
    const { pending } = added.json<{ pending: string }>();
    expect(added.exit).toBe(0);
    expect(pending).toMatch(/^[0-9a-f]{64}$/);
    const waiting = await sinetti.run("tuuli", "member", "list");
    expect(waiting.json()).toMatchObject({ error: { code: "not-ready", exit: 3 } });
    // The mailbox of the ceremony is gone by then; the new device has its answer already.
    sinetti.passTime(HOUR_SECONDS);
    expect((await sinetti.run("eero", "approve", pending)).json()).toMatchObject({ state: "done" });
    expect((await sinetti.run("tuuli", "status")).exit).toBe(0);
    // The administrator's next command names them; their seat is given by the next command of who sits in the office.
    expect((await sinetti.run("aino", "status")).stderr).not.toContain("is admitted now");
    expect((await sinetti.run("tuuli", "member", "list")).json()).toHaveLength(4);
    const find = ["patient", "find", "--phone", "0401234567"];
    expect((await sinetti.run("tuuli", ...find)).json()).not.toMatchObject([
      { name: "Pekka Uusi" },
    ]);
    expect((await sinetti.run("sari", "status")).exit).toBe(0);
    const admitted = await sinetti.run("aino", "approve", "list");
    expect(admitted.stderr).toContain("is admitted now");
    const kinds = admitted.json<{ kind: string }[]>().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith("team"))).toEqual([]);
    expect((await sinetti.run("tuuli", ...find)).json()).toMatchObject([{ name: "Pekka Uusi" }]);
    const file = sinetti.file("person.json", { name: "Uuno Uusin", phone: "0401234568" });
    expect((await sinetti.run("tuuli", "patient", "add", "--file", file)).exit).toBe(0);
  });

  it("refuses whose membership is ended, whatever their device holds", async () => {
    const members = (await sinetti.run("aino", "member", "list")).json<
      { member: string; name: string }[]
    >();
    const sari = members.find(({ name }) => name === "sari")?.member ?? "";
    expect((await sinetti.run("aino", "member", "end", sari)).exit).toBe(0);
    expect((await sinetti.run("sari", "patient", "find", "--phone", "0401234567")).exit).toBe(3);
  });
});
