import { afterAll, beforeAll, expect, test } from "vitest";
import { listGranted, openRoster } from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice } from "./testWorld.ts";

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

test("two screens that open a new therapist's caseload at once make one, and not two", async () => {
  const { client: founder } = await foundPractice(system, ["admin"]);
  const { client } = await addMember(system, founder, ["therapist"]);
  const open = () => openRoster(client.context, true);
  const [first, second] = await Promise.all([open(), open()]);
  expect(second.file.file).toBe(first.file.file);
  const granted = await listGranted(client.context, "who");
  expect(granted.filter(({ compartment }) => compartment === "roster")).toHaveLength(1);
});
