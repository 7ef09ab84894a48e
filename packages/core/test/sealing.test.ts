import { inspect } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import {
  CoreError,
  LIMITS,
  bytesToHex,
  bytesToId,
  concatBytes,
  hexToBytes,
  type DraftId,
  type FileId,
  type PracticeId,
} from "@sinetti/core";
import {
  CHUNK_BYTES,
  attachmentKeyBytes,
  attachmentKeyFromBytes,
  checkFileKey,
  commitFileKey,
  createBatch,
  deriveFileKey,
  gateHalfBytes,
  generateAttachmentKey,
  generateEntryId,
  generateHalves,
  generateKemKey,
  importEntryId,
  importFileId,
  importKeyFromBytes,
  openBatchKey,
  openChunk,
  openDraft,
  openEntry,
  openPriorKey,
  openPriorSeed,
  openTeamSeed,
  openWrap,
  sealBatchWrap,
  sealChunk,
  sealDraft,
  sealEntry,
  sealPriorKey,
  sealPriorSeed,
  sealTeamSeed,
  sealWrap,
  generateSeed,
  kemKeyFromSeed,
  checkSeed,
} from "@sinetti/core/secret";
import { Secret } from "../src/secretValue.ts";
import { hkdf, randomBytes, sha256 } from "../src/suite.ts";
import { LABELS, labelled } from "../src/labels.ts";
import { loadSuite } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

const practice = "11".repeat(16) as PracticeId;
const file = "22".repeat(16) as FileId;
const context = { practice, file, compartment: "care" as const, epoch: 1 };
const body = Uint8Array.of(1, 2, 3);
const fileKey = () => deriveFileKey(generateHalves(), context);
const subject = { type: "member" as const, id: "33".repeat(16) as never };

describe("a secret", () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => 200 + (i % 50));
  const traces = [
    bytesToHex(bytes),
    [...bytes].join(","),
    Buffer.from(bytes).toString("base64"),
    "200",
  ];

  test("never prints, whichever way", () => {
    const secret = Secret.own("file-key", Uint8Array.from(bytes));
    const printed = [
      String(secret),
      `of ${secret as unknown as string}`,
      JSON.stringify({ secret }),
      inspect(secret, { depth: 9, showHidden: true }),
      inspect({ deep: { secret } }, { depth: 9 }),
      Object.prototype.toString.call(secret),
      new Error("x", { cause: secret }).stack ?? "",
      inspect(new CoreError("open-failed", { cause: secret }), { depth: 9, showHidden: true }),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(Reflect.ownKeys(secret)),
    ];
    for (const text of printed) for (const trace of traces) expect(text).not.toContain(trace);
    expect(JSON.stringify({ secret })).toBe('{"secret":"<secret>"}');
    expect(structuredCloneOf(secret)).toBe(false);
  });

  test("is useless after it was wiped", () => {
    const secret = Secret.own("file-key", Uint8Array.from(bytes));
    secret.wipe();
    expect(Secret.reveal(secret)).toEqual(new Uint8Array(32));
  });
});

/** Whether a structured clone carries the bytes of a secret. */
function structuredCloneOf(secret: Secret<"file-key">): boolean {
  try {
    return inspect(structuredClone(secret), { showHidden: true }).includes("200");
  } catch {
    return false;
  }
}

describe("a file key", () => {
  test("needs both halves and exactly its context", () => {
    const halves = generateHalves();
    const commit = commitFileKey(deriveFileKey(halves, context));
    const check = (other: Partial<typeof context>, changed = halves) =>
      refusal(() => checkFileKey(deriveFileKey(changed, { ...context, ...other }), commit));
    expect(check({ file: "23".repeat(16) as FileId })).toBe("open-failed");
    expect(check({ practice: "12".repeat(16) as PracticeId })).toBe("open-failed");
    expect(check({ epoch: 2 })).toBe("open-failed");
    expect(check({ compartment: "portal" as "care" })).toBe("open-failed");
    expect(check({}, { ...halves, gate: generateHalves().gate })).toBe("open-failed");
    expect(check({}, { ...halves, member: generateHalves().member })).toBe("open-failed");
    expect(check({})).toBe("accepted");
    expect(gateHalfBytes(halves.gate)).toHaveLength(32);
  });

  test("of the epoch before opens under the new one, in its place alone", () => {
    const prior = fileKey();
    const next = deriveFileKey(generateHalves(), { ...context, epoch: 2 });
    const sealed = sealPriorKey(next, prior, { ...context, epoch: 2 });
    expect(commitFileKey(openPriorKey(next, sealed, { ...context, epoch: 2 }))).toEqual(
      commitFileKey(prior),
    );
    expect(refusal(() => openPriorKey(next, sealed, { ...context, epoch: 3 }))).toBe("open-failed");
    expect(refusal(() => openPriorKey(prior, sealed, { ...context, epoch: 2 }))).toBe(
      "open-failed",
    );
  });
});

