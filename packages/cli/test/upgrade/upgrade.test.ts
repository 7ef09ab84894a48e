import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runScript, type BareCluster } from "../../../../tools/bareCluster.ts";
import { TestAuthority } from "../../../../tools/testCertificate.ts";
import { initPart, type MadePart } from "../../src/serve/initPart.ts";
import { finished, type Ran } from "../commands/startedPractice.ts";
import { freePorts, serve, startOperatorCluster } from "../serve/servedSystem.ts";
import { makePlace } from "../start/startedSystem.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const place = makePlace();
const authority = new TestAuthority(place.path);
const shelf = join(place.path, "shelf");
const identityFile = join(place.path, "identity.txt");
let cluster: BareCluster;
let made: MadePart;
let recipient: string;

/** Serves, says how that ended, and stops it. */
async function outcomeOf(): Promise<{ exit: number | null; stderr: string }> {
  const served = await serve("who", made.config, authority);
  if (!("child" in served)) return served;
  return { exit: await served.stop(), stderr: "" };
}

function upgrade(...words: readonly string[]): Promise<Ran> {
  const all = [main, "upgrade", "--config", made.config, "--json", ...words];
  return finished(spawn(process.execPath, all, { stdio: ["ignore", "pipe", "pipe"] }));
}

async function asAdmin(statement: string): Promise<void> {
  const admin = cluster.connect("sinetti");
  await admin.unsafe(statement);
  await admin.end();
}

beforeAll(async () => {
  const identity = await generateIdentity();
  recipient = await identityToRecipient(identity);
  writeFileSync(identityFile, identity);
  cluster = await startOperatorCluster(place.path, authority, "who");
  const [port] = await freePorts(1);
  made = initPart({
    part: "who",
    out: join(place.path, "who"),
    listen: `127.0.0.1:${port}`,
    origins: ["https://localhost"],
    database: `localhost:${cluster.port}/sinetti`,
    databaseCa: authority.file,
    gateKey: "ab".repeat(32),
  });
  await runScript(cluster, made.script ?? "");
});
afterAll(async () => {
  await cluster.stop();
  place.remove();
});

describe("a part on its own PostgreSQL", () => {
  it("makes an empty database what it needs at its first start", async () => {
    expect(await outcomeOf()).toEqual({ exit: 0, stderr: "" });
  });

  it("is not served on data of an older version", async () => {
    await asAdmin("drop table late_wraps; delete from sinetti.migrations where id like '0006-%'");
    expect(await outcomeOf()).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining("older version of Sinetti") as string,
    });
  });

  it("is served once that is upgraded", async () => {
    const upgraded = await upgrade("--out", shelf, "--to", recipient);
    expect([upgraded.exit, upgraded.json()]).toEqual([
      0,
      expect.objectContaining({ service: "who", applied: ["0006-late-wraps.sql"] }),
    ]);
    expect(readdirSync(shelf)).toEqual([basename(upgraded.json<{ backup: string }>().backup)]);
    expect(await outcomeOf()).toEqual({ exit: 0, stderr: "" });
  });

  it("gets its older form back when an upgrade is undone", async () => {
    const file = join(shelf, readdirSync(shelf)[0] ?? "");
    const undone = await upgrade("--undo", file, "--identity", identityFile);
    expect(undone.exit).toBe(0);
    expect(undone.json<{ applied: string[] }>().applied.at(-1)).toMatch(/^0005-/);
    expect(await outcomeOf()).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining("older version of Sinetti") as string,
    });
  });

  it("is not served on data of a newer version", async () => {
    await asAdmin("insert into sinetti.migrations values ('9999-later.sql', 'ab')");
    expect(await outcomeOf()).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining("newer version of Sinetti") as string,
    });
  });

  it("is not upgraded then either", async () => {
    const refused = await upgrade("--out", shelf, "--to", recipient);
    expect([refused.exit, refused.stdout]).toEqual([3, expect.stringContaining("newer-data")]);
  });
});
