import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { CLEAR_WORDS, searchBackup, type BackupYields } from "../../src/theft/backups.ts";
import { Search } from "../../src/theft/search.ts";

const PLANTED = "Quillfeather Marrowby";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sinetti-backups-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A backup of one file that holds `closed` as it lies and `opened` once it is opened. */
function steal({ closed, opened }: { closed: Buffer; opened: string }): Promise<BackupYields> {
  writeFileSync(join(folder, "who.age"), closed);
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(opened);
  };
  return searchBackup(
    { folder, opened: () => [{ name: "who.age", bytes }] },
    new Search([PLANTED]),
  );
}

describe("a stolen backup", () => {
  it("is searched as it lies and opened, and clear words are found in what is opened alone", async () => {
    const yields = await steal({ closed: randomBytes(5000), opened: CLEAR_WORDS.join("\n") });
    expect(yields).toMatchObject({ files: 1, found: 0, foundOpened: 0 });
    expect(yields.control).toEqual({ of: 3, opened: 3, closed: 0 });
  });

  it("that is not encrypted is a find, and so is a planted string in what is opened", async () => {
    const closed = Buffer.from(`${"x".repeat(50)}${PLANTED}`);
    const yields = await steal({ closed, opened: `rows ${PLANTED} rows` });
    expect(yields).toMatchObject({ found: 1, foundOpened: 1 });
  });

  it("that was opened to nothing shows in the control", async () => {
    const yields = await steal({ closed: randomBytes(5000), opened: "" });
    expect(yields.control.opened).toBe(0);
  });
});
