import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { GATE_ROUTES, POSTURE_LIMITS, encodeShape, type Role } from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/service";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { boardFinding, exceptedFinding, writeBoard } from "../../../tools/testBoard.ts";
import type { TestMember } from "../../../tools/testPractice.ts";
import { GatePractice } from "./gatePractice.ts";
import { TestGate } from "./testGate.ts";

const { postureRead, postureLook } = GATE_ROUTES;
const OTHERS: readonly Role[] = ["therapist", "supervisor", "office", "reviewer"];

let folder: string;
let path: string;
let gate: TestGate;
let practice: GatePractice;
let other: GatePractice;
let staff: Readonly<Record<Role, TestMember>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-board-"));
  path = join(folder, "posture.gate.cbor");
  gate = await TestGate.open({ postureFile: path });
  practice = await GatePractice.create(gate, ["admin", "privacy"]);
  other = await GatePractice.create(gate);
  const hired: [Role, TestMember][] = [];
  for (const role of [...OTHERS, "admin", "privacy"] as const) {
    const needsSecond = role === "admin" || role === "privacy";
    const second = needsSecond ? hired.filter(([each]) => each === "admin") : [];
    hired.push([
      role,
      await practice.hire(
        [role],
        second.map(([, member]) => member),
      ),
    ]);
  }
  staff = Object.fromEntries(hired) as Record<Role, TestMember>;
});
afterAll(async () => {
  await gate.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  rmSync(path, { force: true, recursive: true });
  const signed = [
    { practice: practice.id, by: practice.founder.member },
    { practice: other.id, by: other.founder.member },
  ];
  const findings = [boardFinding(), exceptedFinding("2026-12-01", signed)];
  writeBoard(path, { service: "gate", findings });
});

const read = (by: TestMember, findings = true, from = practice) =>
  gate.call(from.signer(by), "postureRead", { findings });
const look = (by: TestMember) => gate.call(practice.signer(by), "postureLook", {});
const refused = expect.objectContaining({ code: "not-authorised" });

describe(`what posture found (${postureRead.path})`, () => {
  it.each(OTHERS)("is refused to the role %s, and so is a look", async (role) => {
    await expect(read(staff[role])).rejects.toEqual(refused);
    await expect(look(staff[role])).rejects.toEqual(refused);
    expect(existsSync(`${path}.ask`)).toBe(false);
  });

  it("is refused without a signature, by another key, and in the name of another practice", async () => {
    for (const [route, body] of [
      [postureRead, encodeShape(postureRead.request, { findings: true })],
      [postureLook, encodeShape(postureLook.request, {})],
    ] as const) {
      expect((await gate.send(route.path, body)).status).toBe(401);
      const signer = practice.signer(staff.admin);
      for (const change of [{ key: generateSignKey() }, { practice: other.id }]) {
        const { headers } = gate.sign({ ...signer, ...change }, route.path, body);
        const { status } = await gate.send(route.path, body, { ...headers });
        expect([401, 403]).toContain(status);
      }
    }
    expect(existsSync(`${path}.ask`)).toBe(false);
  });

  it.each(["admin", "privacy"] as const)("is shown to the role %s", async (role) => {
    const { state, open, board } = await read(staff[role]);
    expect([state, open, board?.looked]).toEqual(["seen", 1, 1_790_000_000]);
    expect(board?.findings).toEqual([
      expect.objectContaining({ id: "N2", mend: "take out line 3", by: [], reason: null }),
      expect.objectContaining({ until: "2026-12-01", by: [practice.founder.member] }),
    ]);
  });

  it("names to another practice of this gate its own signers alone", async () => {
    const { board } = await read(other.founder, true, other);
    expect(board?.findings[1]).toMatchObject({
      by: [other.founder.member],
      reason: `of ${other.id}`,
    });
    expect(JSON.stringify(board)).not.toContain(practice.id);
    expect(JSON.stringify(board)).not.toContain(practice.founder.member);
  });

  it.each(OTHERS)(
    "is to the role %s until when a critical fault is borne, and no more",
    async (role) => {
      const { state, borne, open, board } = await read(staff[role], false);
      expect({ state, borne, open, board }).toEqual({
        state: "seen",
        borne: ["2026-12-01"],
        open: null,
        board: null,
      });
    },
  );

  it("is refused to an administrator who is frozen by name", async () => {
    const { admin, privacy } = staff;
    const order = practice.order(privacy, "freeze", { member: admin.member });
    await gate.call(practice.signer(privacy), "stop", { order });
    await expect(read(admin)).rejects.toEqual(refused);
    await expect(look(admin)).rejects.toEqual(refused);
    expect((await read(admin, false)).borne).toEqual(["2026-12-01"]);
  });
});

describe("what nobody wrote, or wrote wrongly, is an answer of its own", () => {
  const stateNow = async (): Promise<unknown[]> => {
    const { state, borne, open, board } = await read(practice.founder);
    expect([borne, open, board]).toEqual([[], null, null]);
    return [state, (await read(staff.office, false)).state];
  };
  const write = (bytes: Uint8Array | string): void => {
    writeFileSync(path, bytes);
  };
  const broken: Record<string, () => void> = {
    "no CBOR": () => write("{}"),
    nothing: () => write(""),
    "too long": () => write(new Uint8Array(POSTURE_LIMITS.boardBytes + 1)),
    "of another service": () => writeBoard(path, { service: "who", findings: [] }),
    "writable by others": () => chmodSync(path, 0o622),
    "a folder": () => {
      rmSync(path);
      mkdirSync(path);
    },
    "a link": () => {
      rmSync(path);
      writeBoard(join(folder, "elsewhere"), { service: "gate", findings: [] });
      symlinkSync(join(folder, "elsewhere"), path);
    },
  };

  it.each(Object.keys(broken))("%s", async (name) => {
    broken[name]?.();
    expect(await stateNow()).toEqual(["broken", "broken"]);
  });

  it("no file", async () => {
    rmSync(path);
    expect(await stateNow()).toEqual(["missing", "missing"]);
  });
});

describe(`a look (${postureLook.path})`, () => {
  it.each(["admin", "privacy"] as const)("is asked for by the role %s", async (role) => {
    rmSync(`${path}.ask`, { force: true });
    await (role === "admin" ? look(practice.founder) : look(staff.privacy));
    expect(existsSync(`${path}.ask`)).toBe(true);
  });

  it("that nobody would see is not promised", async () => {
    const app = gate.assemble();
    const body = encodeShape(postureLook.request, {});
    const { headers } = gate.sign(practice.signer(practice.founder), postureLook.path, body);
    const answer = await app.request(postureLook.path, {
      method: "POST",
      body: body as Uint8Array<ArrayBuffer>,
      headers: { "content-type": "application/cbor", ...headers },
    });
    expect(answer.status).toBe(404);
  });
});
