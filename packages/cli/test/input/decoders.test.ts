import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type fc from "fast-check";
import { CSV_KINDS } from "@sinetti/practice";
import { afterAll, describe, expect, test } from "vitest";

import {
  faultLater,
  faultsByChance,
  faultsOf,
  soundRefused,
  type Decoder,
  type Decoders,
} from "../../../../tools/decoderFaults.ts";
import { hostileBytes, plannedBytes } from "../../../../tools/hostileBytes.ts";
import { hostileJsonText, hostileText, plannedTexts } from "../../../../tools/hostileText.ts";
import { readStaffFile } from "../../src/admission/staffFile.ts";
import { encryptFile, readIdentities, readRecipients } from "../../src/backup/ageFile.ts";
import { BackupError } from "../../src/backup/backupError.ts";
import { openGateKeys } from "../../src/backup/gateKeys.ts";
import { readManifest } from "../../src/backup/manifest.ts";
import { encodePart, readParts } from "../../src/backup/rowStream.ts";
import { readCsvMapping, type CsvWords } from "../../src/input/csvMapping.ts";
import { readNoteFile } from "../../src/input/noteFile.ts";
import { readPersonFile } from "../../src/input/personFile.ts";
import { readShares } from "../../src/input/shareFiles.ts";
import * as values from "../../src/input/values.ts";
import { readWithholdFile } from "../../src/input/withholdFile.ts";
import { InputError, UsageError } from "../../src/inputError.ts";
import { ensureSecretFile } from "../../src/start/secretFile.ts";
import { StartError } from "../../src/start/startError.ts";

const folder = mkdtempSync(join(tmpdir(), "sinetti-hostile-"));
afterAll(() => rmSync(folder, { recursive: true }));
const MINUTES = 600_000;
const TYPED = [InputError, UsageError, BackupError, StartError];
const isTyped = (error: unknown): boolean => TYPED.some((type) => error instanceof type);

/** A file of this content, always at one place. */
function written(content: string | Uint8Array): string {
  const path = join(folder, "given");
  writeFileSync(path, content);
  return path;
}
const backup = join(folder, "backup");
mkdirSync(backup);
function manifest(text: string): unknown {
  writeFileSync(join(backup, "manifest.json"), text);
  writeFileSync(join(backup, "manifest.sig"), `${"ab".repeat(64)}\n`);
  return readManifest(backup);
}

const ID = "ab".repeat(16);
const NO_WORDS: CsvWords = {
  mapping: undefined,
  delimiter: undefined,
  encoding: undefined,
  dateOrder: undefined,
  pivot: undefined,
};
const word = (name: keyof CsvWords, valid: string): Decoder<string> => ({
  valid: [valid],
  decode: (text) => {
    const [kind] = CSV_KINDS;
    const read = readCsvMapping(CSV_KINDS, { ...NO_WORDS, [name]: text });
    const told = read[kind]?.delimiter;
    if (told !== undefined && typeof told !== "string") throw new TypeError("no delimiter");
  },
});

/** What a person types behind a command. */
const WORDS: Decoders<string> = {
  readRoles: { valid: ["therapist,admin"], decode: (text) => values.readRoles(text) },
  readRights: { valid: ["read,write"], decode: (text) => values.readRights(text) },
  readId: { valid: [ID], decode: (text) => values.readId(text, "an id") },
  readHash: { valid: [ID + ID], decode: (text) => values.readHash(text, "a hash") },
  readDeviceCode: { valid: [], decode: (text) => values.readDeviceCode(text) },
  readSlip: { valid: [], decode: (text) => values.readSlip(text) },
  readDay: { valid: ["2026-03-02"], decode: (text) => values.readDay(text) },
  readAnswers: { valid: ["0,1,2"], decode: (text) => values.readAnswers(text) },
  readRecipients: { valid: [], decode: (text) => readRecipients([text]) },
  "--delimiter": word("delimiter", "tab"),
  "--encoding": word("encoding", "utf-8"),
  "--date-order": word("dateOrder", "dmy"),
  "--pivot": word("pivot", "30"),
};

const PERSON = { name: "Maija Korhonen", code: "131052-308T", phone: "+358 40 123 4567" };
const NOTE = {
  sections: { subjective: "a", objective: "b", assessment: "c", plan: "d" },
  session: { minutes: 30 },
};
const PASSAGES = { passages: [{ entry: ID, code: "harm", reason: "They asked for it." }] };
const MAPPING = { v: 1, patients: { columns: { Name: "name" }, delimiter: ";" } };

