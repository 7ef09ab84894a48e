import { afterAll, beforeAll, expect, test } from "vitest";
import { weekOf } from "@sinetti/core";
import { openDirectory, readmitMember, renewGrant } from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { addMember, foundPractice } from "../testWorld.ts";

const WEEK = 7 * 86_400;

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

test("an officer whose own access to the directory ended, since nobody may renew it, is given it anew by an administrator", async () => {
  const { client: founder } = await foundPractice(system, ["admin"]);
  const officer = await addMember(system, founder, ["privacy"]);
  await addMember(system, founder, ["office"]);
  const { file } = await openDirectory(founder.context);
  system.clock.advance(10 * WEEK);
  await renewGrant(officer.client.context, file, {
    subject: { type: "member", id: founder.member },
    rights: 7,
    term: "standing",
    expires: weekOf(system.clock.now()) + 13,
  });
  system.clock.advance(6 * WEEK);
  const open = async () => {
    officer.client.lock();
    return openDirectory(officer.client.context);
  };
  await expect(open()).rejects.toMatchObject({ code: "refused" });
  await readmitMember(founder.context, officer.member);
  expect((await open()).values.size).toBeGreaterThan(3);
});
