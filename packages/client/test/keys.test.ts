import { webcrypto } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Secret } from "@sinetti/core";
import { kemKeyFromSeed, openEntry, openWrap } from "@sinetti/core/secret";
import {
  Client,
  addNote,
  addPatient,
  createPractice,
  findPatientFiles,
  grantPatient,
  openCare,
  openFiles,
  revokePatient,
  type RequestKey,
} from "@sinetti/client";
import { databaseUrlToOptions } from "../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { NOTE, PERSON } from "./samples.ts";
import { PASSWORD, addMember, foundPractice, restart, testWorld } from "./testWorld.ts";

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

/** A key that the platform signs with and that nobody, this test included, can read. */
async function platformKey(): Promise<RequestKey> {
  const pair = await webcrypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new TypeError("not a pair");
  const publicKey = new Uint8Array(await webcrypto.subtle.exportKey("raw", pair.publicKey));
  return {
    publicKey,
    sign: async (base) =>
      new Uint8Array(await webcrypto.subtle.sign("Ed25519", pair.privateKey, Buffer.from(base))),
  };
}

describe("the request key", () => {
  test("may be one that the platform keeps and never gives away", async () => {
    const world = { ...testWorld(system), requestKey: await platformKey() };
    const { client } = await createPractice(world, {
      endpoints: system.endpoints,
      installationCode: system.code(),
      password: PASSWORD,
      roles: ["therapist", "admin"],
    });
    await client.context.practice.sync(client.context.services);
    const other = { ...world, requestKey: await platformKey() };
    await expect(
      Client.unlock(other, { password: PASSWORD, endpoints: system.endpoints }),
    ).rejects.toMatchObject({ code: "verification-failed" });
    expect(
      (await Client.unlock(world, { password: PASSWORD, endpoints: system.endpoints })).practice
        .practice,
    ).toBe(client.practice.practice);
  });
});

describe("a device at unlock", () => {
  test("refuses another password, and a storage that was moved away from its factor", async () => {
    const { world } = await foundPractice(system);
    await expect(
      Client.unlock(world, { password: "another", endpoints: system.endpoints }),
    ).rejects.toMatchObject({ code: "wrong-password" });
    const moved = { ...testWorld(system), storage: world.storage };
    await expect(
      Client.unlock(moved, { password: PASSWORD, endpoints: system.endpoints }),
    ).rejects.toMatchObject({ code: "wrong-password" });
  });
});

interface WrapRow {
  readonly epoch: string;
  readonly sealed: Uint8Array;
}

describe("a former colleague with old keys and a dump of everything", () => {
  test("opens nothing that was written after they were revoked", async () => {
    const { client } = await foundPractice(system);
    const former = await addMember(system, client, ["therapist"]);
    const { patient } = await addPatient(client, PERSON);
    await grantPatient(client, patient, {
      member: former.member,
      rights: 1,
      untilSeconds: null,
      reason: "care",
    });
    const theirs = await openCare(former.client, patient);
    const oldKey = theirs.keys.get(1) as Secret<"file-key">;
    await revokePatient(client, patient, former.member);
    const care = await openCare(client, patient);
    await addNote(client, care, NOTE);
    expect(care.access.epochs).toHaveLength(2);

    // Their old key against the new entry, under each epoch that they might claim.
    const newest = care.links.at(-1);
    const header = newest?.body.entries[0];
    const box = newest?.boxes?.[0];
    if (header === undefined || box === undefined) throw new TypeError("no entry");
    const base = { practice: care.access.practice, file: care.file, compartment: "care" as const };
    for (const epoch of [1, 2])
      expect(() => openEntry(oldKey, { ...base, epoch }, { header, box })).toThrow(
        /could not be opened/,
      );

    // Every wrap of the new epoch in the database, with every key that they ever held.
    const sql = postgres({ ...databaseUrlToOptions(system.databases.what.superUrl), max: 1 });
    const rows = await sql<
      WrapRow[]
    >`select epoch, sealed from wraps where file = decode(${care.file}, 'hex')`;
    await sql.end();
    expect(rows.some(({ epoch }) => Number(epoch) === 2)).toBe(true);
    for (const { version, seed } of former.client.context.device.seeds.member) {
      const key = kemKeyFromSeed(Uint8Array.from(seed));
      for (const { epoch, sealed } of rows.filter((row) => Number(row.epoch) === 2)) {
        const wrap = {
          subject: { type: "member" as const, id: former.member },
          keyVersion: version,
          batch: null,
          sealed: Uint8Array.from(sealed),
        };
        expect(() => openWrap(wrap, key, { ...base, epoch: Number(epoch) })).toThrow(
          /could not be opened/,
        );
      }
    }
    // And their device, restarted with what it has on disk, gets nothing from any service.
    const again = await restart(system, former.world);
    const files = await findPatientFiles(client, patient);
    for (const ref of [files.identity, files.care].filter((each) => each !== null)) {
      const [opened] = await openFiles(again.context, [ref], { purpose: "session" });
      expect(opened?.outcome).toBe("not-granted");
    }
  });
});
