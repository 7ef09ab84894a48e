import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { BACKUP_DAYS } from "@sinetti/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { hashFile } from "../../src/backup/ageFile.ts";
import { openSigner, type BackupSigner } from "../../src/backup/backupSigner.ts";
import {
  draftEnding,
  findBackup,
  listBackups,
  readManifest,
  verifyFiles,
  writeManifest,
  type Manifest,
} from "../../src/backup/manifest.ts";
import { pruneBackups } from "../../src/backup/pruneBackups.ts";

const DAY_MS = 86_400_000;
let shelf: string;
let signer: BackupSigner;

beforeEach(() => {
  shelf = mkdtempSync(join(tmpdir(), "sinetti-shelf-"));
  signer = openSigner(shelf);
});
afterEach(() => rmSync(shelf, { recursive: true }));

async function shelve(name: string, made: Date, change: object = {}): Promise<string> {
  const folder = join(shelf, name);
  mkdirSync(folder);
  const files = [];
  for (const service of ["who", "what", "gate"] as const) {
    writeFileSync(join(folder, `${service}.age`), `sealed ${service}`);
    files.push({
      service,
      name: `${service}.age`,
      ...(await hashFile(join(folder, `${service}.age`))),
    });
  }
  const manifest = {
    v: 1,
    backup: "ab".repeat(16),
    made: made.toISOString(),
    expires: new Date(made.getTime() + BACKUP_DAYS * DAY_MS).toISOString(),
    program: "0.1.0",
    recipients: ["age1x"],
    signer: signer.publicKey,
    files,
    ...change,
  };
  writeManifest(folder, manifest as Manifest, signer);
  return folder;
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return "accepted";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("a manifest", () => {
  it("reads as it was written, and its files are as it says", async () => {
    const folder = await shelve("one", new Date());
    const manifest = readManifest(folder);
    expect(manifest.files.map(({ service }) => service)).toEqual(["who", "what", "gate"]);
    await expect(verifyFiles(folder, manifest)).resolves.toBeUndefined();
  });

  it("is refused when a bit of it or of its signature is another, or when either is missing", async () => {
    const folder = await shelve("one", new Date());
    const path = join(folder, "manifest.json");
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.replace("age1x", "age1y"));
    expect(codeOf(() => readManifest(folder))).toBe("damaged");
    writeFileSync(path, "{");
    expect(codeOf(() => readManifest(folder))).toBe("damaged");
    writeFileSync(path, text);
    writeFileSync(join(folder, "manifest.sig"), "00".repeat(64));
    expect(codeOf(() => readManifest(folder))).toBe("damaged");
    rmSync(join(folder, "manifest.sig"));
    expect(codeOf(() => readManifest(folder))).toBe("incomplete");
  });

  it("is refused when it names fewer services, other names, or a newer version", async () => {
    const newer = await shelve("newer", new Date(), { v: 2 });
    expect(codeOf(() => readManifest(newer))).toBe("newer-format");
    const none = await shelve("none", new Date(), { files: [] });
    expect(codeOf(() => readManifest(none))).toBe("damaged");
    const away = { service: "who", name: "../who.age", bytes: 1, sha256: "00".repeat(32) };
    const outside = await shelve("outside", new Date(), { files: [away, away, away] });
    expect(codeOf(() => readManifest(outside))).toBe("damaged");
  });

  it("does not hold for a file that is changed, shortened or missing", async () => {
    const folder = await shelve("one", new Date());
    const manifest = readManifest(folder);
    const path = join(folder, "what.age");
    writeFileSync(path, "sealed whaT");
    await expect(verifyFiles(folder, manifest)).rejects.toMatchObject({ code: "damaged" });
    writeFileSync(path, "sealed");
    await expect(verifyFiles(folder, manifest)).rejects.toMatchObject({ code: "damaged" });
    rmSync(path);
    await expect(verifyFiles(folder, manifest)).rejects.toMatchObject({ code: "incomplete" });
  });
});

describe("a shelf of backups", () => {
  it("gives the newest whole one, or the one that is named", async () => {
    const old = await shelve("b-old", new Date(Date.now() - DAY_MS));
    const fresh = await shelve("a-new", new Date());
    const damaged = await shelve("c-damaged", new Date(Date.now() + DAY_MS));
    rmSync(join(damaged, "manifest.sig"));
    mkdirSync(join(shelf, "20990101T000000Z.draft"));
    expect(findBackup(shelf).folder).toBe(fresh);
    expect(findBackup(old).folder).toBe(old);
    expect(codeOf(() => findBackup(join(shelf, "nowhere")))).toBe("incomplete");
  });

  it("is not guessed at when the newest is dated in the future", async () => {
    await shelve("now", new Date());
    const ahead = await shelve("ahead", new Date(Date.now() + 2 * DAY_MS));
    expect(codeOf(() => findBackup(shelf))).toBe("dated-ahead");
    expect(findBackup(ahead).folder).toBe(ahead);
  });
});

describe("a pruning", () => {
  const now = new Date();
  const shelveAged = async (...days: number[]): Promise<string[]> => {
    const folders = [];
    for (const age of days)
      folders.push(await shelve(`aged-${age}`, new Date(now.getTime() - age * DAY_MS)));
    return folders;
  };
  const prune = (keep: number | null, at = now): string[] =>
    pruneBackups(shelf, { now: at, signer: signer.publicKey, keep });
  const left = (): string[] => listBackups(shelf).map(({ folder }) => folder);

  it("takes what is over, and never the newest three whatever the clock says", async () => {
    const [over, ...rest] = await shelveAged(BACKUP_DAYS + 1, BACKUP_DAYS - 1, 2, 1);
    expect(prune(null)).toEqual([over]);
    expect(prune(null, new Date(now.getTime() + 1000 * DAY_MS))).toEqual([]);
    expect(left()).toEqual(rest);
  });

  it("keeps so many of the newest as were asked for, and no fewer than three", async () => {
    const folders = await shelveAged(6, 5, 4, 3, 2, 1);
    expect(prune(4)).toEqual([folders[1], folders[0]]);
    expect(prune(1)).toEqual([folders[2]]);
    expect(left()).toEqual(folders.slice(3));
  });

  it("takes nothing while one is dated ahead, and nothing of another system", async () => {
    await shelveAged(50, 49, 48, 47, 46);
    expect(pruneBackups(shelf, { now, signer: "cd".repeat(32), keep: 3 })).toEqual([]);
    await shelveAged(-3);
    expect(prune(3)).toEqual([]);
    expect(left()).toHaveLength(6);
  });

  it("that is cut off leaves nothing that looks like a backup", async () => {
    const [folder = ""] = await shelveAged(1);
    renameSync(folder, `${folder}${draftEnding(signer.publicKey)}`);
    expect(left()).toEqual([]);
  });
});
