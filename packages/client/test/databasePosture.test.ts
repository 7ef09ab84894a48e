import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askForLook, readBorneFaults, readPosture } from "@sinetti/client";
import { boardFinding, exceptedFinding, writeBoard } from "../../../tools/testBoard.ts";
import { TestClock, startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { foundPractice, type TestDeviceWorld } from "./testWorld.ts";

let boards: string;
let system: TestSystem;
let world: TestDeviceWorld;
let client: Awaited<ReturnType<typeof foundPractice>>["client"];

const fileOf = (service: string): string => join(boards, `posture.${service}.cbor`);

beforeAll(async () => {
  boards = mkdtempSync(join(tmpdir(), "sinetti-boards-"));
  system = await startTestSystem(new TestClock(), { boards });
  ({ client, world } = await foundPractice(system));
  const { practice } = client.context.device.owner;
  const signed = [{ practice, by: client.member }];
  const findings = [boardFinding(), exceptedFinding("2027-01-15", signed)];
  writeBoard(fileOf("who"), { service: "who", findings });
  writeFileSync(fileOf("what"), "{}");
});
afterAll(async () => {
  await system.stop();
  rmSync(boards, { recursive: true });
});

describe("posture, as a device reads it", () => {
  test("has each database with what its own service says, and who signed by name", async () => {
    const { databases, hosts } = await readPosture(client);
    expect(databases.map(({ database, state }) => [database, state])).toEqual([
      ["who", "seen"],
      ["what", "broken"],
      ["gate", "missing"],
    ]);
    const [who] = databases;
    expect([who?.isLate, who?.looked, hosts]).toEqual([true, "2026-09-21T14:13:20.000Z", null]);
    expect(who?.findings.map(({ until, by }) => [until, by])).toEqual([
      [null, []],
      ["2027-01-15", [expect.stringMatching(/\p{L}/u)]],
    ]);
    expect(who?.findings[1]?.by).not.toContain(client.member);
  });

  test("tells what is borne by one request to each service, and nothing of one that is silent", async () => {
    world.requests.length = 0;
    expect(await readBorneFaults(client)).toEqual([
      { database: "who", until: ["2027-01-15"], open: 1 },
      { database: "what", until: [], open: null },
      { database: "gate", until: [], open: null },
    ]);
    expect(world.requests.toSorted()).toEqual(
      ["gate", "what", "who"].map((service) => `${service} /v1/posture/read`),
    );
    world.interrupt = (_at, request) => {
      if (request.startsWith("who ")) throw new TypeError("fetch failed");
    };
    expect((await readBorneFaults(client))[0]).toEqual({ database: "who", until: [], open: null });
    expect((await readPosture(client)).databases[0]?.state).toBe("silent");
    expect(await askForLook(client)).toBe(2);
    world.interrupt = () => undefined;
    expect(await askForLook(client)).toBe(3);
    expect(["who", "what", "gate"].every((name) => existsSync(`${fileOf(name)}.ask`))).toBe(true);
  });
});
