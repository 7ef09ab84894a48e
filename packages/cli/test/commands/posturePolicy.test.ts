import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { EXIT } from "../../src/failure.ts";
import { makeProgram } from "../../src/program.ts";
import { startPractice, type Ran, type StartedPractice } from "./startedPractice.ts";

const SHIPPED = readFileSync(
  fileURLToPath(new URL("../../src/posture/vault.yaml", import.meta.url)),
  "utf8",
);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

interface Row {
  readonly database: string;
  readonly file: { readonly sha256: string };
  readonly approved: { readonly sha256: string; readonly approvers: readonly string[] } | null;
  readonly isApproved: boolean;
  readonly proposals: readonly { readonly isOvertaken: boolean }[];
  readonly changes: { readonly added: string[]; readonly removed: string[] } | null;
}
interface Shown {
  readonly policies: readonly Row[];
}

let sinetti: StartedPractice;
const policy = (who: string, ...args: string[]): Promise<Ran> =>
  sinetti.run(who, "posture", "policy", ...args);
const rowOf = async (database: string, ...more: string[]): Promise<Row | undefined> =>
  (await policy("eero", "show", database, ...more)).json<Shown>().policies[0];
/** What posture finds of approvals: severity and database. */
const found = async (): Promise<string[]> => {
  const ran = await sinetti.run("nobody", "posture", "--data", join(sinetti.path, "data"));
  const { findings } = ran.json<{
    findings: { id: string; severity: string; database: string }[];
  }>();
  return findings
    .filter(({ id }) => id === "A8")
    .map(({ severity, database }) => `${severity} ${database}`);
};

const statesOf = (ran: Ran): string[] => {
  const { proposed, approved } = ran.json<Record<"proposed" | "approved", { state: string }[]>>();
  return (proposed ?? approved).map(({ state }) => state);
};

beforeAll(async () => {
  sinetti = await startPractice();
  const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino"];
  await sinetti.run("aino", ...words, "--roles", "therapist,admin");
  for (const [name, roles] of [
    ["eero", "therapist,privacy"],
    ["sari", "office"],
  ] as const)
    await sinetti.run(
      "aino",
      "member",
      "add",
      "--name",
      name,
      "--roles",
      roles,
      "--new-profile",
      join(sinetti.path, name),
    );
});
afterAll(() => sinetti.stop());

describe("sinetti posture policy", () => {
  it("refuses what is no database, a file for all of them, options of posture, and what is no policy", async () => {
    const broken = join(sinetti.path, "broken.yaml");
    writeFileSync(broken, "sinettiPosture: 1\nroles: 3\n");
    const refusal = (...args: string[]): Promise<string> =>
      makeProgram(["posture"])
        .then((program) =>
          program.parseAsync(["posture", "policy", "approve", ...args], { from: "user" }),
        )
        .then(
          () => "",
          (error: unknown) => (error instanceof Error ? error.name : ""),
        );
    expect(await refusal("app")).toBe("UsageError");
    expect(await refusal("--file", "vault.yaml")).toBe("UsageError");
    expect(await refusal("who", "--policy", "vault.yaml")).toBe("UsageError");
    expect(await refusal("who", "--file", broken)).toBe("InputError");
  });

  it("lets no privacy officer propose; a new practice is told without an alarm", async () => {
    expect((await policy("eero", "propose")).exit).toBe(EXIT.refused);
    expect(await found()).toEqual(["low who", "low what", "low gate"]);
  });

  it("approves with an administrator and a privacy officer, and with nobody else", async () => {
    expect(statesOf(await policy("aino", "propose"))).toEqual(["pending", "pending", "pending"]);
    const waiting = (await sinetti.run("aino", "approve", "list")).json<{ declared: unknown }[]>();
    expect(waiting.map(({ declared }) => declared)).toContainEqual({
      database: "who",
      policy: sha256(SHIPPED),
    });
    const others = await policy("sari", "approve", "--yes");
    expect(statesOf(others)).toEqual(["pending", "pending", "pending"]);
    expect(statesOf(await policy("eero", "approve", "--yes"))).toEqual(["done", "done", "done"]);
    const row = await rowOf("who");
    expect(row).toMatchObject({ isApproved: true, proposals: [] });
    expect(row?.approved?.sha256).toBe(sha256(SHIPPED));
    expect(row?.changes).toEqual({ added: [], removed: [] });
    expect(await found()).toEqual([]);
  });

  it("says what would change, and approves only the file that the officer has", async () => {
    const wider = join(sinetti.path, "wider.yaml");
    writeFileSync(wider, SHIPPED.replace("public.kits: [", "public.kits: [truncate, "));
    const proposed = await policy("aino", "propose", "who", "--file", wider);
    expect(proposed.stderr).toContain("+ roles.sinetti_app.relations.public.kits: truncate");
    const other = await policy("eero", "approve", "--yes");
    expect(other.exit).toBe(EXIT.input);
    expect(other.stderr).toContain("who: proposed");
    const approved = await policy("eero", "approve", "who", "--file", wider, "--yes");
    expect(statesOf(approved)).toEqual(["done"]);
    expect(await rowOf("who")).toMatchObject({
      isApproved: false,
      changes: { added: [], removed: ["roles.sinetti_app.relations.public.kits: truncate"] },
    });
  });

  it("tells what changed to who has a copy of the approved file, and to nobody by another one", async () => {
    const shipped = join(sinetti.path, "shipped.yaml");
    writeFileSync(shipped, SHIPPED);
    const blind = (await policy("sari", "show", "who")).json<Shown>().policies[0];
    expect([blind?.isApproved, blind?.changes]).toEqual([false, null]);
    const wider = join(sinetti.path, "wider.yaml");
    const seeing = await policy("sari", "show", "who", "--against", wider);
    expect(seeing.json<Shown>().policies[0]?.changes?.removed).toHaveLength(1);
    expect((await policy("sari", "show", "who", "--against", shipped)).exit).toBe(EXIT.input);
  });

  it("leaves a system to start under a policy that was not approved, which is a high finding", async () => {
    await sinetti.halt();
    await sinetti.startOn(join(sinetti.path, "data"));
    expect(await found()).toEqual(["high who"]);
  });
});
