import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { mayReadMetrics } from "../src/metricsAccess.ts";
import { TestVault } from "./testVault.ts";

const TOKEN = "5c".repeat(32);

describe("a vault's numbers", () => {
  let vault: TestVault;
  beforeAll(async () => {
    vault = await TestVault.open("who");
  });
  afterAll(() => vault.close());

  test("are for this machine where there is no token: others are told of no such route", async () => {
    const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
    const status = async (address: string, headers: Record<string, string> = {}): Promise<number> =>
      (await vault.app.request("/metrics", { headers }, from(address))).status;
    expect(await status("127.0.0.1")).toBe(200);
    expect(await status("::ffff:127.0.0.1")).toBe(200);
    expect(await status("10.0.0.9")).toBe(404);
    expect(await status("127.0.0.1", { "x-forwarded-for": "10.0.0.9" })).toBe(404);
  });

  test("are for whoever has the token where there is one", () => {
    const asked = (authorization?: string) => ({
      address: "127.0.0.1",
      header: (name: string) => (name === "authorization" ? authorization : undefined),
    });
    expect(mayReadMetrics(asked(`Bearer ${TOKEN}`), TOKEN)).toBe(true);
    expect(mayReadMetrics(asked(`Bearer ${"5d".repeat(32)}`), TOKEN)).toBe(false);
    expect(mayReadMetrics(asked(), TOKEN)).toBe(false);
  });
});
