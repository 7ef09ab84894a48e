import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MemberId } from "@sinetti/core";
import {
  addPatient,
  fetchFiles,
  findPatientFiles,
  grantPatient,
  heldAlone,
  openCare,
  openFiles,
  revokePatient,
  type Client,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

interface Person {
  readonly client: Client;
  readonly world: TestDeviceWorld;
  readonly member: MemberId;
}

let system: TestSystem;
let officer: Client;
let therapist: Person;
let colleague: Person;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: officer } = await foundPractice(system, ["admin", "privacy"]));
  therapist = await addMember(system, officer, ["therapist"]);
  colleague = await addMember(system, officer, ["therapist"]);
  await therapist.client.context.practice.sync(therapist.client.context.services);
});
afterAll(() => system.stop());

/** A patient of the therapist, of whom the colleague holds these rights. */
async function shared(rights: number): Promise<string> {
  const { patient } = await addPatient(therapist.client, PERSON);
  await openCare(therapist.client, patient);
  const wish = { member: colleague.member, rights, untilSeconds: null, reason: "care" } as const;
  await grantPatient(therapist.client, patient, wish);
  return patient;
}

async function outcome({ client }: Person, { care }: Refs): Promise<string | undefined> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  if (care === null) throw new TypeError("no care file");
  const [opened] = await openFiles(client.context, [care], { purpose: "session" });
  return opened?.outcome;
}
type Refs = Awaited<ReturnType<typeof findPatientFiles>>;

describe("revoking access to a record", () => {
  test("is refused for the last who could hand it on, and nothing is taken; a reader goes at once", async () => {
    const patient = await shared(1);
    const refs = await findPatientFiles(therapist.client, patient);
    await expect(revokePatient(therapist.client, patient, therapist.member)).rejects.toMatchObject({
      code: "refused",
      detail: "last-holder",
    });
    expect(await outcome(therapist, refs)).toBe("released");
    expect(await revokePatient(therapist.client, patient, colleague.member)).toHaveLength(2);
    expect(await outcome(colleague, refs)).toBe("not-granted");
  });

  test("by two who hold it, each of the other, at the same time, leaves one of them", async () => {
    const patient = await shared(7);
    const refs = await findPatientFiles(therapist.client, patient);
    expect(await outcome(colleague, refs)).toBe("released");
    const { world } = colleague;
    const { fetch } = world;
    let isDone = false;
    Object.assign(world, {
      fetch: async (url: string, init: RequestInit) => {
        if (!isDone && /\/v1\/(stop|access\/submit)$/.test(url)) {
          isDone = true;
          await revokePatient(therapist.client, patient, colleague.member);
        }
        return fetch(url, init);
      },
    });
    await expect(revokePatient(colleague.client, patient, therapist.member)).rejects.toMatchObject({
      code: "unknown-record",
    });
    Object.assign(world, { fetch });
    expect(await outcome(therapist, refs)).toBe("released");
    expect(await outcome(colleague, refs)).toBe("not-granted");
  });

  test("acts at the vault while the gate is away, and in the chain once it is back", async () => {
    const patient = await shared(7);
    const refs = await findPatientFiles(therapist.client, patient);
    const { identity } = refs;
    if (identity === null) throw new TypeError("no identity file");
    expect(await outcome(colleague, refs)).toBe("released");
    therapist.world.interrupt = (at, request) => {
      if (at === "before" && request.startsWith("gate")) throw new TypeError("away");
    };
    const revoked = revokePatient(therapist.client, patient, colleague.member);
    await expect(revoked).rejects.toMatchObject({ code: "unreachable" });
    // The first of the two files: the vault that keeps it gives it no more, whatever the gate knows.
    const stopped = await fetchFiles(colleague.client.context, [identity], { boxes: false });
    expect(stopped.size).toBe(0);
    therapist.world.interrupt = () => undefined;
    await therapist.client.resume();
    await revokePatient(therapist.client, patient, colleague.member);
    expect(await outcome(colleague, refs)).toBe("not-granted");
    const wish = {
      member: colleague.member,
      rights: 7,
      untilSeconds: null,
      reason: "care",
    } as const;
    await grantPatient(therapist.client, patient, wish);
    expect(await outcome(colleague, refs)).toBe("released");
  });
});

describe("before a member ends", () => {
  test("a privacy officer sees how many records only they hold; nobody else does", async () => {
    const before = await heldAlone(officer, therapist.member);
    await addPatient(therapist.client, PERSON);
    await shared(1);
    await shared(7);
    expect(await heldAlone(officer, therapist.member)).toBe(Number(before) + 4);
    expect(await heldAlone(therapist.client, colleague.member)).toBeNull();
  });
});
