import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { sharePaper } from "@sinetti/client";
import type { PracticeId } from "@sinetti/core";
import {
  generateRecoverySecret,
  printRecoveryShare,
  splitRecoverySecret,
} from "@sinetti/core/secret";
import { afterAll, beforeAll, expect, test } from "vitest";

import { loadSuite } from "../../../../tools/testPractice.ts";
import { joinShares, readShares } from "../../src/input/shareFiles.ts";
import { InputError } from "../../src/inputError.ts";
import { writePaper } from "../../src/paperFile.ts";

let folder: string;
const paths: string[] = [];

beforeAll(async () => {
  await loadSuite();
  folder = mkdtempSync(join(tmpdir(), "sinetti-shares-"));
  const practice = "5a".repeat(16) as PracticeId;
  const split = { practice, version: 1, threshold: 2, count: 3 };
  const secret = generateRecoverySecret();
  for (const share of await splitRecoverySecret(secret, split)) {
    const page = { share, trustee: "Eero", practiceName: "Kuusi", server: "http://127.0.0.1:4600" };
    const paper = sharePaper({ ...page, made: "2026-11-21T10:00:00Z" }, { isPrinted: false });
    const path = join(folder, `share-${share.number}.txt`);
    await writePaper(path, paper);
    paths.push(path);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function told(...given: string[]): Promise<string> {
  try {
    await joinShares(readShares(given));
    return "joined";
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return `${error.source}: ${error.message}`;
  }
}

test("shares join from their files, and as they are typed", async () => {
  const [first = "", second = "", third = ""] = paths;
  expect(await told(first, third)).toBe("joined");
  const typed = readFileSync(second, "utf8").match(/(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}/g) ?? [];
  expect(await told(first, typed.join(" "))).toBe("joined");
});

test("too few say how many are missing, and one given twice is named", async () => {
  const [first = ""] = paths;
  expect(await told(first)).toBe("the shares: 1 more share is needed");
  expect(await told(first, first)).toBe(`${first}: this share was given twice`);
});

test("a flipped bit in a share is named: the file, the line and the group", async () => {
  const [first = "", second = ""] = paths;
  const damaged = join(folder, "damaged.txt");
  const flip = (character: string): string => (character === "7" ? "6" : "7");
  const page = readFileSync(second, "utf8").replace(
    /(3 {2}[0-9A-Z]{4}-)(.)/,
    (_, head: string, one: string) => head + flip(one),
  );
  writeFileSync(damaged, page);
  expect(await told(first, damaged)).toBe(`${damaged}: the share is damaged: line 3, group 2`);
});

test("a page that is cut, a PDF and a code that is none are refused, and nothing typed is shown again", async () => {
  const [first = ""] = paths;
  const cut = join(folder, "cut.txt");
  const lines = readFileSync(first, "utf8")
    .split("\n")
    .filter((line) => !/^\W*9 {2}/.test(line));
  writeFileSync(cut, lines.join("\n"));
  expect(await told(cut)).toBe(`${cut}: the share has 192 of 216 characters`);
  const pdf = join(folder, "share.pdf");
  writeFileSync(pdf, "%PDF-");
  expect(await told(pdf)).toContain("a PDF is for reading");
  expect(await told("ABCD-EFGH")).toBe("share 1 as typed: the share has 8 of 216 characters");
});

test("the printed page shows every group, each in a cell of its own, and the code to be scanned", async () => {
  const [given] = readShares([paths[0] ?? ""]);
  if (given === undefined) throw new TypeError("no share");
  const page = { share: given.share, trustee: null, practiceName: "Kuusi", server: "http://x" };
  const { blocks } = sharePaper({ ...page, made: "2026-11-21T10:00:00Z" }, { isPrinted: true });
  const table = blocks.find((block) => block.type === "table");
  const cells = table?.rows.flatMap((row) =>
    row
      .slice(1)
      .map((cell) => (typeof cell === "string" ? cell : cell.map(({ text }) => text).join(""))),
  );
  expect(cells).toEqual(printRecoveryShare(given.share).flatMap((line) => line.split("-")));
  const scanned = blocks.find((block) => block.type === "qr");
  expect(readShares([scanned?.text ?? ""])[0]?.share).toEqual(given.share);
});
