import { randomBytes, createHmac } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  ClientError,
  finishDevice,
  listPatients,
  openCalendar,
  openCare,
  readLedger,
  readMeasures,
  readNotes,
  requestDevice,
  type Client,
  type World,
  findPatientFiles,
} from "@sinetti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadSuite } from "../../../../tools/testPractice.ts";
import { fillDemo } from "../../src/demo/fillDemo.ts";
import { openProfile } from "../../src/profile/profile.ts";
import { removeDataFolder } from "../../src/start/removeDataFolder.ts";
import { startSystem, type RunningSystem } from "../../src/start/startSystem.ts";

const PASSWORD = "a password of the browser";
const PLACE = { site: null, zone: "Europe/Helsinki" };
const dir = mkdtempSync(join(tmpdir(), "sinetti-demo-"));
let system: RunningSystem;
const closing: (() => void)[] = [];

beforeAll(async () => {
  await loadSuite();
  system = await startSystem({ dataDir: join(dir, "data"), port: 0, onLog: () => undefined });
  await fillDemo(system);
}, 300_000);
afterAll(async () => {
  for (const close of closing) close();
  await system.stop();
  removeDataFolder(dir);
});

const endpoints = () => ({ who: system.vaultWho, what: system.vaultWhat, gate: system.gate });

interface Asked {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function ask(body: unknown, headers: Record<string, string> = {}): Promise<Asked> {
  const answer = await fetch(`${system.web}/demo/device`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: system.web, ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** A device as a browser makes one: its own keys, the real ceremony, and one click. */
async function clickIn(role: string): Promise<Client> {
  const profile = openProfile(join(dir, `browser-${role}-${closing.length}`), { mayMake: true });
  closing.push(() => profile.close());
  const { world } = profile;
  const { code } = await requestDevice(world, {
    endpoints: endpoints(),
    password: PASSWORD,
    isNewPerson: false,
  });
  expect(await ask({ role, code })).toEqual({ status: 200, body: { ok: true } });
  const client = await finishDevice(world, { password: PASSWORD, endpoints: endpoints() });
  await client.resume();
  return client;
}

describe("the demonstration", () => {
  it("offers its staff by name and role", async () => {
    const staff: unknown = await (await fetch(`${system.web}/demo/roles`)).json();
    expect(staff).toEqual([
      { id: "aino", name: "Aino Laine", roles: ["therapist"] },
      { id: "mikael", name: "Mikael Sandström", roles: ["therapist", "supervisor"] },
      { id: "sari", name: "Sari Toivonen", roles: ["office"] },
      { id: "helena", name: "Helena Ranta", roles: ["privacy"] },
      { id: "veikko", name: "Veikko Salmi", roles: ["admin"] },
    ]);
  });

  it("lets a browser in as Aino by the real ceremony, who finds a year of work and two weeks ahead", async () => {
    const aino = await clickIn("aino");
    const patients = await listPatients(aino);
    expect(patients).toHaveLength(28);
    const [first] = patients;
    if (first === undefined) throw new TypeError("no patient");
    const care = await openCare(aino, first.patient);
    expect(readNotes(aino, care).length).toBeGreaterThan(4);
    expect(readMeasures(aino, care).length).toBeGreaterThan(0);
    const { bookings } = await openCalendar(aino, PLACE, { therapist: aino.member });
    expect(new Set(bookings.flatMap((booking) => booking.patients)).size).toBe(28);
  });

  it("shows a supervisor what was shared, and the office no care file but its invoices", async () => {
    const mikael = await clickIn("mikael");
    expect(await listPatients(mikael)).toHaveLength(16);
    const sari = await clickIn("sari");
    const { bookings } = await openCalendar(sari, PLACE);
    const patients = [...new Set(bookings.flatMap((booking) => booking.patients))];
    expect(patients).toHaveLength(40);
    const files = await findPatientFiles(sari, patients[0] ?? "");
    expect(files.care).toBeNull();
    const year = new Date().getUTCFullYear();
    const { invoices, gaps } = await readLedger(
      sari,
      { unit: "mallila", year },
      { zone: PLACE.zone },
    );
    expect(invoices).toHaveLength(8);
    expect(gaps).toEqual([]);
  });

  it("is filled once: a second start finds it and adds nobody", async () => {
    await fillDemo(system);
    const aino = await clickIn("aino");
    expect(await listPatients(aino)).toHaveLength(28);
    expect(Object.keys(aino.practice.members)).toHaveLength(5);
  });

  it("refuses whoever is not on the staff, a code that nobody shows, and a page of elsewhere", async () => {
    expect(await ask({ role: "nobody", code: "x" })).toMatchObject({ status: 400 });
    expect(await ask({ role: "aino" })).toMatchObject({ status: 400 });
    expect((await ask({ role: "aino", code: "nonsense" })).status).toBe(409);
    expect((await ask({ role: "aino", code: "x" }, { origin: "http://evil.example" })).status).toBe(
      403,
    );
  });

  it("approves nobody new: a code of a person who would bring their own key is refused", async () => {
    const world = memoryWorld();
    const { code } = await requestDevice(world, {
      endpoints: endpoints(),
      password: PASSWORD,
      isNewPerson: true,
    });
    expect((await ask({ role: "veikko", code })).status).toBe(409);
    const finished: unknown = await finishDevice(world, {
      password: PASSWORD,
      endpoints: endpoints(),
    }).catch((error: unknown) => error);
    expect(finished).toBeInstanceOf(ClientError);
  });

  it("adds nothing when it is started again", async () => {
    await fillDemo(system);
    expect(await listPatients(await clickIn("aino"))).toHaveLength(28);
  });
});

function memoryWorld(): World {
  const cells = new Map<string, Uint8Array>();
  const factor = randomBytes(32);
  return {
    clock: { now: () => Date.now() / 1000 },
    fetch: (url, init) => fetch(url, init),
    deviceFactor: async (salt) =>
      new Uint8Array(createHmac("sha256", factor).update(salt).digest()),
    storage: {
      get: async (name) => cells.get(name) ?? null,
      list: async (prefix) =>
        [...cells.keys()].filter((name) => name.startsWith(prefix)).toSorted(),
      write: async (changes) => {
        for (const { name, value } of changes)
          if (value === null) cells.delete(name);
          else cells.set(name, Uint8Array.from(value));
      },
    },
  };
}
