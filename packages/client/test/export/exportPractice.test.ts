import { createHash } from "node:crypto";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileId } from "@sinetti/core";
import {
  addPatient,
  approveOpenings,
  exportPractice,
  openStream,
  readApprovals,
  readIdentity,
  setCanary,
  openOne,
  type Client,
  type ExportFolder,
  type FolderManifest,
  type PracticeWish,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { PERSON } from "../samples.ts";
import { addMember, foundPractice } from "../testWorld.ts";
import { inPieces, openPackage, testTools, textOf } from "./packages.ts";

const DAY = 86_400;
/** Cases that a therapist opens in ten minutes, and two more. */
const PATIENTS = 14;

let system: TestSystem;
let client: Client;
let colleague: Client;
let identity: string;
let recipients: string[];
const patients: { patient: FileId; name: string }[] = [];

beforeAll(async () => {
  system = await startTestSystem();
  ({ client } = await foundPractice(system));
  colleague = (await addMember(system, client, ["therapist"])).client;
  identity = await generateIdentity();
  recipients = [await identityToRecipient(identity)];
  for (let index = 0; index <= PATIENTS; index++) {
    const name = { family: `Nimi${index}`, given: ["Aino"] };
    const { patient } = await addPatient(client, { ...PERSON, name });
    patients.push({ patient, name: `Aino ${name.family}` });
  }
  // The first that is given out: later on no approval is left, and then a canary stops whoever opens it.
  patients.sort((a, b) => (a.patient < b.patient ? -1 : 1));
  const [canary] = patients;
  if (canary === undefined) throw new TypeError("nobody was added");
  await setCanary(client.context, canary.patient, true);
  // What this device has made itself is free for a week.
  system.clock.advance(8 * DAY);
  client.context.files.dropLeases();
});
afterAll(() => system.stop());

/** A folder in memory that knows no half files. */
function memoryFolder(): {
  folder: ExportFolder;
  files: Map<string, Uint8Array>;
  manifest: () => FolderManifest;
} {
  const files = new Map<string, Uint8Array>();
  const folder: ExportFolder = {
    write: async (name, fill) => {
      const chunks: Uint8Array[] = [];
      const value = await fill((bytes) => {
        chunks.push(Uint8Array.from(bytes));
        return Promise.resolve();
      });
      const whole = new Uint8Array(Buffer.concat(chunks));
      files.set(name, whole);
      const sha256 = createHash("sha256").update(whole).digest("hex");
      return { bytes: whole.length, sha256, value };
    },
    size: (name) => Promise.resolve(files.get(name)?.length ?? null),
    readText: (name) => {
      const bytes = files.get(name);
      return Promise.resolve(bytes === undefined ? null : new TextDecoder().decode(bytes));
    },
  };
  const manifest = (): FolderManifest =>
    JSON.parse(new TextDecoder().decode(files.get("manifest.json"))) as FolderManifest;
  return { folder, files, manifest };
}

const wish = (folder: ExportFolder, isStopped = (): boolean => false): PracticeWish => ({
  to: { recipients },
  folder,
  tools: testTools({ isStopped }).tools,
});

/** The colleague's consent. */
async function approve(count: number): Promise<void> {
  const until = system.clock.now() + DAY;
  const approval = { scope: "all" as const, files: [], reason: "export" as const, count, until };
  await approveOpenings(colleague.context, { ...approval, subject: client.member });
}

const { folder, files, manifest } = memoryFolder();

describe("a whole practice", () => {
  test("does not leave without another person's approval, nor by one's own", async () => {
    const before = await readApprovals(client.context);
    expect(before).toEqual([]);
    await expect(exportPractice(client, wish(folder))).rejects.toMatchObject({
      code: "approval-missing",
    });
    expect(files.size).toBe(0);
  });

  test("stops where it is asked to, and where the gate wants another approval, with every file whole", async () => {
    await approve(1);
    expect(await readApprovals(client.context)).toMatchObject([
      { scope: "all", left: 1, reason: "export" },
    ]);
    let asked = 0;
    const stopped = await exportPractice(
      client,
      wish(folder, () => ++asked > 40),
    );
    expect(stopped).toMatchObject({ finished: false, waitsFor: null });
    expect(stopped.packages).toBeGreaterThan(0);
    const waiting = await exportPractice(client, wish(folder));
    expect(waiting).toMatchObject({ finished: false, waitsFor: "over-budget" });
    expect(waiting.packages).toBeLessThan(PATIENTS);
    expect(waiting.packages).toBeGreaterThanOrEqual(stopped.packages);
    for (const { file, bytes } of manifest().packages) expect(files.get(file)?.length).toBe(bytes);
  });

  test("goes on in another run without giving anything out twice, and ends with index, chains and log", async () => {
    const older = manifest().packages.map(({ sha256 }) => sha256);
    await approve(20);
    const done = await exportPractice(client, wish(folder));
    expect(done).toMatchObject({ finished: true, packages: PATIENTS, waitsFor: null });
    const now = manifest();
    expect(now.packages.map(({ sha256 }) => sha256)).toEqual(expect.arrayContaining(older));
    const chunks: Uint8Array[] = [];
    const sealed = files.get("index.age") ?? new Uint8Array(0);
    for await (const chunk of openStream(inPieces(sealed), { identities: [identity] }))
      chunks.push(chunk);
    const index = JSON.parse(Buffer.concat(chunks).toString()) as { name: string; file: string }[];
    const names = index.map(({ name }) => name).sort();
    expect(names).toEqual(
      patients
        .slice(1)
        .map(({ name }) => name)
        .sort(),
    );
    expect(index).toHaveLength(PATIENTS);
    for (const { file } of index) expect(files.has(file)).toBe(true);
    const practice = await openPackage(files.get("practice.age") ?? new Uint8Array(0), {
      identities: [identity],
    });
    const parts = Object.keys(practice);
    for (const start of ["practice-chain/000000.statement", "access-chains/", "gate-log.jsonl"])
      expect(parts.some((name) => name.startsWith(start))).toBe(true);
    expect(textOf(practice, "directory.json")).toContain("Founder");
    expect(textOf(practice, "directory.json")).not.toMatch(/importKey|lookupKey/);
    const log = textOf(practice, "gate-log.jsonl").trim().split("\n");
    expect(log.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([
      ...log.keys(),
    ]);
    const [first] = index;
    const record = await openPackage(files.get(first?.file ?? "") ?? new Uint8Array(0), {
      identities: [identity],
    });
    expect(textOf(record, "record.fhir.json")).toContain('"Bundle"');
  });

  test("never gives the invented patient out, and stops nobody for it", async () => {
    const { gaps } = manifest();
    expect(gaps).toMatchObject([{ compartment: "identity", outcome: "not-granted" }]);
    const [row] = [...manifest().packages];
    expect(row?.file).not.toBe(gaps[0]?.package);
    const { patient } = await addPatient(client, PERSON);
    const file = await openOne(client.context, { file: patient, vault: "who" }, "contact");
    expect(readIdentity(client.context, file).person).toBeDefined();
  });

  test("has no name in clear in its folder, and takes no other recipients", async () => {
    const clear = Buffer.from(files.get("manifest.json") ?? []).toString();
    expect(clear).not.toMatch(/Nimi|Aino/);
    const other = { recipients: [await identityToRecipient(await generateIdentity())] };
    await expect(exportPractice(client, { ...wish(folder), to: other })).rejects.toMatchObject({
      code: "other-export",
    });
  });
});