describe("an entry", () => {
  test("opens in its place and nowhere else, always as open-failed", () => {
    const key = fileKey();
    const { header, box } = sealEntry(key, context, {
      id: generateEntryId(),
      class: "entry",
      body,
    });
    expect(openEntry(key, context, { header, box })).toEqual(body);
    const tries = [
      () => openEntry(key, { ...context, file: "23".repeat(16) as FileId }, { header, box }),
      () => openEntry(key, { ...context, epoch: 2 }, { header, box }),
      () => openEntry(key, { ...context, compartment: "process" }, { header, box }),
      () =>
        openEntry(key, { ...context, practice: "12".repeat(16) as PracticeId }, { header, box }),
      () => openEntry(key, context, { header: { ...header, id: generateEntryId() }, box }),
      () => openEntry(key, context, { header: { ...header, class: "snapshot" }, box }),
      () => openEntry(fileKey(), context, { header, box }),
      () => openEntry(key, context, { header, box: new Uint8Array(0) }),
    ];
    for (const act of tries) expect(refusal(act)).toBe("open-failed");
  });

  test("is not opened under a key that the header does not commit to, even where the seal would open", () => {
    const key = fileKey();
    const id = generateEntryId();
    const { header, box } = sealEntry(key, context, { id, class: "entry", body });
    const other = sealEntry(fileKey(), context, { id, class: "entry", body });
    expect(
      refusal(() =>
        openEntry(key, context, { header: { ...header, commit: other.header.commit }, box }),
      ),
    ).toBe("open-failed");
    const ek = hkdf(Secret.reveal(key), labelled(LABELS.entryKey, hexToBytes(id)));
    expect(hkdf(ek, labelled(LABELS.entryCommit))).toEqual(header.commit);
  });

  test("has the size of its class, up to the limit", () => {
    const key = fileKey();
    const sealed = (length: number) =>
      sealEntry(key, context, {
        id: generateEntryId(),
        class: "entry",
        body: new Uint8Array(length),
      }).box.length;
    expect([sealed(0), sealed(255), sealed(256)]).toEqual([256 + 40, 256 + 40, 1024 + 40]);
    const largest = LIMITS.boxBytes - 64 * 1024 - 1;
    expect(sealed(largest)).toBe(LIMITS.boxBytes - 64 * 1024 + 40);
    expect(refusal(() => sealed(largest + 1))).toBe("too-large");
  });

  test("that is imported twice has one id, which is another under another key", () => {
    const bytes = randomBytes(32);
    const key = importKeyFromBytes(bytes);
    const source = new TextEncoder().encode("Patient/1");
    expect(importEntryId(key, source)).toBe(importEntryId(importKeyFromBytes(bytes), source));
    expect(importEntryId(key, source)).not.toBe(importFileId(key, source));
    expect(importEntryId(importKeyFromBytes(randomBytes(32)), source)).not.toBe(
      importEntryId(key, source),
    );
    expect(refusal(() => importKeyFromBytes(new Uint8Array(31)))).toBe("open-failed");
  });

  test("as a draft opens under its own name alone", () => {
    const key = fileKey();
    const draft = bytesToId<DraftId>(randomBytes(16));
    const box = sealDraft(key, context, { draft, body });
    expect(openDraft(key, context, { draft, box })).toEqual(body);
    expect(refusal(() => openDraft(key, context, { draft: bytesToId(randomBytes(16)), box }))).toBe(
      "open-failed",
    );
    expect(refusal(() => openDraft(key, { ...context, epoch: 2 }, { draft, box }))).toBe(
      "open-failed",
    );
  });
});

describe("a wrap", () => {
  const place = { ...context };

  test("opens for its recipient in its place, straight or in a batch", () => {
    const halves = generateHalves();
    const own = generateKemKey();
    const recipient = { subject, keyVersion: 1, key: own.publicKey };
    const straight = sealWrap(halves.member, recipient, place);
    expect(Secret.reveal(openWrap(straight, own, place))).toEqual(Secret.reveal(halves.member));
    const batch = createBatch(practice, recipient);
    const batched = sealBatchWrap(halves.member, batch, place);
    const batchKey = openBatchKey(batch.sealed, own, practice);
    expect(Secret.reveal(openWrap(batched, batchKey, place))).toEqual(Secret.reveal(halves.member));
    const tries = [
      () => openWrap(straight, generateKemKey(), place),
      () => openWrap(straight, batchKey, place),
      () => openWrap(batched, own, place),
      () => openWrap(straight, own, { ...place, epoch: 2 }),
      () => openWrap(batched, batchKey, { ...place, epoch: 2 }),
      () => openWrap(batched, batchKey, { ...place, file: "23".repeat(16) as FileId }),
      () => openWrap({ ...batched, keyVersion: 2 }, batchKey, place),
      () => openBatchKey(batch.sealed, generateKemKey(), practice),
      () => openBatchKey(batch.sealed, own, "12".repeat(16) as PracticeId),
      () => openBatchKey({ ...batch.sealed, batch: "13".repeat(16) as never }, own, practice),
      () => openBatchKey({ ...batch.sealed, keyVersion: 2 }, own, practice),
    ];
    for (const act of tries) expect(refusal(act)).toBe("open-failed");
  });
});

