import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { EXIT } from "../../src/failure.ts";
import { findStores } from "../../src/start/storeAddresses.ts";
import { startPractice, type Ran, type StartedPractice } from "./startedPractice.ts";

interface Opened {
  readonly role: string;
  readonly until: string;
  readonly from: string;
  readonly password?: string;
}

let started: StartedPractice;
const data = (): string => join(started.path, "data");
const breakGlass = (...args: string[]): Promise<Ran> =>
  started.run("nobody", "break-glass", ...args, "--data", data());
const open = (database: string, ...more: string[]): Promise<Ran> => {
  const words = ["--access", "read", "--by", "Aino Laine", "--reason", "an index is broken"];
  return breakGlass("open", database, ...words, ...more);
};
const listed = async (): Promise<Record<string, unknown>[]> =>
  (await breakGlass("list")).json<{ accesses: Record<string, unknown>[] }>().accesses;
const enter = (role: string, password: string): postgres.Sql =>
  postgres({ ...findStores(data()).what, user: role, password, max: 1, prepare: false });

beforeAll(async () => {
  started = await startPractice();
});
afterAll(() => started.stop());

describe("sinetti break-glass", { timeout: 120_000 }, () => {
  test("opens a database with a password that is in one file of its owner's, lists it, and ends it", async () => {
    const out = join(started.path, "pass");
    const ran = await open("what", "--for", "30m", "--out", out);
    const { role, from, until } = ran.json<Opened>();
    expect([ran.exit, Date.parse(until) - Date.parse(from)]).toEqual([EXIT.done, 1_800_000]);
    const line = readFileSync(out, "utf8").trim();
    const password = line.split(":")[4] ?? "";
    expect(line).toBe(`*:*:sinetti:${role}:${password}`);
    expect([password.length, statSync(out).mode & 0o777]).toEqual([32, 0o600]);
    expect(ran.stdout + ran.stderr).not.toContain(password);
    const session = enter(role, password);
    expect((await session`select current_user as who`)[0]?.["who"]).toBe(role);
    expect(await listed()).toMatchObject([
      { database: "what", role, state: "open", by: "Aino Laine", access: "read", sessions: 1 },
    ]);
    const closed = await breakGlass("close", role);
    expect([closed.exit, closed.json()]).toEqual([
      EXIT.done,
      { closed: [{ database: "what", role, outcome: "closed" }] },
    ]);
    await session.end({ timeout: 1 });
    expect(await listed()).toEqual([]);
  });

  test("refuses more than four hours, and what is not there, and changes nothing", async () => {
    const kept = join(started.path, "kept");
    writeFileSync(kept, "mine");
    for (const [ran, word] of [
      [await open("what", "--for", "241m"), "four hours at most"],
      [await open("whom"), "which database: who, what, gate"],
      [await open("what", "--access", "superuser"), "read or owner"],
      [await open("what", "--out", kept), "is there already"],
      [await breakGlass("close", "sinetti_app"), "no such temporary access"],
      [await breakGlass("close", "--expired", "sinetti_app"), "not both"],
    ] as const) {
      expect(ran.exit).toBe(EXIT.usage);
      expect(ran.stderr).toContain(word);
    }
    const strong = await open("what", "--access", "owner", "--owner", "postgres");
    expect([strong.exit, strong.stderr]).toEqual([
      EXIT.refused,
      expect.stringContaining("superuser"),
    ]);
    expect(readFileSync(kept, "utf8")).toBe("mine");
    expect(await listed()).toEqual([]);
  });

  test("is borne by nobody's signature", async () => {
    const words = [
      "what",
      "R14",
      "sinetti_break_glass_x",
      "--until",
      "2999-01-01",
      "--reason",
      "b",
    ];
    const ran = await started.run("nobody", "exception", "add", ...words);
    expect([ran.exit, ran.stderr]).toEqual([
      EXIT.usage,
      expect.stringContaining("borne by nobody"),
    ]);
  });

  test("leaves no role where the password could not be handed over", async () => {
    const ran = await open("what", "--out", join(started.path, "no", "such", "folder"));
    expect(ran.exit).not.toBe(EXIT.done);
    expect(await listed()).toEqual([]);
  });

  test("ends what is over, by itself at the next start or when it is told to, and not what is not", async () => {
    const { role, password = "" } = (await open("what")).json<Opened>();
    expect(password).toHaveLength(32);
    expect((await breakGlass("close", "--expired")).json()).toEqual({ closed: [] });
    const age = async (name: string): Promise<void> => {
      const sql = postgres({ ...findStores(data()).what, max: 1 });
      const [from, until] = [3, 1].map((h) => new Date(Date.now() - h * 3_600_000).toISOString());
      const note = JSON.stringify({ by: "A", reason: "b", access: "read", from, until });
      await sql.unsafe(`comment on role "${name}" is 'sinetti break-glass ${note}'`);
      await sql.end();
    };
    await age(role);
    expect((await listed())[0]).toMatchObject({ state: "over", fault: "Its hours are over." });
    const closed = await breakGlass("close", "--expired");
    expect(closed.json()).toEqual({ closed: [{ database: "what", role, outcome: "closed" }] });
    const other = (await open("what")).json<Opened>();
    await age(other.role);
    await started.halt();
    await started.startOn(data());
    expect(await listed()).toEqual([]);
  });
});
