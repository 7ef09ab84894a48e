import { bytesToHex, concatBytes, encodeShape, readStatement, type Hash } from "@sinetti/core";
import {
  encodeReleaseAnswer,
  gateEncryptionKey,
  hpkeSeal,
  releaseInfo,
  sealShare,
  signReceipt,
} from "@sinetti/core/service";
import {
  CHUNK_BYTES,
  commitFileKey,
  generateAttachmentKey,
  kemKeyFromSeed,
  sealChunk,
} from "@sinetti/core/secret";
import { headerShape, readAppend } from "../../src/recordChain.ts";
import { sha256 } from "../../src/suite.ts";
import { wrapShape } from "../../src/wrap.ts";
import { reveal, type GoldenScene } from "./scene.ts";
import type { Vector, Vectors } from "./vector.ts";

const ANOTHER = "88".repeat(16);

/** Vectors of entries, wraps, file keys and gate shares. */
export function sealedVectors(scene: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { practice, founder, made, append, body } = scene;
  const context = {
    practice: practice.id,
    file: made.file as string,
    compartment: "care",
    epoch: 1,
  };
  const [header] = readAppend(readStatement(append.statement)).entries;
  const [box] = append.boxes;
  const [wrap] = made.wraps;
  if (header === undefined || box === undefined || wrap === undefined)
    throw new TypeError("the base file is empty");
  const entry = (
    code: string,
    change: {
      context?: Partial<typeof context>;
      header?: Partial<typeof header>;
      box?: Uint8Array;
    } = {},
  ): Vector => ({
    check: "entry",
    ...context,
    ...change.context,
    key: reveal(made.key),
    header: bytesToHex(encodeShape(headerShape, { ...header, ...change.header })),
    box: bytesToHex(change.box ?? box),
    body: bytesToHex(body),
    code,
  });
  const wrapped = (
    code: string,
    change: Partial<typeof context> = {},
    other: Partial<typeof wrap> = {},
  ): Vector => ({
    check: "wrap",
    ...context,
    ...change,
    seed: reveal(founder.kem.secret),
    wrap: bytesToHex(encodeShape(wrapShape, { ...wrap, ...other })),
    share: bytesToHex(made.share),
    commit: bytesToHex(commitFileKey(made.key)),
    code,
  });
  const flipped = Uint8Array.from(box);
  flipped[50] = (flipped[50] ?? 0) ^ 1;
  const otherBox = Uint8Array.from(box);
  otherBox[0] = (otherBox[0] ?? 0) ^ 1;
  const renamed = "99".repeat(16) as typeof header.id;
  const encryption = new Uint8Array(32).fill(6);
  const place = { practice: practice.id, file: made.file, epoch: 1 };
  const rested = sealShare(gateEncryptionKey(Uint8Array.from(encryption)), place, made.share);
  const share = (
    code: string,
    change: Partial<{ file: string; epoch: number; key: string }> = {},
  ): Vector => ({
    check: "share",
    ...place,
    key: bytesToHex(encryption),
    sealed: bytesToHex(rested),
    share: bytesToHex(made.share),
    ...change,
    code,
  });
  return {
    valid: { entry: entry("accepted"), wrap: wrapped("accepted"), "gate-share": share("accepted") },
    invalid: {
      "entry-moved-to-another-file": entry("open-failed", { context: { file: ANOTHER } }),
      "entry-moved-to-another-practice": entry("open-failed", {
        context: { practice: ANOTHER as typeof practice.id },
      }),
      "entry-moved-to-another-compartment": entry("open-failed", {
        context: { compartment: "process" },
      }),
      "entry-moved-to-another-epoch": entry("open-failed", { context: { epoch: 2 } }),
      "entry-renamed": entry("open-failed", { header: { id: renamed } }),
      "entry-class-changed": entry("open-failed", { header: { class: "attachment" } }),
      "header-commit-swapped": entry("open-failed", { header: { commit: new Uint8Array(32) } }),
      "header-box-hash-swapped": entry("open-failed", { header: { box: "00".repeat(32) as Hash } }),
      "entry-box-flipped": entry("open-failed", { box: flipped }),
      "entry-box-flipped-with-its-hash": entry("open-failed", {
        box: flipped,
        header: { box: bytesToHex(sha256(flipped)) as Hash },
      }),
      "entry-nonce-flipped-with-its-hash": entry("open-failed", {
        box: otherBox,
        header: { box: bytesToHex(sha256(otherBox)) as Hash },
      }),
      "wrap-moved-to-another-file": wrapped("open-failed", { file: ANOTHER }),
      "wrap-moved-to-another-practice": wrapped("open-failed", {
        practice: ANOTHER as typeof practice.id,
      }),
      "wrap-moved-to-another-epoch": wrapped("open-failed", { epoch: 2 }),
      "wrap-moved-to-another-compartment": wrapped("open-failed", { compartment: "portal" }),
      "wrap-of-another-subject": wrapped(
        "open-failed",
        {},
        { subject: { type: "member", id: ANOTHER as typeof wrap.subject.id } },
      ),
      "wrap-of-another-key-version": wrapped("open-failed", {}, { keyVersion: 2 }),
      "wrap-said-to-be-batched": wrapped(
        "open-failed",
        {},
        { batch: ANOTHER as NonNullable<typeof wrap.batch> },
      ),
      "wrap-cut": wrapped("open-failed", {}, { sealed: wrap.sealed.subarray(1) }),
      "file-key-commit-swapped": { ...wrapped("open-failed"), commit: "00".repeat(32) },
      "gate-half-swapped": { ...wrapped("open-failed"), share: "00".repeat(32) },
      "gate-share-moved-to-another-file": share("open-failed", { file: ANOTHER }),
      "gate-share-moved-to-another-epoch": share("open-failed", { epoch: 2 }),
      "gate-share-under-another-key": share("open-failed", { key: "05".repeat(32) }),
    },
  };
}