describe("an attachment", () => {
  const attachment = "44".repeat(16) as never;
  const at = (index: number, final: boolean) => ({ practice, file, attachment, index, final });

  test("opens chunk by chunk, and not cut, reordered, repeated or in another file", () => {
    const key = generateAttachmentKey();
    const whole = new Uint8Array(CHUNK_BYTES).fill(9);
    const first = sealChunk(key, at(0, false), whole);
    const last = sealChunk(key, at(1, true), body);
    expect([first.length, last.length]).toEqual([CHUNK_BYTES + 40, CHUNK_BYTES + 40]);
    expect(openChunk(key, at(0, false), first)).toEqual(whole);
    expect(openChunk(key, at(1, true), last).subarray(0, 3)).toEqual(body);
    const tries = [
      () => openChunk(key, at(0, true), first),
      () => openChunk(key, at(1, false), last),
      () => openChunk(key, at(1, false), first),
      () => openChunk(key, at(0, false), last),
      () => openChunk(key, { ...at(0, false), file: "23".repeat(16) as FileId }, first),
      () => openChunk(key, { ...at(0, false), attachment: "45".repeat(16) as never }, first),
      () => openChunk(generateAttachmentKey(), at(0, false), first),
      () => openChunk(key, at(0, false), first.subarray(0, -1)),
    ];
    for (const act of tries) expect(refusal(act)).toBe("open-failed");
  });

  test("ends at its limits, and its key survives the entry that carries it", () => {
    const key = generateAttachmentKey();
    expect(refusal(() => sealChunk(key, at(0, true), new Uint8Array(CHUNK_BYTES + 1)))).toBe(
      "too-large",
    );
    expect(refusal(() => sealChunk(key, at(LIMITS.chunksPerAttachment, true), body))).toBe(
      "too-large",
    );
    expect(() => sealChunk(key, at(0, false), body)).toThrow(RangeError);
    const again = attachmentKeyFromBytes(attachmentKeyBytes(key));
    expect(openChunk(again, at(0, true), sealChunk(key, at(0, true), body)).subarray(0, 3)).toEqual(
      body,
    );
    expect(refusal(() => attachmentKeyFromBytes(new Uint8Array(31)))).toBe("open-failed");
  });
});

describe("seeds", () => {
  test("of a team open for the member, in their version, and only when they give the chain's key", () => {
    const seed = generateSeed();
    const { publicKey } = kemKeyFromSeed(Uint8Array.from(seed));
    const own = generateKemKey();
    const place = {
      practice,
      team: "55".repeat(16) as never,
      version: 1,
      member: "33".repeat(16) as never,
    };
    const sealed = sealTeamSeed(seed, own.publicKey, place);
    expect(openTeamSeed(sealed, own, { context: place, publicKey })).toEqual(seed);
    const tries = [
      () => openTeamSeed(sealed, own, { context: { ...place, version: 2 }, publicKey }),
      () =>
        openTeamSeed(sealed, own, {
          context: { ...place, member: "34".repeat(16) as never },
          publicKey,
        }),
      () => openTeamSeed(sealed, own, { context: place, publicKey: own.publicKey }),
      () => openTeamSeed(sealed, generateKemKey(), { context: place, publicKey }),
      () => checkSeed(new Uint8Array(31), publicKey),
    ];
    for (const act of tries) expect(refusal(act)).toBe("open-failed");
  });

  test("of before open under the next, as what they are", () => {
    const seeds = { next: generateSeed(), prior: generateSeed() };
    const place = { practice, owner: "33".repeat(16) as never, version: 2 };
    const sealed = sealPriorSeed("member", seeds, place);
    expect(openPriorSeed("member", seeds.next, { sealed, context: place })).toEqual(seeds.prior);
    expect(refusal(() => openPriorSeed("team", seeds.next, { sealed, context: place }))).toBe(
      "open-failed",
    );
    expect(
      refusal(() =>
        openPriorSeed("member", seeds.next, { sealed, context: { ...place, version: 3 } }),
      ),
    ).toBe("open-failed");
    expect(refusal(() => openPriorSeed("member", seeds.prior, { sealed, context: place }))).toBe(
      "open-failed",
    );
  });
});

test("the same body sealed twice shares no byte string with itself", () => {
  const key = fileKey();
  const id = generateEntryId();
  const seal = () => sealEntry(key, context, { id, class: "entry", body });
  expect(sha256(concatBytes(seal().box))).not.toEqual(sha256(concatBytes(seal().box)));
});
