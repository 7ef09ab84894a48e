import {
  CHAIN_ROUTES,
  VAULT_ROUTES,
  bytesToId,
  encodeShape,
  randomBytes,
  type RestoreId,
} from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { markRestored } from "../src/app.ts";
import { migrationsUpTo, readMigrations } from "../src/migrate.ts";
import { deviceOf, readReply, TestVault } from "./testVault.ts";

const WEEK = 7 * 86_400;
const STILL_SERVED: readonly string[] = Object.keys({
  practiceRead: "chains",
  practiceTake: "chains",
  accessTake: "chains",
  wrapsStage: "wraps that a writer had sent",
  recordReturn: "appends that a reader has",
  recordHeads: "what to compare",
  fileList: "which files to look for",
  stop: "stops",
  stopsRead: "stops",
  status: "whether it is still",
  postureRead: "what is wrong with the database",
  postureLook: "what is wrong with the database",
  resume: "the end of it",
  kitPut: "people without a device",
  kitGet: "people without a device",
});
type Name = keyof typeof VAULT_ROUTES;
const still = (Object.keys(VAULT_ROUTES) as Name[]).filter((name) => !STILL_SERVED.includes(name));

let vault: TestVault;
let practice: TestPractice;
let office: TestMember;
let restore: RestoreId;

beforeAll(async () => {
  vault = await TestVault.open("who");
  practice = vault.strangePractice();
  office = practice.add(["office"]);
  vault.now += 2 * WEEK;
  practice.week += 2;
  await vault.handOver(practice);
  restore = bytesToId<RestoreId>(randomBytes(16));
  await markRestored(vault.sql, { practice: practice.id, restore });
  vault = vault.twin();
});
afterAll(() => vault.close());

const as = ({ founder }: TestPractice) => ({ practice: practice.id, signer: deviceOf(founder) });

async function codeOf(name: Name): Promise<string> {
  const route = VAULT_ROUTES[name];
  const body = encodeShape(CHAIN_ROUTES.status.request, {});
  const headers = vault.sign(route.path, body, as(practice));
  const init = { method: "POST", headers, body: new Uint8Array(body) };
  const reply = await readReply(CHAIN_ROUTES.status, await vault.raw(route.path, init));
  return reply.ok ? "ok" : reply.problem.code;
}

async function resume(order: Uint8Array, approvals: Uint8Array[]): Promise<string> {
  const body = { order, approvals, lost: [] };
  const reply = await vault.send(CHAIN_ROUTES.resume, body, as(practice));
  return reply.ok ? "ok" : reply.problem.code;
}

describe("a restored vault", () => {
  test.each(still)("refuses %s", async (name) => {
    expect(await codeOf(name)).toBe("restored");
  });

  test("opens and appends nothing, and serves what brings it up", async () => {
    expect(still).toEqual(
      expect.arrayContaining([
        "fileOpen",
        "recordAppend",
        "draftPut",
        "attachmentGet",
        "lookupFind",
      ]),
    );
    for (const name of ["practiceTake", "accessTake", "wrapsStage"] as const)
      expect([name, await codeOf(name)]).toEqual([name, "malformed"]);
    const status = await vault.done(CHAIN_ROUTES.status, {}, as(practice));
    expect(status.restore).toBe(restore);
    expect((await vault.done(CHAIN_ROUTES.stopsRead, {}, as(practice))).restore).toBe(restore);
  });

  test("works again by an order of two for this run, and takes nothing back afterwards", async () => {
    const { founder } = practice;
    const order = practice.order(founder, "resume", { restore, lost: null });
    expect(await resume(order, [])).toBe("second-person-missing");
    expect(await resume(order, [practice.approval(founder, order)])).toBe("second-person-missing");
    const other = bytesToId<RestoreId>(randomBytes(16));
    const wrong = practice.order(founder, "resume", { restore: other, lost: null });
    expect(await resume(wrong, [practice.approval(office, wrong)])).toBe("not-found");
    expect(await codeOf("fileOpen")).toBe("restored");
    expect(await resume(order, [practice.approval(office, order)])).toBe("ok");
    expect(await resume(order, [])).toBe("ok");
    expect(await codeOf("fileOpen")).toBe("malformed");
    const file = practice.createFile(founder, "identity");
    const append = { statement: file.statement, boxes: [new Uint8Array(296)] };
    const returned = await vault.send(
      VAULT_ROUTES.recordReturn,
      { appends: [append] },
      as(practice),
    );
    expect(returned.ok).toBe(false);
  });
});

test("the schema of a backup is taken when it is known here, older too, and refused when it is newer or another", () => {
  const known = readMigrations();
  expect(migrationsUpTo(known)).toEqual(known);
  expect(migrationsUpTo(known.slice(0, 1))).toHaveLength(1);
  expect(() => migrationsUpTo([{ id: "9999-later.sql", hash: "" }])).toThrow("newer");
  expect(() => migrationsUpTo([{ id: known[0]?.id ?? "", hash: "00" }])).toThrow("changed");
});
