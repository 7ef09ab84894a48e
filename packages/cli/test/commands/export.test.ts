import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Decrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

const PERSON = { resourceType: "Patient", id: "p1", name: [{ family: "Esimerkki" }] };
const BUNDLE = { resourceType: "Bundle", type: "collection", entry: [{ resource: PERSON }] };

describe("a record given out on the command line", () => {
  let sinetti: StartedPractice;
  let patient: string;
  let identity: string;
  let to: string;

  beforeAll(async () => {
    sinetti = await startPractice();
    identity = await generateIdentity();
    to = await identityToRecipient(identity);
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Tove"];
    await sinetti.run("tove", ...words, "--roles", "therapist,admin,privacy");
    await sinetti.run("tove", "import", "fhir", sinetti.file("in.json", BUNDLE));
    const [row] = (await sinetti.run("tove", "patient", "list")).json<{ patient: string }[]>();
    patient = row?.patient ?? "";
  });
  afterAll(() => sinetti.stop());

  it("is refused without a reader, to what is no reader, and over another file", async () => {
    const give = (...words: string[]) =>
      sinetti.run("tove", "export", "patient", patient, ...words);
    const out = join(sinetti.path, "no.age");
    expect((await give("--out", out)).exit).toBe(2);
    expect((await give("--to", "age1nobody", "--out", out)).exit).toBe(6);
    const there = sinetti.file("there.age", "older");
    expect((await give("--to", to, "--out", there)).exit).toBe(2);
    expect(readFileSync(there, "utf8")).toBe("older");
    expect(readdirSync(sinetti.path).filter((name) => /no\.age|\.part/.test(name))).toEqual([]);
  });

  it("opens with the reader's key alone, and every file in it is as its manifest says", async () => {
    const out = join(sinetti.path, "record.age");
    const ran = await sinetti.run("tove", "export", "patient", patient, "--to", to, "--out", out);
    const sealed = readFileSync(out);
    expect(ran.json()).toMatchObject({ file: out, bytes: sealed.length, withheld: 0 });
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const zip = await decrypter.decrypt(new Uint8Array(sealed));
    expect(Buffer.from(zip.subarray(0, 2)).toString()).toBe("PK");
    const key = sinetti.file("key.txt", `${identity}\n`);
    const verified = await sinetti.run("tove", "export", "verify", out, "--identity", key);
    const names = verified.json<{ parts: { name: string }[] }>().parts.map(({ name }) => name);
    expect(names).toContain("record.pdf");
    expect(names).toContain("record.fhir.json");
    const absent = join(sinetti.path, "absent.age");
    const unread = await sinetti.run("tove", "export", "verify", absent, "--identity", key);
    expect(unread).toMatchObject({ exit: 6, stderr: expect.stringContaining(absent) });
  });

  it("leaves with the whole practice only when a colleague has approved it", async () => {
    const out = join(sinetti.path, "leaving");
    const leave = ["export", "practice", "--to", to, "--out", out];
    expect((await sinetti.run("tove", ...leave)).exit).toBe(3);
    const add = ["member", "add", "--name", "Anna", "--roles", "therapist"];
    await sinetti.run("tove", ...add, "--new-profile", join(sinetti.path, "anna"));
    const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const ask = ["--count", "10", "--until", until, "--reason", "export"];
    const asked = await sinetti.run("tove", "openings", "request", ...ask);
    const { member } = asked.json<{ member: string }>();
    expect((await sinetti.run("tove", "openings", "approve", member, ...ask)).exit).toBe(3);
    expect((await sinetti.run("anna", "openings", "approve", member, ...ask)).exit).toBe(0);
    const done = await sinetti.run("tove", ...leave);
    expect(done.exit).toBe(0);
    expect(done.json()).toMatchObject({ packages: 1, gaps: [], finished: true });
    expect(readdirSync(out).sort()).toEqual(
      ["index.age", "manifest.json", `patient-${patient}.age`, "practice.age"].sort(),
    );
  });
});
