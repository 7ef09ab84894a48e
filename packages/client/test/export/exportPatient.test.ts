import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { generateHybridIdentity, generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  ClientError,
  addAmendment,
  addExportRequest,
  addNote,
  addPatient,
  appendEntries,
  encodeBody,
  exportPatient,
  grantPatient,
  importFhir,
  listExportRequests,
  listPatients,
  openCare,
  putAttachment,
  readAccessLog,
  readNotes,
  verifyPackage,
  type Client,
  type ExportWish,
} from "@sinetti/client";
import type { WithholdWish } from "@sinetti/practice";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { NOTE, PERSON } from "../samples.ts";
import { addMember, foundPractice } from "../testWorld.ts";
import { inPieces, openPackage, testTools, textOf } from "./packages.ts";

let system: TestSystem;
let client: Client;
let identity: string;
let to: ExportWish["to"];

beforeAll(async () => {
  system = await startTestSystem();
  ({ client } = await foundPractice(system));
  identity = await generateIdentity();
  to = { recipients: [await identityToRecipient(identity)] };
});
afterAll(() => system.stop());

const SECRET = "Slept badly, works again.";
const wish = (more: Partial<ExportWish> = {}): ExportWish => ({
  to,
  forWhom: "patient",
  reason: "access-request",
  withhold: [],
  ...more,
});

async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}

/** A patient with a corrected note and a document of some size. */
async function samplePatient(): Promise<{ patient: string; entry: string; pdf: Uint8Array }> {
  const { patient } = await addPatient(client, PERSON);
  const care = await openCare(client, patient);
  const entry = await addNote(client, care, NOTE);
  const pdf = new Uint8Array(700_000).map((_, index) => (index * 31 + (index >> 8)) & 255);
  const { link, carried } = await putAttachment(client.context, care, bytesOf(pdf));
  const { attachment: id, ...rest } = link;
  const body = encodeBody("care", {
    v: 1,
    type: "document",
    at: "2026-11-20T10:00:00Z",
    title: "../../Lähete: lääkäri/2026.pdf",
    mediaType: "application/pdf",
    attachment: { id, ...rest },
  });
  await appendEntries(client.context, [
    {
      file: care,
      entries: [{ id: generateEntryId(), class: "attachment", body, attachment: carried }],
    },
  ]);
  return { patient, entry, pdf };
}

/** Everything readable in a package: its files, and the inflated streams of its PDF. */
function everything(files: Record<string, Uint8Array>): string {
  const texts = Object.values(files).map((bytes) => Buffer.from(bytes).toString("latin1"));
  const pdf = Buffer.from(files["record.pdf"] ?? new Uint8Array(0)).toString("latin1");
  for (const { index } of pdf.matchAll(/stream\r?\n/g)) {
    const start = index + (pdf[index + 6] === "\r" ? 8 : 7);
    try {
      texts.push(inflateSync(Buffer.from(pdf.slice(start), "latin1")).toString("latin1"));
    } catch {
      continue;
    }
  }
  return texts.join("\n");
}

describe("an export is refused", () => {
  test.each([
    ["nobody", { recipients: [] }],
    ["what is no recipient", { recipients: ["age1nobody"] }],
    ["a secret key", { recipients: ["AGE-SECRET-KEY-1QQQ"] }],
  ])("for %s, before anything is opened", async (_name, recipients) => {
    const { patient } = await addPatient(client, PERSON);
    const before = (await readAccessLog(client, patient)).length;
    const { tools, sealed } = testTools();
    await expect(
      exportPatient(client, patient, { wish: wish({ to: recipients }), tools }),
    ).rejects.toMatchObject({ code: "recipient-invalid" });
    expect(sealed()).toHaveLength(0);
    expect(await readAccessLog(client, patient)).toHaveLength(before);
  });

  test("for ordinary and post-quantum recipients together", async () => {
    const hybrid = await identityToRecipient(await generateHybridIdentity());
    const both = { recipients: [...("recipients" in to ? to.recipients : []), hybrid] };
    const { tools } = testTools();
    await expect(
      exportPatient(client, "00".repeat(16), { wish: wish({ to: both }), tools }),
    ).rejects.toMatchObject({ code: "recipient-invalid" });
  });

  test("by a colleague without a grant", async () => {
    const { patient } = await addPatient(client, PERSON);
    const second = await addMember(system, client, ["therapist"]);
    const { tools, sealed } = testTools();
    await expect(exportPatient(second.client, patient, { wish: wish(), tools })).rejects.toThrow(
      ClientError,
    );
    expect(sealed()).toHaveLength(0);
  });

  test("by a supervisor who may only read, since nothing could say so in the record", async () => {
    const { patient } = await samplePatient();
    const second = await addMember(system, client, ["supervisor"]);
    const grant = { member: second.member, rights: RIGHTS.read, reason: "supervision" as const };
    const [care] = await grantPatient(client, patient, { ...grant, untilSeconds: null });
    const { tools, sealed } = testTools();
    await expect(
      exportPatient(second.client, care ?? "", { wish: wish(), tools }),
    ).rejects.toMatchObject({ code: "not-logged" });
    expect(sealed()).toHaveLength(0);
  });

  test("when a passage to withhold is not there, naming which", async () => {
    const { patient } = await samplePatient();
    const withhold: WithholdWish[] = [
      { entry: "00".repeat(16), code: "harm", reason: "no reason at all" },
    ];
    const { tools, sealed } = testTools();
    await expect(
      exportPatient(client, patient, { wish: wish({ withhold }), tools }),
    ).rejects.toMatchObject({
      code: "withhold-refused",
      details: ["1: no such entry in this record"],
    });
    expect(sealed()).toHaveLength(0);
  });

  test("when it is stopped half way", async () => {
    const { patient } = await samplePatient();
    let asked = 0;
    const { tools } = testTools({ isStopped: () => ++asked > 6 });
    await expect(exportPatient(client, patient, { wish: wish(), tools })).rejects.toMatchObject({
      code: "stopped",
    });
  });
});