/** What lies in files that a person made, or had made. */
const FILES: Decoders<string> = {
  readPersonFile: {
    valid: [JSON.stringify(PERSON)],
    decode: (text) => readPersonFile(written(text)),
    cost: 4,
  },
  readNoteFile: {
    valid: [JSON.stringify(NOTE)],
    decode: (text) => readNoteFile(written(text), { template: "soap", today: "2026-03-02" }),
    cost: 4,
  },
  readWithholdFile: {
    valid: [JSON.stringify(PASSAGES)],
    decode: (text) => readWithholdFile(written(text)),
    cost: 4,
  },
  readCsvMapping: {
    valid: [JSON.stringify(MAPPING)],
    decode: (text) => readCsvMapping(CSV_KINDS, { ...NO_WORDS, mapping: written(text) }),
  },
};
const TABLES: Decoders<string> = {
  readStaffFile: {
    valid: ['name;roles;site\n"Aino ""A"" Laine";therapist, admin;\nEero Niemi;office;\n'],
    decode: (text) => readStaffFile(written(text), []),
    cost: 4,
  },
  readShares: { valid: [], decode: (text) => readShares([written(text)]), cost: 4 },
  readIdentities: { valid: [], decode: (text) => readIdentities(written(text)), cost: 4 },
  ensureSecretFile: {
    valid: [ID],
    decode: (text) => ensureSecretFile(written(text), { bytes: 16, mayMake: false }),
  },
  readManifest: { valid: [], decode: manifest },
};

const HEADER = {
  type: "header" as const,
  format: 1 as const,
  backup: ID,
  service: "who",
  schema: [{ id: "0001", hash: ID + ID }],
  practices: [{ practice: ID, seq: 3, hash: ID + ID }],
  publicKey: ID + ID,
  serviceKey: null,
  backupKey: ID + ID,
};
const ROWS = Buffer.concat([
  encodePart(HEADER),
  encodePart({ type: "table", table: "entries", columns: ["id"], rows: 1 }),
  encodePart({ type: "rows", bytes: new Uint8Array(20) }),
  encodePart({ type: "end", tables: 1 }),
]);

async function readRows(bytes: Uint8Array): Promise<number> {
  let parts = 0;
  async function* inPieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 50) yield bytes.subarray(at, at + 50);
  }
  for await (const part of readParts(inPieces())) parts += part.type === "end" ? 0 : 1;
  return parts;
}

describe(
  "whatever a person gives, a command takes it or says what is wrong",
  { timeout: MINUTES },
  () => {
    const inputs = ({ valid }: Decoder<string>): fc.Arbitrary<string> => hostileText(valid);

    test("words on the command line", () => {
      expect(soundRefused(WORDS)).toEqual([]);
      const known = ["constructor", "__proto__", "toString", "hasOwnProperty"];
      expect(faultsOf(WORDS, isTyped, ({ valid }) => [...known, ...plannedTexts(valid)])).toEqual(
        [],
      );
      expect(faultsByChance(WORDS, isTyped, inputs)).toEqual([]);
    });

    test("files of JSON", () => {
      expect(soundRefused(FILES)).toEqual([]);
      expect(faultsOf(FILES, isTyped, ({ valid }) => plannedTexts(valid, 4))).toEqual([]);
      expect(faultsByChance(FILES, isTyped, inputs)).toEqual([]);
      const changed = ({ valid }: Decoder<string>): fc.Arbitrary<string> =>
        hostileJsonText(valid.map((text) => JSON.parse(text) as unknown));
      expect(faultsByChance(FILES, isTyped, changed)).toEqual([]);
    });

    test("tables, shares, keys and manifests", () => {
      expect(soundRefused(TABLES)).toEqual([]);
      expect(faultsOf(TABLES, isTyped, ({ valid }) => plannedTexts(valid))).toEqual([]);
      expect(faultsByChance(TABLES, isTyped, inputs)).toEqual([]);
    });
  },
);

describe("a backup", { timeout: MINUTES }, () => {
  test("with whatever rows is read or refused", async () => {
    expect(await readRows(ROWS)).toBe(3);
    const faults = new Set<string | null>();
    for (const bytes of plannedBytes([ROWS]))
      faults.add(await faultLater(() => readRows(bytes), isTyped));
    const some = hostileBytes([ROWS]);
    const { sample } = await import("fast-check");
    for (const bytes of sample(some, 300))
      faults.add(await faultLater(() => readRows(bytes), isTyped));
    expect([...faults]).toEqual([null]);
  });

  test("of the gate's keys that hold something else is damaged", async () => {
    const identity = await generateX25519Identity();
    const recipient = await identityToRecipient(identity);
    for (const [index, text] of ["null", "7", "[]", '"x"', "{}", '{"v":2}', "", "["].entries()) {
      const path = join(folder, `keys-${index}`);
      async function* content(): AsyncGenerator<Uint8Array> {
        yield Buffer.from(text);
      }
      await encryptFile(path, content(), [recipient]);
      expect({
        text,
        fault: await faultLater(() => openGateKeys(path, [identity]), isTyped),
      }).toEqual({
        text,
        fault: null,
      });
    }
  });
});
