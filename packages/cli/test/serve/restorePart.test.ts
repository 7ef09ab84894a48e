import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Ran } from "../commands/startedPractice.ts";
import { ServedSystem } from "./servedSystem.ts";

const CODE = "SINETTI_PAPER_CODE";
const PARTS = ["who", "what", "gate", "app"] as const;
type Service = "who" | "what" | "gate";

let system: ServedSystem;
let breakGlass: string;
let patient: string;

const at = (name: string): string => join(system.place.path, name);
const run = (...words: string[]): Promise<Ran> => system.run("aino", ...words);
const codeOf = async (...words: string[]): Promise<[number | null, string]> => {
  const ran = await run(...words);
  return [ran.exit, ran.json<{ error: { code: string } }>().error.code];
};
const configOf = (part: Service): string => system.made[part].config;

async function halt(...parts: Service[]): Promise<void> {
  await Promise.all(parts.map(async (part) => system.served[part]?.stop()));
}

async function serveAgain(...parts: Service[]): Promise<void> {
  await Promise.all(parts.map((part) => system.serve(part)));
}

/** What an archive of PostgreSQL's own gives back: the whole cluster as it was. */
async function keepMoment(part: Service, name: string): Promise<void> {
  const data = dirname(system.clusters[part].hbaFile);
  await halt(part);
  await system.clusters[part].restart(() => execFileSync("cp", ["-a", data, at(name)]));
  await serveAgain(part);
}

async function bringBack(part: Service, name: string): Promise<void> {
  const data = dirname(system.clusters[part].hbaFile);
  await system.clusters[part].restart(() => {
    rmSync(data, { recursive: true });
    execFileSync("cp", ["-a", at(name), data]);
  });
}

async function handOver(from: Service, to: Service): Promise<string> {
  const folder = at(`${from}-for-${to}`);
  const words = ["hand-over", "--config", configOf(from), "--to", to, "--out", folder];
  const done = await run("restore", ...words);
  expect([done.exit, done.stderr]).toEqual([0, ""]);
  return folder;
}

async function addNote(text: string): Promise<string> {
  const note = at("note.json");
  const sections = { subjective: text, objective: "Calm.", assessment: "Better.", plan: "On." };
  writeFileSync(note, JSON.stringify({ sections }));
  const added = await run("note", "add", patient, "--template", "soap", "--file", note);
  return added.json<{ entry: string }>().entry;
}

const read = async (entry: string): Promise<string> =>
  (await run("note", "show", patient, entry)).stdout;

async function resume(): Promise<string[]> {
  process.env[CODE] = breakGlass;
  return (await run("resume", "--paper-code")).json<{ resumed: string[] }>().resumed;
}

beforeAll(async () => {
  system = await ServedSystem.make();
  await Promise.all(PARTS.map((part) => system.serve(part)));
  const code = readFileSync(system.made.gate.installationCode ?? "", "utf8").trim();
  const words = ["--name", "Kuusi", "--member", "Aino", "--roles", "therapist,admin,privacy"];
  const founded = await run("practice", "create", "--solo", ...words, "--install-code", code);
  ({ breakGlass } = founded.json<{ breakGlass: string }>());
  const person = at("person.json");
  writeFileSync(person, JSON.stringify({ name: "Maija Invented" }));
  ({ patient } = (await run("patient", "add", "--file", person)).json<{ patient: string }>());
});
afterEach(() => {
  delete process.env[CODE];
});
afterAll(async () => {
  await system.stop();
});

describe("a part whose PostgreSQL was brought back to an earlier moment", () => {
  it("is given nothing while either service runs, nothing of the other vault's, and nothing over what is there", async () => {
    const hand = ["restore", "hand-over", "--config", configOf("gate"), "--out", at("early")];
    expect(await codeOf(...hand, "--to", "what")).toEqual([3, "still-running"]);
    expect(existsSync(at("early"))).toBe(false);
    const across = ["restore", "hand-over", "--config", configOf("who"), "--out", at("early")];
    expect((await run(...across, "--to", "what")).exit).toBe(2);
    const take = ["restore", "part", "--config", configOf("what")];
    expect(await codeOf(...take)).toEqual([3, "still-running"]);
    expect(await codeOf(...take, at("nowhere"))).toEqual([6, "incomplete"]);
  });

  it("takes what the gate has accepted since, is still until it is resumed, and has then lost nothing that a device knows", async () => {
    const before = await addNote("Invented: before the moment.");
    await keepMoment("what", "earlier");
    const after = await addNote("Invented: after the moment.");
    await halt("gate", "what");
    await bringBack("what", "earlier");
    const folder = await handOver("gate", "what");
    const over = ["--config", configOf("gate"), "--to", "what", "--out", folder];
    expect(await codeOf("restore", "hand-over", ...over)).toEqual([3, "data-exists"]);
    const take = ["restore", "part", "--config", configOf("what")];
    const [name = ""] = readdirSync(folder);
    const whole = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), whole.subarray(0, whole.length - 1));
    expect((await run(...take, folder)).exit).not.toBe(0);
    writeFileSync(join(folder, name), whole);
    const taken = await run(...take, folder);
    expect(taken.json()).toMatchObject({ part: "what", practices: [name.slice(0, 32)] });
    await serveAgain("gate", "what");
    expect(await codeOf("note", "show", patient, before)).toEqual([3, "restored"]);
    expect(await resume()).toEqual(["what"]);
    expect(await read(before)).toContain("before the moment");
    expect(await read(after)).toContain("after the moment");
    expect(await read(await addNote("Invented: and on."))).toContain("and on");
  });

  it("takes it as the gate from both vaults, before it puts anything in order again", async () => {
    await keepMoment("gate", "earlier-gate");
    const person = at("second.json");
    writeFileSync(person, JSON.stringify({ name: "Olli Invented" }));
    const added = await run("patient", "add", "--file", person);
    ({ patient } = added.json<{ patient: string }>());
    const entry = await addNote("Invented: of a record that the gate forgot.");
    await halt("gate", "who", "what");
    await bringBack("gate", "earlier-gate");
    const folders = [await handOver("who", "gate"), await handOver("what", "gate")];
    const taken = await run("restore", "part", "--config", configOf("gate"), ...folders);
    expect(taken.json<{ statements: number }>().statements).toBeGreaterThan(0);
    await serveAgain("gate", "who", "what");
    expect(await codeOf("note", "show", patient, entry)).toEqual([3, "restored"]);
    expect(await resume()).toEqual(["gate"]);
    expect(await read(entry)).toContain("that the gate forgot");
  });
});
