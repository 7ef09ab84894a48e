import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GATE_ROUTES, decodeCbor, type Wire } from "@sinetti/core";
import { openFiles, readEntries, type Client, type KnownFile } from "@sinetti/client";
import { PracticeDigest } from "../../../tools/practiceDigest.ts";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";
import { SERVICES, UNSIGNED, askEverything, targetsOf } from "./everyRoute.ts";
import { readAnswer, recordDay, sendAs, type Recorded } from "./recordedTraffic.ts";

const TELLING_BYTES = 16;

let system: TestSystem;
let world: TestDeviceWorld;
let file: KnownFile;
let recorded: Recorded[];
let founder: Client;
let stranger: Client;

beforeAll(async () => {
  system = await startTestSystem();
  const day = await recordDay(system);
  ({ world, file, founder } = day);
  recorded = await askEverything(system, day);
  ({ client: stranger } = await foundPractice(system));
});
afterAll(() => system.stop());

/** The byte strings inside a value that are too long to agree by chance. */
function stringsIn(wire: Wire): Buffer[] {
  if (wire instanceof Uint8Array) return wire.length >= TELLING_BYTES ? [Buffer.from(wire)] : [];
  if (Array.isArray(wire)) return wire.flatMap(stringsIn);
  return wire instanceof Map ? [...wire.values()].flatMap(stringsIn) : [];
}

/** Byte strings of an honest answer that stand in a stranger's too, beside what the stranger sent and everybody knows. */
function taken(answer: Uint8Array, made: Recorded, known: readonly Uint8Array[]): string[] {
  const given = Buffer.from(answer);
  const theirs = [made.body, ...known].map((bytes) => Buffer.from(bytes));
  return stringsIn(decodeCbor(made.answer))
    .filter((bytes) => bytes.some((byte) => byte !== 0))
    .filter((bytes) => given.includes(bytes) && !theirs.some((each) => each.includes(bytes)))
    .map((bytes) => bytes.toString("hex").slice(0, 64));
}

const isPut = (path: string): boolean => path === GATE_ROUTES.passkeyPut.path;

describe("two practices on one installation", () => {
  test("what one asked, asked again by a member of the other, gives nothing that the one was given", async () => {
    const known = Object.values(stranger.practice.services);
    // A mailbox belongs to whoever knows its name, which is a secret of a ceremony or of a slip.
    // A passkey is put for whoever asks: asked last, so that no list holds what the stranger has put for itself.
    const asked = recorded
      .filter(({ route }) => !UNSIGNED.includes(route.path))
      .sort((a, b) => Number(isPut(a.route.path)) - Number(isPut(b.route.path)));
    const digest = new PracticeDigest(system, founder.context.device.owner.practice);
    const before = await digest.all();
    for (const made of asked) {
      system.clock.advance(1);
      const response = await sendAs(system, stranger, made);
      const answer = await readAnswer(made.route, response);
      expect(taken(answer, made, known), `${made.service} ${made.route.path}`).toEqual([]);
      expect(response.status).not.toBe(500);
    }
    expect(await digest.all()).toEqual(before);
    await digest.close();
  });

  test("every route of each service was asked, those of mailboxes too", () => {
    const asked = new Set(recorded.map(({ service, route }) => `${service} ${route.path}`));
    const all = SERVICES.flatMap((service) => targetsOf(system, service));
    expect(
      all
        .map(({ service, route }) => `${service} ${route.path}`)
        .filter((each) => !asked.has(each)),
    ).toEqual([]);
  });

  test("what was compared is enough: most routes were answered, and rows were there to change", async () => {
    const digest = new PracticeDigest(system, founder.context.device.owner.practice);
    const filled = Object.values(await digest.all()).filter((rows) => !rows.startsWith("0 "));
    await digest.close();
    expect(filled.length).toBeGreaterThan(20);
  });

  test("and changes nothing there", async () => {
    const reader = await restart(system, world);
    const [opened] = await openFiles(reader.context, [file], { purpose: "session" });
    if (opened?.outcome !== "released") throw new TypeError("not released");
    const bodies = readEntries(reader.context, opened.file).map(({ body }) => body);
    expect(bodies).toEqual([new Uint8Array(40).fill(7)]);
    expect(reader.practice.members).not.toHaveProperty(stranger.member);
  });

  test("the comparison would see it: asked by its own member, answers agree", async () => {
    const reader = await restart(system, world);
    const opens = recorded.filter(({ route }) => route.path === "/v1/file/open");
    const seen: number[] = [];
    for (const made of opens) {
      system.clock.advance(1);
      const answer = await sendAs(system, reader, made);
      seen.push(taken(new Uint8Array(await answer.arrayBuffer()), made, []).length);
    }
    expect(Math.max(...seen)).toBeGreaterThan(2);
  });
});
