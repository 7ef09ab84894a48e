import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { startPractice, type StartedPractice } from "./startedPractice.ts";

const CODE = "SINETTI_PAPER_CODE";
const PERSON = {
  name: { family: "Virtanen", given: ["Aino"] },
  phones: [{ value: "+358401234567" }],
};
const NOTE = {
  session: { date: "2026-11-20", minutes: 45, attendance: "attended", modality: "in-person" },
  sections: [
    { id: "subjective", text: "Slept badly, works again." },
    { id: "objective", text: "Calm." },
    { id: "assessment", text: "Slow recovery." },
    { id: "plan", text: "Next week." },
  ],
  objectives: [],
};

interface Failed {
  error: { code: string };
}

describe("a practice that loses its machine", () => {
  let sinetti: StartedPractice;
  let breakGlass: string;
  let patient: string;
  let entry: string;
  let shelf: string;
  let restored: string;
  const run = (...words: string[]) => sinetti.run("aino", ...words);
  const codeOf = async (...words: string[]): Promise<[number | null, string]> => {
    const ran = await run(...words);
    return [ran.exit, ran.json<Failed>().error.code];
  };
  const at = (name: string): string => join(sinetti.path, name);
  const restoreTo = (data: string, more: string[] = []): string[] => [
    "restore",
    shelf,
    "--identity",
    at("identity.txt"),
    "--data",
    data,
    "--gate",
    at("gate.age"),
    "--gate-identity",
    at("gate-identity.txt"),
    ...more,
  ];
  const readNote = async (): Promise<string> => (await run("note", "show", patient, entry)).stdout;

  beforeAll(async () => {
    sinetti = await startPractice();
    shelf = at("shelf");
    restored = at("restored");
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino", "--solo"];
    const made = await run(...words, "--roles", "therapist,admin,privacy");
    ({ breakGlass } = made.json<{ breakGlass: string }>());
    const added = await run("patient", "add", "--file", sinetti.file("person.json", PERSON));
    ({ patient } = added.json<{ patient: string }>());
    const file = sinetti.file("note.json", NOTE);
    const noted = await run("note", "add", patient, "--template", "soap", "--file", file);
    ({ entry } = noted.json<{ entry: string }>());
    const identity = await generateX25519Identity();
    sinetti.file("gate-identity.txt", `${identity}\n`);
    const recipient = await identityToRecipient(identity);
    await run("gate", "backup", "--out", at("gate.age"), "--to", recipient);
  });
  afterAll(() => sinetti.stop());
  afterEach(() => {
    delete process.env[CODE];
  });

  it("has a backup whose identity was handed over once and lies nowhere, and which is not the gate's", async () => {
    const first = (await run("backup", "--out", shelf)).json<{
      backup: string;
      identity: string;
      recipients: string[];
    }>();
    expect(first.identity).toMatch(/^AGE-SECRET-KEY-PQ-1/);
    writeFileSync(at("identity.txt"), `${first.identity}\n`);
    expect(readdirSync(first.backup).toSorted()).toEqual(
      ["gate.age", "manifest.json", "manifest.sig", "what.age", "who.age"].toSorted(),
    );
    const [own] = first.recipients;
    const shared = ["gate", "backup", "--out", at("shared.age"), "--to", own ?? ""];
    expect(await codeOf(...shared)).toEqual([3, "recipient-shared"]);
    expect(existsSync(at("shared.age"))).toBe(false);
    const second = (await run("backup", "--out", shelf)).json<{ backup: string; identity: null }>();
    expect(second.identity).toBeNull();
    expect(readdirSync(shelf)).toHaveLength(2);
  });

  it("is not restored with another identity, out of a damaged file, or over what is there; and nothing is left of the attempt", async () => {
    await sinetti.halt();
    rmSync(at("data"), { recursive: true });
    const [newest] = readdirSync(shelf).toSorted().toReversed();
    const damaged = at("damaged");
    cpSync(join(shelf, newest ?? ""), damaged, { recursive: true });
    const bytes = readFileSync(join(damaged, "what.age"));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
    writeFileSync(join(damaged, "what.age"), bytes);
    const from = (folder: string, identity: string): string[] => [
      "restore",
      folder,
      "--identity",
      at(identity),
      "--data",
      restored,
    ];
    expect(await codeOf(...from(damaged, "identity.txt"))).toEqual([4, "damaged"]);
    expect(await codeOf(...from(shelf, "gate-identity.txt"))).toEqual([3, "wrong-identity"]);
    expect(await codeOf(...restoreTo(damaged))).toEqual([3, "data-exists"]);
    expect(readdirSync(sinetti.path).filter((name) => name.includes("restor"))).toEqual([]);
  });

  it("is whole again on an empty machine, still until its member resumes it with the paper code", async () => {
    const done = (await run(...restoreTo(restored))).json<{
      services: string[];
      hasGateKeys: boolean;
      signer: string;
    }>();
    expect(done).toMatchObject({ services: ["who", "what", "gate"], hasGateKeys: true });
    await sinetti.startOn(restored);
    expect(await codeOf("patient", "list")).toEqual([3, "restored"]);
    const asked = (await run("resume")).json<{ resumed: string[]; pending: string }>();
    expect(asked).toMatchObject({ resumed: [], pending: expect.any(String) });
    process.env[CODE] = breakGlass;
    const resumed = (await run("resume", "--paper-code")).json<{ resumed: string[] }>();
    expect(resumed.resumed.toSorted()).toEqual(["gate", "what", "who"]);
    expect(await readNote()).toContain("Slept badly, works again.");
    const next = (await run("backup", "--out", shelf)).json<{ identity: null; signer: string }>();
    expect(next).toMatchObject({ identity: null, signer: done.signer });
  });

  it("has its gate rebuilt from the vaults when that is gone, with the keys and not without", async () => {
    await sinetti.halt();
    rmSync(join(restored, "gate", "postgres"), { recursive: true });
    const identity = ["--identity", at("gate-identity.txt"), "--data", restored];
    expect(await codeOf("gate", "restore", at("gate.age"), ...identity)).toEqual([6, "incomplete"]);
    const rebuilt = await run("gate", "restore", at("gate.age"), ...identity, "--rebuild");
    expect(rebuilt.json()).toMatchObject({ rebuilt: true });
    await sinetti.startOn(restored);
    expect(await codeOf("note", "list", patient)).toEqual([3, "restored"]);
    process.env[CODE] = breakGlass;
    expect((await run("resume", "--paper-code")).json()).toMatchObject({ resumed: ["gate"] });
    expect(await readNote()).toContain("Slept badly, works again.");
  });
});
