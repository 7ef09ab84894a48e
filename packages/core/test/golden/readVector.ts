import {
  acceptsLink,
  applyAccessStatement,
  applyAppend,
  applyPracticeStatement,
  bytesToHex,
  decodeCbor,
  decodeShape,
  hexToBytes,
  readStatement,
  startAccess,
  startPractice,
  startRecord,
  verifyAcceptance,
  verifyReceipt,
  type AccessState,
  type Compartment,
  type FileId,
  type Hash,
  type PracticeId,
  type PracticeState,
  type RecordState,
} from "@sinetti/core";
import { gateEncryptionKey, openShare } from "@sinetti/core/service";
import {
  CHUNK_BYTES,
  checkFileKey,
  deriveFileKey,
  gateHalfFromBytes,
  kemKeyFromSeed,
  openChunk,
  openEntry,
  openReleaseAnswer,
  openWrap,
  attachmentKeyFromBytes,
} from "@sinetti/core/secret";
import { headerShape } from "../../src/recordChain.ts";
import { Secret } from "../../src/secretValue.ts";
import { initSuite } from "../../src/suite.ts";
import { sealChunk } from "../../src/attachment.ts";
import { wrapShape } from "../../src/wrap.ts";
import type { Vector } from "./vector.ts";

/** The chains of `valid/base.json`. */
export interface Base {
  readonly practice: string;
  readonly links: readonly { week: number; statement: string }[];
  readonly create: string;
  readonly append: string;
}
interface Folded {
  readonly practice: PracticeState;
  readonly access: AccessState;
  readonly record: RecordState;
}

/** Folds the base chains, as any reader does. */
export function foldBase(base: Base): Folded {
  const [genesis, ...rest] = base.links;
  if (genesis === undefined) throw new TypeError("no genesis");
  const practice = startPractice(hexToBytes(genesis.statement), {
    practice: base.practice as PracticeId,
    week: genesis.week,
  });
  for (const { week, statement } of rest)
    applyPracticeStatement(practice, readStatement(hexToBytes(statement)), { week });
  const access = startAccess(readStatement(hexToBytes(base.create)), { practice, week: null });
  const record = applyAppend(
    startRecord(practice.practice, access.file),
    readStatement(hexToBytes(base.append)),
    { access, practice },
  );
  return { practice, access, record };
}

function expectSame(actual: Uint8Array, expected: unknown): void {
  if (bytesToHex(actual) !== expected) throw new TypeError("opened to something else");
}

/** Does what a vector says; throws what core throws. */
export function readVector(vector: Vector, folded: Folded): void {
  const { practice, access, record } = structuredClone(folded);
  const text = (field: string): string => String(vector[field]);
  const bytes = (field: string): Uint8Array => hexToBytes(text(field));
  const week = Number(vector["week"]);
  const context = {
    practice: text("practice") as PracticeId,
    file: text("file") as FileId,
    compartment: text("compartment") as Compartment,
    epoch: Number(vector["epoch"]),
  };
  const readers: Record<string, () => unknown> = {
    cbor: () => decodeCbor(bytes("input")),
    genesis: () => startPractice(bytes("input"), { practice: context.practice, week }),
    practice: () => {
      for (const statement of (vector["before"] ?? []) as readonly string[])
        applyPracticeStatement(practice, readStatement(hexToBytes(statement)), { week });
      applyPracticeStatement(practice, readStatement(bytes("input")), { week });
    },
    create: () => startAccess(readStatement(bytes("input")), { practice, week }),
    access: () => {
      for (const statement of vector["before"] as readonly string[])
        applyAccessStatement(access, readStatement(hexToBytes(statement)), { practice, week });
      applyAccessStatement(access, readStatement(bytes("input")), { practice, week });
    },
    record: () => applyAppend(record, readStatement(bytes("input")), { access, practice }),
    acceptance: () =>
      acceptsLink(
        verifyAcceptance(bytes("input"), practice.services.gate, practice.practice),
        readStatement(bytes("statement")),
      ),
    entry: () => {
      const header = decodeShape(headerShape, bytes("header"));
      const opened = openEntry(Secret.own("file-key", bytes("key")), context, {
        header,
        box: bytes("box"),
      });
      expectSame(opened, vector["body"]);
    },
    wrap: () => {
      const member = openWrap(
        decodeShape(wrapShape, bytes("wrap")),
        kemKeyFromSeed(bytes("seed")),
        context,
      );
      checkFileKey(
        deriveFileKey({ member, gate: gateHalfFromBytes(bytes("share")) }, context),
        bytes("commit"),
      );
    },
    share: () =>
      expectSame(
        openShare(gateEncryptionKey(bytes("key")), context, bytes("sealed")),
        vector["share"],
      ),
    answer: () =>
      openReleaseAnswer(kemKeyFromSeed(bytes("seed")), text("request") as Hash, bytes("input")),
    receipt: () =>
      verifyReceipt(bytes("input"), practice.services.gate, {
        practice: practice.practice,
        request: text("request") as Hash,
      }),
  };
  const read = readers[vector.check];
  if (read === undefined) throw new TypeError("unknown check");
  read();
}

/** Seals the chunk of a vector again with its nonce, so that the file need not hold it, and opens it in the vector's place. */
export async function readChunk(
  vector: Vector,
  { original, restore }: { original: Vector; restore: () => Promise<void> },
): Promise<Uint8Array> {
  const key = attachmentKeyFromBytes(hexToBytes(String(vector["key"])));
  const place = ({ practice, file, attachment, index, final }: Vector) =>
    ({ practice, file, attachment, index, final }) as unknown as Parameters<typeof sealChunk>[1];
  await initSuite(() => hexToBytes(String(vector["nonce"])));
  const box = sealChunk(key, place(original), hexToBytes(String(vector["plain"])));
  await restore();
  const opened = openChunk(key, place(vector), box);
  if (opened.length !== CHUNK_BYTES) throw new TypeError("a chunk of another size");
  return box;
}
