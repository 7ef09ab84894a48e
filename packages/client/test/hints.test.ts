import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS } from "@sinetti/core";
import {
  addNote,
  addPatient,
  bookAppointment,
  giveOrder,
  grantPatient,
  listenForHints,
  openCalendar,
  openCare,
  type Client,
  type HeardHint,
} from "@sinetti/client";
import { instantToLocalTime } from "@sinetti/practice";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { NOTE, PERSON } from "./samples.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

let system: TestSystem;
let founder: Client;
let colleague: { client: Client; world: TestDeviceWorld };

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system));
  colleague = await addMember(system, founder, ["therapist"]);
});
afterAll(() => system.stop());

/** How often a vault was asked for what it does not have. */
function countMissed(world: TestDeviceWorld): () => number {
  const { fetch } = world;
  let missed = 0;
  Object.assign(world, {
    fetch: async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      if (response.status === 404) missed++;
      return response;
    },
  });
  return () => missed;
}

/** Listens, and lets a test wait for what it means. */
class Listener {
  readonly heard: HeardHint[] = [];
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #told: () => void = () => undefined;

  constructor({ context }: Client) {
    this.#ended = listenForHints(
      context,
      (hint) => {
        this.heard.push(hint);
        this.#told();
      },
      { signal: this.#stop.signal, times: { silenceMs: 60_000, pauseMs: 1, pollMs: 10 } },
    );
  }

  /** Until all three services have been heard, and from then on. */
  async begun(): Promise<this> {
    for (const service of ["who", "what", "gate"] as const)
      await this.until((hint) => hint.service === service && hint.all);
    this.heard.length = 0;
    return this;
  }

  async until(isMeant: (hint: HeardHint) => boolean): Promise<HeardHint> {
    for (;;) {
      const found = this.heard.find(isMeant);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#told = resolve));
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}

describe("a device that listens", () => {
  test("hears which record a colleague wrote in, and nothing of a record that it does not hold", async () => {
    const { patient: secret } = await addPatient(founder, PERSON);
    const { patient: shared } = await addPatient(founder, PERSON);
    const grant = { member: colleague.client.member, rights: RIGHTS.read, reason: "care" as const };
    await grantPatient(founder, shared, { ...grant, untilSeconds: null });
    const theirs = await new Listener(colleague.client).begun();
    await addNote(founder, await openCare(founder, secret), NOTE);
    const care = await openCare(founder, shared);
    await addNote(founder, care, NOTE);
    const hint = await theirs.until(({ files }) => files.includes(care.file));
    expect(hint.service).toBe("what");
    expect(theirs.heard.flatMap(({ files }) => files)).toEqual([care.file]);
    await theirs.stop();
  });

  test("hears that the practice chain grew, from each of the three services", async () => {
    const own = await new Listener(founder).begun();
    await addMember(system, founder, ["office"]);
    for (const service of ["who", "what", "gate"] as const)
      await own.until((hint) => hint.service === service && hint.practice);
    expect(own.heard.some(({ all }) => all)).toBe(false);
    await own.stop();
  });

  test("is told `all` again and again while a service cannot be reached, and listens once it can", async () => {
    const { world, client } = await addMember(system, founder, ["office"]);
    let isDown = true;
    world.interrupt = (at, request) => {
      if (isDown && at === "before" && request.startsWith("gate")) throw new TypeError("cut");
    };
    const listener = new Listener(client);
    const polls = (): number => listener.heard.filter((hint) => hint.service === "gate").length;
    await listener.until(() => polls() >= 3);
    expect(listener.heard.every(({ all }) => all)).toBe(true);
    isDown = false;
    const asked = world.requests.filter((request) => request === "gate /v1/hints").length;
    await listener.until(() => polls() >= asked + 1);
    await addMember(system, founder, ["office"]);
    await listener.until((hint) => hint.service === "gate" && hint.practice);
    await listener.stop();
  });

  test("asks once for a month that nobody has begun, and sees it as soon as a colleague books there", async () => {
    const { client, world } = await addMember(system, founder, ["therapist"]);
    const missed = countMissed(world);
    const place = { site: null, zone: "Europe/Helsinki" };
    const ahead = instantToLocalTime((system.clock.now() + 100 * 86_400) * 1000, place.zone);
    const month = { from: `${ahead.slice(0, 7)}-01`, to: `${ahead.slice(0, 7)}-28` };
    const look = async () => (await openCalendar(client, place, month)).bookings;
    const missedIn = async (): Promise<number> => {
      const before = missed();
      await look();
      return missed() - before;
    };
    await look();
    expect(await missedIn()).toBeGreaterThan(0);
    const own = await new Listener(client).begun();
    expect(await missedIn()).toBeGreaterThan(0);
    expect(await missedIn()).toBe(0);
    const appointment = {
      start: `${month.from}T10:00`,
      minutes: 45,
      therapist: founder.member,
      patients: [],
      zone: place.zone,
    };
    await bookAppointment(founder, place, { appointment, isForced: false });
    await own.until(({ service, files }) => service === "who" && files.length > 0);
    await expect.poll(async () => (await look()).length).toBe(1);
    await own.stop();
  });

  test("falls back to a poll once it is frozen, and asks nothing more when it is told to stop", async () => {
    const { world, client } = await addMember(system, founder, ["therapist"]);
    const listener = await new Listener(client).begun();
    await giveOrder(founder.context, "freeze", { member: client.member });
    await listener.until(({ all }) => all);
    await listener.stop();
    const { length } = world.requests;
    await addMember(system, founder, ["office"]);
    expect(world.requests).toHaveLength(length);
  });

  test("believes nothing that is out of shape, and tries again", async () => {
    const { world, client } = await addMember(system, founder, ["office"]);
    const { fetch } = world;
    let lies = 2;
    Object.assign(world, {
      fetch: async (url: string, init: RequestInit) =>
        url.endsWith("/v1/hints") && url.includes("who") && lies-- > 0
          ? new Response(Uint8Array.of(0x41, 0xff))
          : fetch(url, init),
    });
    const listener = new Listener(client);
    await listener.begun();
    expect(lies).toBeLessThanOrEqual(0);
    await listener.stop();
  });
});
