import { randomBytes } from "node:crypto";
import {
  Client,
  approvePerson,
  createDirectory,
  createFiles,
  createPractice,
  finishDevice,
  generateCaseId,
  grantFiles,
  memberGrant,
  requestDevice,
} from "@sinetti/client";
import { RIGHTS, type Role } from "@sinetti/core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { check, deviceWorld } from "./soundSystem.ts";

const PASSWORD = randomBytes(8).toString("hex");
const ROLES: Role[] = ["therapist", "admin", "privacy"];
let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

test("a vault that came back from a backup is sound once its readers have handed in what it lacked, and names a wrap that nobody has", async () => {
  const { endpoints } = system;
  const world = deviceWorld(system);
  const { client: founder } = await createPractice(world, {
    endpoints,
    installationCode: system.code(),
    password: PASSWORD,
    roles: ROLES,
  });
  const person = { id: founder.member, name: "Founder", roles: ROLES };
  await createDirectory(founder.context, { name: "Practice", founder: person, site: "Main" });
  const theirs = deviceWorld(system);
  const ask = { endpoints, password: PASSWORD };
  const { code } = await requestDevice(theirs, { ...ask, isNewPerson: true });
  const { member } = await approvePerson(founder.context, code, ["therapist"]);
  await finishDevice(theirs, ask);
  const practice = founder.practice.practice;
  const putBack = await system.keep("what");

  const wish = { file: null, compartment: "care" as const, case: generateCaseId(), site: null };
  const [file] = await createFiles(founder.context, [{ ...wish, grants: [] }]);
  if (file === undefined) throw new TypeError("no file");
  const grant = memberGrant(founder.context, { member, rights: RIGHTS.read, reason: "care" });
  await grantFiles(founder.context, [file], grant);

  await putBack();
  await system.markRestored(practice, ["what"]);
  await system.handOver(practice, { from: "gate", to: "what" });
  const before = (await check(system)).broken;
  expect(new Set(before.map(({ what }) => what))).toEqual(new Set(["wrap-missing"]));
  expect(before).toHaveLength(3);

  await (await Client.unlock(world, ask)).resume();
  expect((await check(system)).broken).toEqual([]);
});
