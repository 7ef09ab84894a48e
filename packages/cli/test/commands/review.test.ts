import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findStores } from "../../src/start/storeAddresses.ts";
import { startPractice, type StartedPractice } from "./startedPractice.ts";

const WEEK_SECONDS = 7 * 86_400;

interface Edge {
  readonly edge: number;
  readonly holder: string;
  readonly what: string;
  readonly state: string;
  readonly risks: readonly string[];
  readonly verdict: string | null;
}

describe("a round of review on the command line", { timeout: 240_000 }, () => {
  let sinetti: StartedPractice;
  let patient: string;
  let round: string;
  let temporary: string;

  const data = (): string => join(sinetti.path, "data");
  /** In the database of vault who. */
  const asSuperuser = async (statement: string): Promise<postgres.RowList<postgres.Row[]>> => {
    const sql = postgres({ ...findStores(data()).who, max: 1, onnotice: () => undefined });
    try {
      return await sql.unsafe(statement);
    } finally {
      await sql.end();
    }
  };
  const edges = async (): Promise<Edge[]> =>
    (await sinetti.run("helena", "review", "list", round)).json<{ edges: Edge[] }>().edges;

  beforeAll(async () => {
    sinetti = await startPractice();
    const create = ["practice", "create", "--name", "Kuusi", "--member", "Aino"];
    await sinetti.run("aino", ...create, "--roles", "therapist,admin");
    for (const [name, roles] of [
      ["helena", "privacy"],
      ["sari", "therapist"],
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
    const person = sinetti.file("person.json", {
      name: { given: ["Maija"], family: "Meikäläinen" },
      born: "1990-01-01",
    });
    const added = await sinetti.run("aino", "patient", "add", "--file", person);
    ({ patient } = added.json<{ patient: string }>());
    await sinetti.run("aino", "patient", "show", patient);
    await asSuperuser("create role old_report login password 'x'");
    const glass = ["break-glass", "open", "who", "--access", "owner", "--by", "Operator"];
    const opened = await sinetti.run("aino", ...glass, "--reason", "index", "--data", data());
    ({ role: temporary } = opened.json<{ role: string }>());
  });
  afterAll(() => sinetti.stop());

  it("shows a privacy officer every access, and nobody else", async () => {
    expect((await sinetti.run("sari", "review", "open")).exit).toBe(3);
    const file = join(sinetti.path, "databases.json");
    const seen = await sinetti.run("aino", "review", "databases", "--data", data(), "--out", file);
    expect(seen.json<{ risky: number }>().risky).toBeGreaterThan(0);
    const opened = await sinetti.run("helena", "review", "open", "--databases", file);
    ({ round } = opened.json<{ round: string }>());
    const all = await edges();
    expect(all.length).toBeGreaterThan(5);
    expect(new Set(all.map(({ holder }) => holder))).toContain("Aino");
    expect(opened.stdout + JSON.stringify(all)).not.toContain("Meikäläinen");
  });

  it("keeps together what nothing speaks against, and refuses the officer's own", async () => {
    await sinetti.run("helena", "review", "decide", round, "--keep-low-risk");
    const all = await edges();
    const own = all.find(({ risks }) => risks.includes("own"));
    expect(all.filter(({ verdict }) => verdict === "keep").length).toBeGreaterThan(0);
    expect(all.filter(({ verdict, risks }) => verdict !== null && risks.length > 0)).toEqual([]);
    const words = ["review", "decide", round, "--edges", String(own?.edge), "--verdict", "keep"];
    const refused = await sinetti.run("helena", ...words);
    expect(refused.exit).toBe(3);
    expect(refused.json()).toMatchObject({ decided: 0, refused: [{ reason: "own" }] });
    const glass = all.find(({ holder, what }) => holder === temporary && what === "LOGIN plain");
    expect(glass?.risks).toEqual(["undeclared", "break-glass"]);
    const keeping = ["--edges", String(glass?.edge), "--verdict", "keep", "--reason", "needed"];
    const unkept = await sinetti.run("helena", "review", "decide", round, ...keeping);
    expect(unkept.json()).toMatchObject({ decided: 0, refused: [{ reason: "break-glass" }] });
    const old = all.find(({ holder, what }) => holder === "old_report" && what === "LOGIN plain");
    expect(old?.risks).toEqual(["undeclared"]);
    const ending = ["--verdict", "revoke", "--reason", "unknown"];
    await sinetti.run("helena", "review", "decide", round, "--edges", String(old?.edge), ...ending);
  });

  it("is closed with a record on paper and a file that anybody of the practice can verify", async () => {
    const [pdf, record] = [join(sinetti.path, "review.pdf"), join(sinetti.path, "review.cbor")];
    const closed = await sinetti.run(
      "helena",
      "review",
      "close",
      round,
      "--out",
      pdf,
      "--record",
      record,
    );
    const { kept, left } = closed.json<{ kept: number; left: number }>();
    expect(kept).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(0);
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe("%PDF-");
    expect(statSync(record).mode & 0o077).toBe(0);
    expect((await sinetti.run("sari", "review", "verify", record)).json()).toMatchObject({ round });
    const paper = await sinetti.run("sari", "review", "verify", pdf);
    expect(paper.json()).toMatchObject({ round });
    const bytes = readFileSync(record);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const forged = join(sinetti.path, "forged.cbor");
    writeFileSync(forged, bytes);
    expect((await sinetti.run("sari", "review", "verify", forged)).exit).toBe(4);
  });

  it("is carried out in the databases by their operator, which the catalogue then says; the services go on", async () => {
    const record = join(sinetti.path, "review.cbor");
    const done = await sinetti.run("aino", "review", "apply", record, "--data", data());
    const { applied } = done.json<{
      applied: { role: string; right: string; outcome: string }[];
    }>();
    expect(done.exit).toBe(0);
    expect(applied.filter(({ role }) => role === "old_report")).toMatchObject([
      { right: "LOGIN", outcome: "revoked" },
    ]);
    const rest = applied.filter(({ outcome }) => outcome !== "kept" && outcome !== "revoked");
    expect(new Set(rest.map(({ role, outcome }) => `${role} ${outcome}`))).toEqual(
      new Set([`${temporary} break-glass`]),
    );
    const [role] = await asSuperuser(
      "select rolcanlogin as login from pg_roles where rolname = 'old_report'",
    );
    expect(role?.["login"]).toBe(false);
    expect((await sinetti.run("aino", "patient", "list")).json()).toHaveLength(1);
  });

  it("says what ends, and what of it sleeps after its day", async () => {
    sinetti.passTime(15 * WEEK_SECONDS);
    const due = (await sinetti.run("helena", "review", "list")).json<{ ending: number }>();
    expect(due.ending).toBeGreaterThan(0);
    const opened = await sinetti.run("helena", "review", "open", "--ending");
    ({ round } = opened.json<{ round: string }>());
    const states = new Set((await edges()).map(({ state }) => state));
    // All of it ended on one day, so nobody is left who could open it without another's consent.
    expect([...states]).toEqual(["asleep"]);
  });
});
