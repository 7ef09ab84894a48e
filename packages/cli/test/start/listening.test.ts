import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";

import { createDirectory, createPractice, listenForHints, type Client } from "@sinetti/client";
import { HINT_ROUTES } from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadSuite } from "../../../../tools/testPractice.ts";
import { ProfileStorage } from "../../src/profile/profileStorage.ts";
import { startSystem, type RunningSystem } from "../../src/start/startSystem.ts";
import { makePlace } from "./startedSystem.ts";

const place = makePlace();
let system: RunningSystem;
let storage: ProfileStorage;
let client: Client;

beforeAll(async () => {
  await loadSuite();
  const dataDir = join(place.path, "data");
  system = await startSystem({ dataDir, port: 0, onLog: () => undefined });
  storage = new ProfileStorage(join(place.path, "profile.db"));
  const factor = randomBytes(32);
  const world = {
    clock: { now: () => Date.now() / 1000 },
    // As a browser's: an answer comes in pieces.
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    storage,
    deviceFactor: async (salt: Uint8Array) =>
      new Uint8Array(createHmac("sha256", factor).update(salt).digest()),
  };
  ({ client } = await createPractice(world, {
    endpoints: { who: system.vaultWho, what: system.vaultWhat, gate: system.gate },
    installationCode: system.installationCode ?? "",
    password: "a password of a test",
    roles: ["therapist", "admin", "privacy"],
  }));
});
afterAll(async () => {
  storage.close();
  await system.stop();
  place.remove();
});

describe("a system with a device that listens over the network", () => {
  it("tells it of a change, lets pages of its own two addresses listen, and stops although it listens", async () => {
    const stop = new AbortController();
    const begun = new Set<string>();
    let onTold: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (onTold = resolve));
    let onBegun: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (onBegun = resolve));
    const listening = listenForHints(
      client.context,
      ({ service, all, files }) => {
        if (all && begun.add(service).size === 3) onBegun();
        if (service === "who" && files.length > 0) onTold();
      },
      { signal: stop.signal, times: { pauseMs: 10, pollMs: 50 } },
    );
    await ready;
    const founder = { id: client.member, name: "Founder", roles: [...client.roles] };
    await createDirectory(client.context, { name: "Practice", founder, site: "Main" });
    await told;
    const allowed = await Promise.all(
      [system.web, system.web.replace("127.0.0.1", "localhost"), "http://evil.example"].map(
        async (origin) => {
          const answer = await fetch(system.gate + HINT_ROUTES.hints.path, {
            method: "OPTIONS",
            headers: { origin, "access-control-request-method": "POST" },
          });
          return answer.headers.get("access-control-allow-origin");
        },
      ),
    );
    expect(allowed).toEqual([system.web, system.web.replace("127.0.0.1", "localhost"), null]);
    await system.stop();
    stop.abort();
    await listening;
  });
});
