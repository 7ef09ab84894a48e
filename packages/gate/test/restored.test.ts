import {
  bytesToId,
  encodeShape,
  GATE_ROUTES,
  hashLostHeads,
  LOG_KINDS,
  policyAt,
  problemShape,
  decodeShape,
  randomBytes,
  type FileId,
  type LostHeads,
  type RestoreId,
} from "@sinetti/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { TestMember } from "../../../tools/testPractice.ts";
import { markRestored } from "../src/rebuild/markRestored.ts";
import { HANDLERS, WHILE_RESTORED, type SignedRoute } from "../src/routes/handlers.ts";
import { migrate, migrationsUpTo } from "../src/store/migrate.ts";
import { GatePractice } from "./gatePractice.ts";
import { Refused, TestGate } from "./testGate.ts";

const WEEK = 7 * 86_400;
let gate: TestGate;
let practice: GatePractice;
let founder: TestMember;
let officer: TestMember;
let office: TestMember;
let restore: RestoreId;

beforeAll(async () => {
  gate = await TestGate.open();
});
afterAll(() => gate.stop());
beforeEach(async () => {
  practice = await GatePractice.create(gate);
  ({ founder } = practice);
  officer = await practice.hire(["privacy"]);
  office = await practice.hire(["office"]);
  gate.clock.pass(2 * WEEK);
  practice.week += 2;
  restore = bytesToId<RestoreId>(randomBytes(16));
  await markRestored(gate.sql, { practice: practice.id, restore, now: gate.clock.now() });
  // A gate that starts knows it; this one has to look.
  await statusOf();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

const resume = (by: TestMember, order: Uint8Array, approvals: Uint8Array[], lost: LostHeads = []) =>
  codeOf(gate.call(practice.signer(by), "resume", { order, approvals, lost }));
const resumption = (by: TestMember, run: RestoreId, lost: LostHeads = []) =>
  practice.order(by, "resume", {
    restore: run,
    lost: lost.length === 0 ? null : hashLostHeads(lost),
  });
const statusOf = async () => gate.call(practice.signer(founder), "status", {});

describe("a restored gate", () => {
  const moving = (Object.keys(HANDLERS) as SignedRoute[]).filter(
    (name) => !WHILE_RESTORED.has(name),
  );

  it.each(moving)("refuses %s before anything of it is read", async (name) => {
    const { path } = GATE_ROUTES[name];
    const body = encodeShape(GATE_ROUTES.status.request, {});
    const { headers } = gate.sign(practice.signer(founder), path, body);
    const response = await gate.send(path, body, { ...headers });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(decodeShape(problemShape, bytes).code).toBe("restored");
    expect(response.status).toBe(503);
  });

  it("releases among what it refuses, and logs among what it says that it was restored", async () => {
    expect(moving).toEqual(
      expect.arrayContaining(["release", "lookup", "openingApprove", "canarySet"]),
    );
    expect(LOG_KINDS).toContain("restored");
    const { entries } = await gate.call(practice.signer(officer), "logChain", {
      from: 0,
      limit: 100,
    });
    expect(entries.at(-1)).toMatchObject({ kind: "restored", member: null, device: null });
    expect(Buffer.from(entries.at(-1)?.nonce ?? []).toString("hex")).toBe(restore);
  });

  it("puts a stop into the chain and nothing that gives power, and takes a revocation but no grant", async () => {
    const policy = { policy: { ...policyAt(practice.state), topUp: 1 } };
    const given = practice.statement(founder, practice.order(founder, "policy", policy));
    const submit = (statement: Uint8Array) =>
      codeOf(gate.call(practice.signer(founder), "practiceSubmit", { statements: [statement] }));
    expect(await submit(given)).toBe("restored");
    const file = practice.createFile(founder, "care");
    expect(await codeOf(practice.store(founder, [file]))).toBe("restored");
    const freeze = practice.order(founder, "freeze", { member: office.member });
    expect(await submit(practice.statement(founder, freeze))).toBe("accepted");
  });

  it("works again by two, and by no one alone, nor for another run", async () => {
    expect((await statusOf()).restore).toBe(restore);
    const order = resumption(founder, restore);
    expect(await resume(founder, order, [])).toBe("second-person-missing");
    expect(await resume(founder, order, [practice.approval(founder, order)])).toBe(
      "second-person-missing",
    );
    const byOffice = resumption(office, restore);
    expect(await resume(office, byOffice, [practice.approval(founder, byOffice)])).toBe(
      "not-authorised",
    );
    const other = resumption(founder, bytesToId<RestoreId>(randomBytes(16)));
    expect(await resume(founder, other, [practice.approval(office, other)])).toBe("accepted");
    expect((await statusOf()).restore).toBe(restore);
    expect(await resume(founder, order, [practice.approval(office, order)])).toBe("accepted");
    expect((await statusOf()).restore).toBeNull();
    expect(
      await codeOf(
        gate.call(practice.signer(officer), "canarySet", {
          file: "ab".repeat(16) as FileId,
          on: true,
        }),
      ),
    ).toBe("unknown-file");
  });

  it("is still again after the next restore, and the old order does not end that", async () => {
    const order = resumption(founder, restore);
    const approvals = [practice.approval(office, order)];
    await resume(founder, order, approvals);
    const next = bytesToId<RestoreId>(randomBytes(16));
    await markRestored(gate.sql, { practice: practice.id, restore: next, now: gate.clock.now() });
    expect(await resume(founder, order, approvals)).toBe("accepted");
    expect((await statusOf()).restore).toBe(next);
  });

  it("keeps an order that waits for its second person", async () => {
    const order = resumption(founder, restore);
    await gate.call(practice.signer(founder), "orderPropose", { order });
    const byOffice = resumption(office, restore);
    expect(
      await codeOf(gate.call(practice.signer(office), "orderPropose", { order: byOffice })),
    ).toBe("not-authorised");
    await gate.call(practice.signer(office), "orderApprove", {
      approval: practice.approval(office, order),
    });
    const { orders } = await gate.call(practice.signer(officer), "orderPending", {});
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({ dueAt: null });
    expect(await resume(founder, order, orders[0]?.approvals ?? [])).toBe("accepted");
    expect((await gate.call(practice.signer(officer), "orderPending", {})).orders).toEqual([]);
  });

  it("shows reported heads to privacy officers and administrators alone", async () => {
    expect(await codeOf(gate.call(practice.signer(office), "recordHeads", { after: null }))).toBe(
      "not-authorised",
    );
    expect(
      (await gate.call(practice.signer(officer), "recordHeads", { after: null })).files,
    ).toEqual([]);
  });
});

describe("the schema of a backup", () => {
  it("is taken when it is known here, older too, and refused when it is newer or another", async () => {
    const seen = await gate.owner<{ id: string; hash: string }[]>`
      select name as id, hash from sinetti_migrations.applied order by name`;
    expect(migrationsUpTo(seen).map(({ name }) => name)).toEqual(seen.map(({ id }) => id));
    expect(migrationsUpTo(seen.slice(0, 1))).toHaveLength(1);
    expect(() => migrationsUpTo([{ id: "9999-later.sql", hash: "" }])).toThrow("newer");
    expect(() => migrationsUpTo([{ id: seen[0]?.id ?? "", hash: "00" }])).toThrow("changed");
    await expect(migrate(gate.owner)).resolves.toBeUndefined();
  });
});
