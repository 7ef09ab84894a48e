import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readNotes, writeNotes, type BackupNotes } from "../../src/backup/backupNotes.ts";
import {
  checkBesideGate,
  checkGatePlace,
  checkShelf,
  isInside,
  isOnSameDisk,
} from "../../src/backup/shelfPlace.ts";

let place: string;
let data: string;
let shelf: string;
const at = (name: string): string => join(place, name);

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "sinetti-place-"));
  data = at("data");
  shelf = at("shelf");
  mkdirSync(data);
  mkdirSync(join(shelf, "20261121T104500Z"), { recursive: true });
  writeNotes(data, {
    shelves: [shelf],
    last: { made: "2026-11-21T10:45:00Z", folder: join(shelf, "20261121T104500Z") },
  });
});
afterEach(() => rmSync(place, { recursive: true }));

const codeOf = (work: () => void): string => {
  try {
    work();
    return "accepted";
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const ofShelf = (path: string, maySameDisk: boolean): string =>
  codeOf(() => checkShelf(path, { data, notes: readNotes(data), maySameDisk }));

describe("the place of a schedule's backups", () => {
  it("is not the file system of the data unless that is said, though nothing of it is there yet", () => {
    expect(ofShelf(shelf, false)).toBe("same-disk");
    expect(ofShelf(at("new/folder"), false)).toBe("same-disk");
    expect(ofShelf(shelf, true)).toBe("accepted");
    // Linux has this file system on every machine, and it is never the one of a folder.
    expect(statSync("/proc").dev).not.toBe(statSync(data).dev);
    expect(isOnSameDisk("/proc", data)).toBe(false);
  });

  it("counts a database that lies elsewhere as data", () => {
    mkdirSync(join(data, "who"));
    writeFileSync(join(data, "who", "postgres.location"), "/proc\n");
    expect(isOnSameDisk("/proc", data)).toBe(true);
  });

  it("has the last backup in it: an empty folder is a medium that is not mounted", () => {
    renameSync(shelf, at("unmounted"));
    expect(ofShelf(shelf, true)).toBe("shelf-gone");
    mkdirSync(shelf);
    expect(ofShelf(shelf, true)).toBe("shelf-gone");
    expect(ofShelf(at("another"), true)).toBe("accepted");
  });
});

describe("the gate's keys and the backups", () => {
  const ofGate = (file: string): string =>
    codeOf(() => checkGatePlace(file, { data, notes: readNotes(data) }));
  const ofNext = (path: string, notes: Partial<BackupNotes>): string =>
    codeOf(() => checkBesideGate(path, { ...readNotes(data), ...notes }));

  it("never lie in one folder, in one another, or under another name of it", () => {
    expect(ofGate(join(shelf, "gate.age"))).toBe("gate-beside");
    expect(ofGate(join(shelf, "deeper", "gate.age"))).toBe("gate-beside");
    expect(ofGate(join(data, "gate.age"))).toBe("gate-beside");
    symlinkSync(shelf, at("link"));
    expect(ofGate(join(at("link"), "gate.age"))).toBe("gate-beside");
    expect(ofGate(join(at("elsewhere"), "gate.age"))).toBe("accepted");
  });

  it("nor when the keys were there first, as long as they are there", () => {
    const file = join(shelf, "gate.age");
    expect(ofNext(shelf, { gateFiles: [file] })).toBe("accepted");
    writeFileSync(file, "sealed");
    expect(ofNext(shelf, { gateFiles: [file] })).toBe("gate-beside");
    expect(ofNext(at("another"), { gateFiles: [file] })).toBe("accepted");
  });

  it("lie in a folder whatever its name begins with", () => {
    expect(isInside(at("shelf/..gate.age"), at("shelf"))).toBe(true);
    expect(isInside(at("shelf-2"), at("shelf"))).toBe(false);
  });
});