describe("an export", () => {
  test("holds the record for people and for machines, the document whole, the log, and hashes of all", async () => {
    const { patient, entry, pdf } = await samplePatient();
    const { tools, sealed } = testTools();
    const report = await exportPatient(client, patient, { wish: wish(), tools });
    expect(report).toMatchObject({ documents: 1, withheld: 0, closed: [] });
    const files = await openPackage(sealed(), { identities: [identity] });
    const document = "documents/001-Lähete-lääkäri-2026.pdf";
    expect(Object.keys(files)).toEqual([
      "README.txt",
      "record.pdf",
      "record.fhir.json",
      "access-log.csv",
      "access-log.json",
      document,
      "manifest.json",
    ]);
    expect(files[document]).toEqual(pdf);
    expect(
      Buffer.from(files["record.pdf"] ?? [])
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
    const bundle = JSON.parse(textOf(files, "record.fhir.json")) as {
      entry: { resource: { id: string } }[];
    };
    expect(bundle.entry.some(({ resource }) => resource.id === entry)).toBe(true);
    expect(JSON.stringify(bundle)).toContain(document);
    const log = JSON.parse(textOf(files, "access-log.json")) as { purpose: string }[];
    expect(log.some(({ purpose }) => purpose === "export")).toBe(true);
    expect(textOf(files, "access-log.csv").split("\r\n")).toHaveLength(log.length + 2);
    const manifest = JSON.parse(textOf(files, "manifest.json")) as {
      parts: { name: string; sha256: string }[];
    };
    for (const { name, sha256 } of manifest.parts)
      expect(
        createHash("sha256")
          .update(files[name] ?? "")
          .digest("hex"),
      ).toBe(sha256);
  });

  test("gives a whole package again to whoever verifies it, and tells when a byte was changed", async () => {
    const { patient } = await samplePatient();
    const { tools, sealed } = testTools();
    await exportPatient(client, patient, { wish: wish(), tools });
    const bytes = sealed();
    const how = { by: { identities: [identity] }, startHash: tools.startHash };
    const found = await verifyPackage(() => inPieces(bytes), how);
    expect(found.parts).toHaveLength(6);
    const broken = Uint8Array.from(bytes);
    broken[bytes.length >> 1] = (broken[bytes.length >> 1] ?? 0) ^ 1;
    await expect(verifyPackage(() => inPieces(broken), how)).rejects.toMatchObject({
      code: "package-broken",
    });
    const other = { ...how, by: { identities: [await generateIdentity()] } };
    await expect(verifyPackage(() => inPieces(bytes), other)).rejects.toMatchObject({
      code: "wrong-identity",
    });
  });

  test("opens with a passphrase, and with a post-quantum identity", async () => {
    const { patient } = await addPatient(client, PERSON);
    const phrase = { passphrase: "aamu-7-tuuli" };
    const hybrid = await generateHybridIdentity();
    for (const [sealTo, by] of [
      [{ ...phrase, workFactor: 10 }, phrase],
      [{ recipients: [await identityToRecipient(hybrid)] }, { identities: [hybrid] }],
    ] as const) {
      const { tools, sealed } = testTools();
      await exportPatient(client, patient, { wish: wish({ to: sealTo }), tools });
      expect(Object.keys(await openPackage(sealed(), by))).toContain("record.pdf");
    }
  });

  test("is written into the record before it leaves, with whom it was for and when it was due", async () => {
    const { patient } = await samplePatient();
    await addExportRequest(client, patient, { requestedOn: "2026-10-31", by: "patient" });
    expect(await listExportRequests(client, patient)).toEqual([
      { requestedOn: "2026-10-31", dueOn: "2026-11-30", by: "patient", answeredAt: null },
    ]);
    const { tools } = testTools();
    const report = await exportPatient(client, patient, {
      wish: wish({ requestedOn: "2026-10-31" }),
      tools,
    });
    expect(report.dueOn).toBe("2026-11-30");
    const [row] = await listExportRequests(client, patient);
    expect(row?.answeredAt).not.toBeNull();
    const again = testTools();
    await exportPatient(client, patient, { wish: wish(), tools: again.tools });
    const files = await openPackage(again.sealed(), { identities: [identity] });
    expect(textOf(files, "record.fhir.json")).toContain(
      "for patient: access-request, identity, care",
    );
  });

  test("has nothing of a withheld passage in any of its parts, and says how much is missing", async () => {
    const { patient, entry } = await samplePatient();
    const withhold: WithholdWish[] = [
      { entry, field: "sections.subjective", code: "third-person", reason: "about somebody else" },
    ];
    const open = testTools();
    await exportPatient(client, patient, { wish: wish(), tools: open.tools });
    const all = await openPackage(open.sealed(), { identities: [identity] });
    expect(everything(all)).toContain(SECRET);
    const { tools, sealed } = testTools();
    const report = await exportPatient(client, patient, { wish: wish({ withhold }), tools });
    expect(report.withheld).toBe(1);
    const files = await openPackage(sealed(), { identities: [identity] });
    expect(everything(files)).not.toContain(SECRET);
    expect(everything(files)).not.toContain("Slept badly");
    expect(textOf(files, "README.txt")).toContain("Passages withheld: 1");
    expect(textOf(files, "manifest.json")).toContain('"withheld": 1');
    expect(textOf(files, "record.fhir.json")).toContain("about somebody else");
    expect(files["record.pdf"]?.length).toBeGreaterThan(0);
  });
});

describe("an exported record taken in by another practice", () => {
  test("is the same record, with its corrections and who wrote it, and goes in once", async () => {
    const { patient, entry, pdf } = await samplePatient();
    await addAmendment(client, await openCare(client, patient), {
      entry,
      content: {
        ...NOTE,
        sections: [{ id: "subjective", text: "corrected" }, ...NOTE.sections.slice(1)],
      },
      reason: "wrong word",
    });
    const { tools, sealed } = testTools();
    await exportPatient(client, patient, { wish: wish(), tools });
    const files = await openPackage(sealed(), { identities: [identity] });
    const bundle = textOf(files, "record.fhir.json");
    const elsewhere = await startTestSystem();
    try {
      const other = (await foundPractice(elsewhere)).client;
      const source = {
        name: "record.fhir.json",
        read: () => Promise.resolve(bundle),
        document: (path: string) => Promise.resolve(inPieces(files[path] ?? new Uint8Array(0))),
      };
      const take = () =>
        importFhir(other, [source], {
          dryRun: false,
          zone: "Europe/Helsinki",
          onProgress: () => undefined,
          isStopped: () => false,
        });
      expect(await take()).toMatchObject({ patients: 1, missingDocuments: 0, rejected: [] });
      expect(await take()).toMatchObject({ patients: 0, entries: 0, unchanged: 1 });
      const [row] = await listPatients(other);
      expect(row?.name).toBe("Aino Virtanen");
      const [note] = readNotes(other, await openCare(other, row?.patient ?? ""));
      expect(note?.original.sections).toEqual(NOTE.sections);
      expect(note?.amendments.map(({ amendment }) => amendment.reason)).toEqual(["wrong word"]);
      expect(note?.original.author).toBe(client.member);
      const again = testTools();
      await exportPatient(other, row?.patient ?? "", { wish: wish(), tools: again.tools });
      const theirs = await openPackage(again.sealed(), { identities: [identity] });
      expect(textOf(theirs, "record.fhir.json")).toContain('"display": "Founder"');
      expect(Object.values(theirs)).toContainEqual(pdf);
      const back = { ...source, read: () => Promise.resolve(textOf(theirs, "record.fhir.json")) };
      const how = {
        dryRun: false,
        zone: "UTC",
        onProgress: () => undefined,
        isStopped: () => false,
      };
      for (const here of [other, client])
        expect(await importFhir(here, [back], how)).toMatchObject({ patients: 0, entries: 0 });
    } finally {
      await elsewhere.stop();
    }
  });
});
