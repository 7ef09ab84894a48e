import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { CoreError, bytesToHex } from "@sinetti/core";
import { sha256 } from "../src/suite.ts";
import { loadSuite } from "../../../tools/testPractice.ts";
import {
  genesisVectors,
  posturePolicyVectors,
  practiceVectors,
  reviewVectors,
} from "./golden/chainVectors.ts";
import { accessVectors, createVectors, recordVectors } from "./golden/fileVectors.ts";
import { readRecovery, recoveryVectors } from "./golden/recoveryVectors.ts";
import { foldBase, readChunk, readVector, type Base } from "./golden/readVector.ts";
import { goldenScene, loadDeterministicSuite, type GoldenScene } from "./golden/scene.ts";
import {
  chunkVectors,
  encodingVectors,
  releaseVectors,
  sealedVectors,
} from "./golden/sealedVectors.ts";
import { readUnlock, unlockVectors } from "./golden/unlockVectors.ts";
import type { Vector, Vectors } from "./golden/vector.ts";

const folder = fileURLToPath(new URL("../vectors", import.meta.url));

function baseOf({ practice, made, append }: GoldenScene): Base {
  return {
    practice: practice.id,
    links: practice.links.map(({ statement }) => ({
      week: 3000,
      statement: bytesToHex(statement),
    })),
    create: bytesToHex(made.statement),
    append: bytesToHex(append.statement),
  };
}

/** Every vector, made again from the deterministic randomness. */
async function makeVectors(): Promise<{ base: Base; valid: Vectors; invalid: Vectors }> {
  await loadDeterministicSuite();
  const scene = goldenScene();
  const base = baseOf(scene);
  const sets = [
    genesisVectors,
    practiceVectors,
    createVectors,
    accessVectors,
    recordVectors,
    sealedVectors,
    releaseVectors,
    chunkVectors,
    encodingVectors,
  ].map((make) => make(scene));
  sets.push(await recoveryVectors());
  sets.push(unlockVectors());
  sets.push(reviewVectors(scene));
  sets.push(posturePolicyVectors(scene));
  await loadSuite();
  return {
    base,
    valid: Object.assign({}, ...sets.map(({ valid }) => valid)) as Vectors,
    invalid: Object.assign({}, ...sets.map(({ invalid }) => invalid)) as Vectors,
  };
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
}

function namesIn(kind: "valid" | "invalid"): string[] {
  return readdirSync(`${folder}/${kind}`)
    .map((file) => file.replace(/\.json$/, ""))
    .toSorted();
}

/** Writes the files anew when asked; a changed file is a changed format, and shows in the review. */
async function writeVectors(): Promise<void> {
  const { base, valid, invalid } = await makeVectors();
  const write = (name: string, content: unknown): void =>
    writeFileSync(`${folder}/${name}.json`, `${JSON.stringify(content, null, 2)}\n`);
  for (const kind of ["valid", "invalid"]) mkdirSync(`${folder}/${kind}`, { recursive: true });
  write("valid/base", base);
  for (const [name, vector] of Object.entries(valid)) write(`valid/${name}`, vector);
  for (const [name, vector] of Object.entries(invalid)) write(`invalid/${name}`, vector);
}

if (process.env["WRITE_VECTORS"] === "1") await writeVectors();

beforeAll(loadSuite);

describe("golden vectors", () => {
  test("are made again from their seeds, byte for byte", async () => {
    const made = await makeVectors();
    expect(read("valid/base")).toEqual(made.base);
    expect(namesIn("valid")).toEqual(["base", ...Object.keys(made.valid)].toSorted());
    expect(namesIn("invalid")).toEqual(Object.keys(made.invalid).toSorted());
    for (const [name, vector] of Object.entries(made.valid))
      expect(read(`valid/${name}`)).toEqual(vector);
    for (const [name, vector] of Object.entries(made.invalid))
      expect(read(`invalid/${name}`)).toEqual(vector);
  });

  test("of what is wrong are at least eighty", () => {
    expect(namesIn("invalid").length).toBeGreaterThanOrEqual(80);
  });

  const cases = (["valid", "invalid"] as const).flatMap((kind) =>
    namesIn(kind)
      .filter((name) => name !== "base")
      .map((name) => ({ name: `${kind}/${name}`, vector: read(`${kind}/${name}`) as Vector })),
  );

  const isRecovery = ({ vector }: (typeof cases)[number]): boolean =>
    vector.check.startsWith("recovery-");
  test.each(cases.filter(isRecovery))("$name", async ({ vector }) => {
    expect(await readRecovery(vector)).toBe(vector.code);
  });

  const isChunk = ({ vector }: (typeof cases)[number]): boolean => vector.check === "chunk";
  const isUnlock = ({ vector }: (typeof cases)[number]): boolean => vector.check.endsWith("-slot");
  const isSync = (each: (typeof cases)[number]): boolean =>
    !isRecovery(each) && !isChunk(each) && !isUnlock(each);
  test.each(cases.filter(isUnlock))("$name", ({ vector }) => {
    expect(codeOf(() => readUnlock(vector))).toBe(vector.code);
  });

  test.each(cases.filter(isSync))("$name", ({ vector }) => {
    const folded = foldBase(read("valid/base") as Base);
    expect(codeOf(() => readVector(vector, folded))).toBe(vector.code);
  });

  test.each(cases.filter(isChunk))("$name", async ({ vector }) => {
    const original = read("valid/chunk") as Vector;
    const result = await readChunk(vector, { original, restore: loadSuite }).then(
      (box) => bytesToHex(sha256(box)),
      (error: unknown) => (error instanceof CoreError ? error.code : String(error)),
    );
    expect(result).toBe(vector.code === "accepted" ? vector["sealedSha256"] : vector.code);
  });
});

function codeOf(act: () => void): string {
  try {
    act();
    return "accepted";
  } catch (error) {
    if (error instanceof CoreError) return error.code;
    throw error;
  }
}