/** Vectors of releases: the answer and the receipt are of one request. */
export function releaseVectors(scene: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { practice, made } = scene;
  const request = "aa".repeat(32) as Hash;
  const seed = new Uint8Array(32).fill(8);
  const item = {
    file: made.file,
    outcome: "released" as const,
    epoch: 1,
    share: made.share,
    access: null,
    record: null,
  };
  const sealed = hpkeSeal(
    kemKeyFromSeed(Uint8Array.from(seed)).publicKey,
    releaseInfo(request),
    encodeReleaseAnswer({ items: [item], warn: [] }),
  );
  const answer = (code: string, of: string = request, change: Uint8Array = sealed): Vector => ({
    check: "answer",
    seed: bytesToHex(seed),
    request: of,
    input: bytesToHex(change),
    code,
  });
  const seen = { seq: 0, hash: "00".repeat(32) as Hash };
  const receipt = (key = practice.gate, of = practice.id) =>
    signReceipt(
      { practice: of, request, index: 7, head: "bb".repeat(32) as Hash, seen, time: 1_800_000_000 },
      key.secret,
    );
  const signed = (code: string, input: Uint8Array, of: string = request): Vector => ({
    check: "receipt",
    request: of,
    input: bytesToHex(input),
    code,
  });
  const other = "cc".repeat(32);
  return {
    valid: {
      "release-answer": answer("accepted"),
      "release-receipt": signed("accepted", receipt()),
    },
    invalid: {
      "release-answer-of-another-request": answer("open-failed", other),
      "release-answer-cut": answer("open-failed", request, sealed.subarray(0, -1)),
      "release-receipt-of-another-request": signed("bad-signature", receipt(), other),
      "release-receipt-by-another-key": signed("bad-signature", receipt(scene.founder.statement)),
      "release-receipt-of-another-practice": signed(
        "wrong-practice",
        receipt(practice.gate, ANOTHER as typeof practice.id),
      ),
    },
  };
}

/** Vectors of attachment chunks; a chunk is named by its hash, because it is large. */
export function chunkVectors(scene: GoldenScene): { valid: Vectors; invalid: Vectors } {
  const { practice, made } = scene;
  const key = generateAttachmentKey();
  const context = {
    practice: practice.id,
    file: made.file as string,
    attachment: "dd".repeat(16),
    index: 0,
    final: true,
  };
  const box = sealChunk(key, context as Parameters<typeof sealChunk>[1], Uint8Array.of(1, 2, 3));
  const chunk = (code: string, change: Partial<typeof context> = {}): Vector => ({
    check: "chunk",
    ...context,
    ...change,
    key: reveal(key),
    nonce: bytesToHex(box.subarray(0, 24)),
    plain: "010203",
    sealedSha256: bytesToHex(sha256(concatBytes(box))),
    sealedBytes: CHUNK_BYTES + 40,
    code,
  });
  return {
    valid: { chunk: chunk("accepted") },
    invalid: {
      "chunk-moved-to-another-place": chunk("open-failed", { index: 1 }),
      "chunk-final-flag-dropped": chunk("open-failed", { final: false }),
      "chunk-of-another-attachment": chunk("open-failed", { attachment: ANOTHER }),
      "chunk-moved-to-another-file": chunk("open-failed", { file: ANOTHER }),
    },
  };
}

/** Vectors of the encoding itself. */
export function encodingVectors(): { valid: Vectors; invalid: Vectors } {
  const cbor = (code: string, input: string): Vector => ({ check: "cbor", input, code });
  return {
    valid: { "cbor-map": cbor("accepted", "a26161016162820203") },
    invalid: {
      "cbor-trailing-byte": cbor("malformed", "0000"),
      "cbor-duplicate-key": cbor("not-canonical", "a2616100616101"),
      "cbor-keys-out-of-order": cbor("not-canonical", "a2616200616100"),
      "cbor-not-shortest": cbor("not-canonical", "1817"),
      "cbor-indefinite": cbor("not-canonical", "9f01ff"),
      "cbor-tag": cbor("malformed", "c100"),
      "cbor-float": cbor("malformed", "f93c00"),
      "cbor-undefined": cbor("malformed", "f7"),
      "cbor-number-as-key": cbor("malformed", "a10102"),
      "cbor-text-not-utf8": cbor("malformed", "61ff"),
      "cbor-keys-alike-in-lax-utf8": cbor("malformed", "a261fe0161ff02"),
      "cbor-too-deep": cbor("too-large", `${"81".repeat(13)}00`),
      "cbor-cut": cbor("malformed", "8201"),
    },
  };
}
