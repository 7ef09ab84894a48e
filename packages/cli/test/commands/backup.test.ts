import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { backUp } from "../../src/backup/backUp.ts";
import { backupAges, type BackupAges } from "../../src/backup/backupAges.ts";
import { readNotes } from "../../src/backup/backupNotes.ts";
import { openSigner } from "../../src/backup/backupSigner.ts";
import { draftEnding, listBackups } from "../../src/backup/manifest.ts";
import { findStores } from "../../src/start/storeAddresses.ts";
import { until } from "../start/startedSystem.ts";
import { finished, startPractice, type StartedPractice } from "./startedPractice.ts";

interface Failed {
  error: { code: string };
}
interface Made {
  backup: string;
  identity: string | null;
  sameDisk: boolean;
}

describe("backups of a practice", () => {
  let sinetti: StartedPractice;
  let shelf: string;
  let data: string;
  const at = (name: string): string => join(sinetti.path, name);
  const run = (...words: string[]) => sinetti.run("aino", ...words);
  const codeOf = async (...words: string[]): Promise<[number | null, string]> => {
    const ran = await run(...words);
    return [ran.exit, ran.json<Failed>().error.code];
  };
  const every = (...more: string[]): string[] => [
    "backup",
    "--out",
    shelf,
    "--every",
    "24h",
    ...more,
  ];
  const verify = (path: string, ...more: string[]): string[] => [
    "backup",
    "verify",
    path,
    "--identity",
    at("identity.txt"),
    ...more,
  ];
  const backUpHere = () =>
    backUp(data, {
      shelf,
      recipients: readNotes(data).recipients,
      program: "0.1.0",
      now: new Date(),
      moved: () => undefined,
      pruning: null,
    });

  beforeAll(async () => {
    sinetti = await startPractice();
    shelf = at("shelf");
    data = at("data");
    const words = ["practice", "create", "--name", "Kuusi", "--member", "Aino", "--solo"];
    await run(...words, "--roles", "therapist,admin,privacy");
    const person = { name: { family: "Virtanen", given: ["Aino"] } };
    await run("patient", "add", "--file", sinetti.file("person.json", person));
  });
  afterAll(() => sinetti.stop());

  it("are not begun by a schedule that has nobody to hand an identity to, nor onto the disk of the data unless that is said", async () => {
    expect(await codeOf(...every("--same-disk"))).toEqual([2, "usage"]);
    const made = (await run("backup", "--out", shelf)).json<Made>();
    expect(made).toMatchObject({ sameDisk: true });
    writeFileSync(at("identity.txt"), `${made.identity}\n`);
    expect(await codeOf(...every())).toEqual([3, "same-disk"]);
    expect(listBackups(shelf)).toHaveLength(1);
  });

  it("are late in the status after two days, go on by a schedule, and end when the service manager asks", async () => {
    sinetti.passTime(48 * 3600);
    const { backups } = (await sinetti.run("nobody", "status")).json<{ backups: BackupAges }>();
    expect(backups).toMatchObject({ isLate: true, everySeconds: null, failed: null });
    expect(backups.ageSeconds).toBeGreaterThanOrEqual(48 * 3600);
    const child = sinetti.begin("aino", every("--same-disk"));
    const ran = finished(child);
    await until(() => child.exitCode !== null || readNotes(data).last?.folder !== backups.folder);
    child.kill("SIGTERM");
    expect((await ran).exit).toBe(0);
    expect((await ran).stdout.trim().split("\n")).toHaveLength(2);
    expect(listBackups(shelf)).toHaveLength(2);
    const now = new Date(Date.now() + 48 * 3_600_000);
    expect(backupAges(data, now)).toMatchObject({ isLate: false, everySeconds: 86_400 });
  });

  it("leave nothing half when there is no room, and the older ones stand", async () => {
    const before = readdirSync(shelf);
    const main = new URL("fixtures/shiftedMain.ts", import.meta.url).pathname;
    // A real limit of the system on the size of a file: half of what a backup needs.
    const script = `ulimit -f 8; exec "$@"`;
    const words = [process.execPath, main, "--json", "backup", "--out", shelf];
    const child = spawn("sh", ["-c", script, "sh", ...words], {
      env: { ...process.env, SINETTI_DATA: data, TEST_CLOCK: at("clock") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ran = await finished(child);
    expect([ran.exit, ran.json<Failed>().error.code]).toEqual([3, "no-room"]);
    expect(readdirSync(shelf)).toEqual(before);
  });

  it("that were killed in the middle leave no backup, and the next one clears them away", async () => {
    const ending = draftEnding(openSigner(data).publicKey);
    const isDraft = (name: string): boolean => name.endsWith(".draft");
    const child = sinetti.begin("aino", ["backup", "--out", shelf]);
    const ran = finished(child);
    await until(() => child.exitCode !== null || readdirSync(shelf).some(isDraft));
    child.kill("SIGKILL");
    await ran;
    const names = readdirSync(shelf).filter((name) => !isDraft(name));
    expect(listBackups(shelf)).toHaveLength(names.length);
    // What another system is writing at this moment stays.
    mkdirSync(join(shelf, "20261121T104500Z.00000000.draft"));
    mkdirSync(join(shelf, `20261121T104500Z${ending}`));
    await backUpHere();
    expect(readdirSync(shelf).filter(isDraft)).toEqual(["20261121T104500Z.00000000.draft"]);
  });

  it("are refused by a verification when a file of theirs was changed", async () => {
    const damaged = at("damaged");
    cpSync(listBackups(shelf).at(-1)?.folder ?? "", damaged, { recursive: true });
    appendFileSync(join(damaged, "who.age"), "x");
    expect(await codeOf(...verify(join(damaged, "who.age")))).toEqual([4, "damaged"]);
  });

  it("are verified by a restore into scratch databases, which finds the one entry that was changed in them and nothing else, and of which nothing is left", async () => {
    const scratch = at("scratch");
    mkdirSync(scratch, { mode: 0o755 });
    const sql = postgres({ ...findStores(data).what, max: 1, onnotice: () => undefined });
    await sql`update entries set box = substring(box from 2)
      where ctid = (select min(ctid) from entries)`;
    await sql.end();
    const { folder } = await backUpHere();
    const ran = await run(...verify(folder, "--scratch", scratch));
    expect(ran.exit).toBe(4);
    const found = ran.json<{ entries: number; broken: { service: string; file: string }[] }>();
    expect(found).toMatchObject({ practices: 1, hasGateKeys: false });
    expect(found.entries).toBeGreaterThan(3);
    expect(new Set(found.broken.map(({ service }) => service))).toEqual(new Set(["what"]));
    expect(new Set(found.broken.map(({ file }) => file)).size).toBe(1);
    expect(readdirSync(scratch)).toEqual([]);
    expect(readNotes(data).verified).toMatchObject({ isSound: false });
    // Three new clusters, on a machine that may be busy.
  }, 180_000);
});
