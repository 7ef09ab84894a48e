import { afterAll, beforeAll, expect, test } from "vitest";
import { confirmClock, createFiles, generateCaseId, openFiles } from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice } from "./testWorld.ts";

const HOUR = 3600;
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

test("a gate whose clock fell behind its log releases nothing until an administrator has confirmed it", async () => {
  const { client: founder } = await foundPractice(system, ["therapist", "admin"]);
  const { client: therapist } = await addMember(system, founder, ["therapist"]);
  const wish = { file: null, compartment: "care", case: generateCaseId(), site: null } as const;
  const files = await createFiles(founder.context, [{ ...wish, grants: [] }]);
  const open = async (): Promise<string[]> => {
    founder.lock();
    const opened = await openFiles(founder.context, files, { purpose: "session" });
    return opened.map(({ outcome }) => outcome);
  };
  expect(await open()).toEqual(["released"]);
  system.clock.advance(-HOUR);
  await expect(open()).rejects.toMatchObject({ problem: "clock-jump" });
  await expect(confirmClock(therapist.context)).rejects.toMatchObject({
    problem: "not-authorised",
  });
  await confirmClock(founder.context);
  expect(await open()).toEqual(["released"]);
});
