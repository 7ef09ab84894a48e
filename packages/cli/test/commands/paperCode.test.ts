import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

const HOUR_SECONDS = 3600;
const CODE = "SINETTI_PAPER_CODE";

describe("a practice of one that has frozen itself", () => {
  let sinetti: StartedPractice;
  let breakGlass: string;
  let kit: string;

  beforeAll(async () => {
    sinetti = await startPractice();
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino", "--solo"];
    const made = await sinetti.run("aino", ...words, "--roles", "therapist,admin,privacy");
    ({ breakGlass, kit } = made.json<{ breakGlass: string; kit: string }>());
    await sinetti.run("aino", "freeze");
  });
  afterAll(() => sinetti.stop());
  afterEach(() => {
    delete process.env[CODE];
  });

  it("stays frozen without the paper code, with another paper, and before its hour is over", async () => {
    sinetti.passTime(HOUR_SECONDS / 2);
    expect((await sinetti.run("aino", "thaw")).json()).not.toHaveProperty("thawed");
    process.env[CODE] = "not a code";
    expect((await sinetti.run("aino", "thaw", "--paper-code")).exit).toBe(6);
    process.env[CODE] = kit;
    expect((await sinetti.run("aino", "thaw", "--paper-code")).exit).toBe(3);
    process.env[CODE] = breakGlass;
    const early = await sinetti.run("aino", "thaw", "--paper-code");
    expect(early.json()).not.toHaveProperty("thawed");
    expect((await sinetti.run("aino", "patient", "list")).exit).toBe(3);
  });

  it("is thawed by the code and its one member after the hour", async () => {
    sinetti.passTime(HOUR_SECONDS);
    process.env[CODE] = breakGlass;
    expect((await sinetti.run("aino", "thaw", "--paper-code")).json()).toMatchObject({
      thawed: true,
    });
    expect((await sinetti.run("aino", "patient", "list")).json()).toEqual([]);
  });
});
