import { WIRE } from "@sinetti/core";
import { describe, expect, test } from "vitest";

import { findEndpoints } from "../src/services.ts";

const SERVICES = {
  v: 1,
  vaultWho: "https://who.example.org",
  vaultWhat: "https://what.example.org",
  gate: "https://gate.example.org",
};

/** What a client makes of what a host says of itself. */
async function madeOf(said: object): Promise<string> {
  const fetch = (): Promise<Response> => Promise.resolve(Response.json({ ...SERVICES, ...said }));
  try {
    return (await findEndpoints({ fetch }, "https://app.example.org")).who;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("a client", () => {
  const { newest } = WIRE;
  test.each([
    ["its own version", { oldest: newest, newest }],
    ["its own and a newer one", { oldest: newest, newest: newest + 1 }],
    ["older ones and its own", { oldest: 0, newest }],
    ["nothing of versions", undefined],
  ])("speaks to services that speak %s", async (_name, wire) => {
    expect(await madeOf({ wire })).toBe(SERVICES.vaultWho);
  });

  test.each([
    ["newer versions alone", { oldest: newest + 1, newest: newest + 2 }, "other-version"],
    ["older versions alone", { oldest: 0, newest: newest - 1 }, "other-version"],
    ["no numbers", { oldest: "1", newest: 1 }, "verification-failed"],
    ["nothing where versions belong", null, "verification-failed"],
  ])("sends nothing to services that speak %s", async (_name, wire, code) => {
    expect(await madeOf({ wire })).toBe(code);
  });

  test("sends nothing in clear beyond its own machine", async () => {
    expect(await madeOf({ gate: "http://gate.example.org" })).toBe("verification-failed");
    expect(await madeOf({ gate: "http://127.0.0.1.example.org" })).toBe("verification-failed");
    expect(await madeOf({ gate: "http://127.0.0.1:4603" })).toBe(SERVICES.vaultWho);
  });
});
