import { OUTCOMES } from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mayReadMetrics } from "../src/metricsAccess.ts";
import { Metrics } from "../src/metrics.ts";
import { TestGate } from "./testGate.ts";

const TOKEN = "5c".repeat(32);

const asked = (address: string | undefined, headers: Record<string, string> = {}) => ({
  address,
  header: (name: string) => headers[name],
});

describe("the gate's numbers", () => {
  it("are read on this machine alone where there is no token, and not by who was passed on", () => {
    for (const address of ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1", undefined])
      expect(mayReadMetrics(asked(address), null)).toBe(true);
    for (const address of ["10.0.0.9", "::ffff:10.0.0.9", "fd00::1", "", "128.127.0.1"])
      expect(mayReadMetrics(asked(address), null)).toBe(false);
    for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
      expect(mayReadMetrics(asked("127.0.0.1", { [name]: "127.0.0.1" }), null)).toBe(false);
  });

  it("are read from everywhere with the token, and from nowhere without it", () => {
    const bearing = (authorization: string) => asked("10.0.0.9", { authorization });
    expect(mayReadMetrics(bearing(`Bearer ${TOKEN}`), TOKEN)).toBe(true);
    for (const other of [TOKEN, `Bearer ${TOKEN.slice(1)}`, "Bearer ", `Basic ${TOKEN}`])
      expect(mayReadMetrics(bearing(other), TOKEN)).toBe(false);
    expect(mayReadMetrics(asked("127.0.0.1"), TOKEN)).toBe(false);
  });

  it("hold every alarm and outcome from the beginning, so that the first one is a growth", async () => {
    const text = await new Metrics({ hintStreams: () => 0 }).registry.metrics();
    for (const alarm of [
      "canary",
      "crisis",
      "freeze",
      "break-glass",
      "recovery",
      "top-up",
      "unheld",
    ])
      expect(text).toContain(`sinetti_alarms_total{alarm="${alarm}"} 0`);
    for (const outcome of OUTCOMES)
      expect(text).toContain(`sinetti_release_items_total{outcome="${outcome}"} 0`);
  });
});

describe("a gate that is asked for its numbers", () => {
  let gate: TestGate;
  beforeAll(async () => {
    gate = await TestGate.open();
  });
  afterAll(() => gate.stop());

  it("knows no such route for another machine, and still says that it lives", async () => {
    const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
    const status = async (path: string, address: string): Promise<number> =>
      (await gate.app.request(path, {}, from(address))).status;
    expect(await status("/metrics", "10.0.0.9")).toBe(404);
    expect(await status("/metrics", "127.0.0.1")).toBe(200);
    expect(await status("/healthz", "10.0.0.9")).toBe(200);
  });
});
