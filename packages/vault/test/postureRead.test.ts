import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { VAULT_ROUTES, encodeShape, type Role } from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { boardFinding, exceptedFinding, writeBoard } from "../../../tools/testBoard.ts";
import type { TestMember, TestPractice } from "../../../tools/testPractice.ts";
import { outcomeOf } from "./testFiles.ts";
import { TestVault, deviceOf, kitOf, type Reply, type Sent } from "./testVault.ts";

const { postureRead, postureLook, stop } = VAULT_ROUTES;
const OTHERS: readonly Role[] = ["therapist", "supervisor", "office", "reviewer"];
type Answer = Reply<Awaited<ReturnType<typeof postureRead.answer.decode>>>;

let folder: string;
let path: string;
let vault: TestVault;
let practice: TestPractice;
let other: TestPractice;
let staff: Readonly<Record<Role, TestMember>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-board-"));
  path = join(folder, "posture.who.cbor");
  vault = (await TestVault.open("who")).twin({ postureFile: path });
  practice = vault.strangePractice({ founderRoles: ["admin"] });
  const roles = [...OTHERS, "admin", "privacy"] as const;
  staff = Object.fromEntries(roles.map((role) => [role, practice.add([role])])) as typeof staff;
  await vault.handOver(practice);
  other = await vault.practice({ founderRoles: ["admin"] });
});
afterAll(async () => {
  await vault.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  rmSync(`${path}.ask`, { force: true });
  const signed = [practice, other].map(({ id, founder }) => ({ practice: id, by: founder.member }));
  const findings = [boardFinding(), exceptedFinding("2026-12-01", signed)];
  writeBoard(path, { service: "who", findings });
});

const as = (member: TestMember, { id } = practice): Sent => ({
  practice: id,
  signer: deviceOf(member),
});
const read = (sent: Sent, findings = true): Promise<Answer> =>
  vault.send(postureRead, { findings }, sent);
const look = async (sent: Sent): Promise<string> =>
  outcomeOf(await vault.send(postureLook, {}, sent));
const answered = async (sent: Sent, findings = true) => vault.done(postureRead, { findings }, sent);

describe(`what posture found (${postureRead.path})`, () => {
  test.each(OTHERS)("is refused to the role %s, and so is a look", async (role) => {
    expect(outcomeOf(await read(as(staff[role])))).toBe("not-authorised");
    expect(await look(as(staff[role]))).toBe("not-authorised");
    expect(existsSync(`${path}.ask`)).toBe(false);
  });

  test("is refused without a signature, by another key, by a kit, and in the name of another practice", async () => {
    for (const [route, body] of [
      [postureRead, encodeShape(postureRead.request, { findings: true })],
      [postureLook, encodeShape(postureLook.request, {})],
    ] as const) {
      const headers = { "content-type": "application/cbor" };
      const init = { method: "POST", headers, body: new Uint8Array(body) };
      expect((await vault.raw(route.path, init)).status).toBe(401);
    }
    const admin = as(staff.admin);
    const strange: Sent[] = [
      { ...admin, signer: { ...admin.signer, key: generateSignKey() } },
      { ...admin, practice: other.id },
      { ...admin, practice: "11".repeat(16) },
      { ...admin, signer: kitOf(staff.admin) },
    ];
    for (const sent of strange) {
      expect(outcomeOf(await read(sent))).not.toBe("ok");
      expect(await look(sent)).not.toBe("ok");
    }
    expect(existsSync(`${path}.ask`)).toBe(false);
  });

  test.each(["admin", "privacy"] as const)("is shown to the role %s", async (role) => {
    const { state, open, board, at } = await answered(as(staff[role]));
    expect([state, open, at]).toEqual(["seen", 1, vault.now]);
    expect(board?.findings).toEqual([
      expect.objectContaining({ id: "N2", mend: "take out line 3", by: [], reason: null }),
      expect.objectContaining({ until: "2026-12-01", by: [practice.founder.member] }),
    ]);
  });

  test("names to another practice of this vault its own signers alone", async () => {
    const { board } = await answered(as(other.founder, other));
    expect(board?.findings[1]).toMatchObject({ by: [other.founder.member] });
    expect(JSON.stringify(board)).not.toContain(practice.founder.member);
  });

  test.each(OTHERS)(
    "is to the role %s until when a critical fault is borne, and no more",
    async (role) => {
      const { at: _at, ...told } = await answered(as(staff[role]), false);
      expect(told).toEqual({ state: "seen", borne: ["2026-12-01"], open: null, board: null });
    },
  );

  test("that nobody wrote, or wrote wrongly, is an answer of its own", async () => {
    const stateNow = async (): Promise<string> => (await answered(as(staff.admin))).state;
    writeFileSync(path, "{}");
    expect(await stateNow()).toBe("broken");
    writeBoard(path, { service: "gate", findings: [] });
    expect(await stateNow()).toBe("broken");
    rmSync(path);
    expect(await stateNow()).toBe("missing");
  });

  test("is refused to an administrator who is frozen by name", async () => {
    const order = practice.order(staff.privacy, "freeze", { member: staff.admin.member });
    await vault.done(stop, { order }, as(staff.privacy));
    expect(outcomeOf(await read(as(staff.admin)))).toBe("not-authorised");
    expect(await look(as(staff.admin))).toBe("not-authorised");
    expect((await answered(as(staff.admin), false)).borne).toEqual(["2026-12-01"]);
  });
});

describe(`a look (${postureLook.path})`, () => {
  test("is asked for by a privacy officer, and by an administrator", async () => {
    for (const sent of [as(staff.privacy), as(practice.founder)]) {
      rmSync(`${path}.ask`, { force: true });
      expect(await look(sent)).toBe("ok");
      expect(existsSync(`${path}.ask`)).toBe(true);
    }
  });

  test("that nobody would see is not promised", async () => {
    const told = vault.twin();
    const reply = await told.send(postureLook, {}, as(staff.privacy));
    expect(outcomeOf(reply)).toBe("not-found");
    await told.sql.end();
  });
});
