import { beforeAll, describe, expect, test } from "vitest";
import {
  DEFAULT_POLICY,
  bytesToHex,
  budgetLimits,
  bytesToId,
  hashLogEntry,
  hashRequest,
  randomBytes,
  readRequestHeaders,
  requestHeaders,
  requestSignatureBase,
  serviceKeyId,
  sha256,
  verifyReceipt,
  verifyRequest,
  weighCase,
  type DeviceId,
  type FileId,
  type Hash,
  type LogEntry,
  type MemberId,
  type PracticeId,
  type RequestHeaders,
  type SignPublicKey,
} from "@sinetti/core";
import {
  encodeReleaseAnswer,
  gateEncryptionKey,
  gateLookupKey,
  gateLookupToken,
  hpkeSeal,
  openShare,
  releaseInfo,
  sealShare,
  signReceipt,
} from "@sinetti/core/service";
import {
  breakGlassKey,
  commitRecoverySecret,
  createDeviceCode,
  deriveRecoveryKeys,
  deviceCodeMailbox,
  generateKemKey,
  generateKit,
  generateMasterKey,
  generateRecoverySecret,
  generateSignKey,
  generateSlotSalt,
  kitSignKey,
  localKey,
  lookupSiteKey,
  lookupToken,
  openDeviceAnswer,
  openDeviceSeeds,
  openKitBlob,
  openLocalCell,
  openLookupCell,
  openPasskeySlot,
  openPasswordSlot,
  openReleaseAnswer,
  parseKit,
  printKit,
  readDeviceRequest,
  recoverySecretBytes,
  recoverySecretFromBytes,
  sealDeviceAnswer,
  sealDeviceSeeds,
  sealKitBlob,
  sealLocalCell,
  sealLookupCell,
  sealPasskeySlot,
  sealPasswordSlot,
  type DeviceRequest,
  type DeviceSeeds,
  type LockedDevice,
} from "@sinetti/core/secret";
import { Secret } from "../src/secretValue.ts";
import { signDetached } from "../src/suite.ts";
import { loadSuite } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

const practice = "11".repeat(16) as PracticeId;
const member = "33".repeat(16) as MemberId;
const device = "66".repeat(16) as DeviceId;
const file = "22".repeat(16) as FileId;

function seeds(): DeviceSeeds {
  return {
    v: 1,
    statement: randomBytes(32),
    request: randomBytes(32),
    member: [{ version: 1, seed: randomBytes(32) }],
    local: randomBytes(32),
    recovery: new Uint8Array(0),
  };
}

describe("unlocking a device", () => {
  test("a password slot opens with the same password and factor, and with no other", () => {
    const master = generateMasterKey();
    const deviceFactor = randomBytes(32);
    const slot = sealPasswordSlot(master, {
      password: "päivä",
      salt: generateSlotSalt(),
      deviceFactor,
    });
    const open = (password: string, factor = deviceFactor) =>
      openPasswordSlot(slot, { password, deviceFactor: factor });
    expect(refusal(() => open("paiva"))).toBe("open-failed");
    expect(refusal(() => open("päivä", randomBytes(32)))).toBe("open-failed");
    expect(refusal(() => open("päivä", new Uint8Array(31)))).toBe("malformed");
    expect(Secret.reveal(open("pa\u0308iva\u0308"))).toEqual(Secret.reveal(master));
    expect(refusal(() => openPasskeySlot(slot, new Uint8Array(32)))).toBe("open-failed");
  });

  test("a passkey slot opens with its PRF output alone", () => {
    const master = generateMasterKey();
    const prf = randomBytes(32);
    const slot = sealPasskeySlot(master, {
      credential: randomBytes(20),
      salt: randomBytes(32),
      prf,
    });
    expect(Secret.reveal(openPasskeySlot(slot, prf))).toEqual(Secret.reveal(master));
    expect(refusal(() => openPasskeySlot(slot, randomBytes(32)))).toBe("open-failed");
    expect(refusal(() => openPasswordSlot(slot, { password: "", deviceFactor: prf }))).toBe(
      "open-failed",
    );
  });

  test("seeds open on their own device and not on another", () => {
    const master = generateMasterKey();
    const owner = { practice, member, device };
    const content = seeds();
    const locked: LockedDevice = {
      v: 1,
      ...owner,
      slots: [],
      sealed: sealDeviceSeeds(master, owner, content),
    };
    expect(openDeviceSeeds(master, locked)).toEqual(content);
    for (const other of [
      { device: "67".repeat(16) as DeviceId },
      { member: "34".repeat(16) as MemberId },
      { practice: "12".repeat(16) as PracticeId },
    ])
      expect(refusal(() => openDeviceSeeds(master, { ...locked, ...other }))).toBe("open-failed");
    expect(refusal(() => openDeviceSeeds(generateMasterKey(), locked))).toBe("open-failed");
  });

  test("a local cell opens under its own name alone", () => {
    const local = localKey(seeds());
    const sealed = sealLocalCell(local, "outbox", Uint8Array.of(5));
    expect(openLocalCell(local, "outbox", sealed)).toEqual(Uint8Array.of(5));
    expect(refusal(() => openLocalCell(local, "cache", sealed))).toBe("open-failed");
    expect(refusal(() => openLocalCell(localKey(seeds()), "outbox", sealed))).toBe("open-failed");
  });
});

describe("the recovery kit", () => {
  test("survives paper, opens its own member's blob, and signs with one key for one purpose", () => {
    const kit = generateKit();
    const typed = parseKit(printKit(kit).toLowerCase());
    const content = { practice, member, seeds: [{ version: 1, seed: randomBytes(32) }] };
    const blob = sealKitBlob(kit, content);
    expect(openKitBlob(typed, blob, { practice, member })).toEqual({ v: 1, ...content });
    expect(kitSignKey(typed).publicKey).toEqual(kitSignKey(kit).publicKey);
    expect(breakGlassKey(kit).publicKey).not.toEqual(kitSignKey(kit).publicKey);
    expect(printKit(kit).replace(/-/g, "")).toHaveLength(28);
    expect(refusal(() => openKitBlob(generateKit(), blob, { practice, member }))).toBe(
      "open-failed",
    );
    expect(
      refusal(() => openKitBlob(kit, blob, { practice, member: "34".repeat(16) as MemberId })),
    ).toBe("open-failed");
    expect(
      refusal(() => openKitBlob(kit, blob, { practice: "12".repeat(16) as PracticeId, member })),
    ).toBe("open-failed");
    expect(refusal(() => parseKit("0000"))).toBe("malformed");
  });
});

describe("the recovery secret", () => {
  test("gives three keys that are different, and the same again from its bytes", () => {
    const secret = generateRecoverySecret();
    const keys = deriveRecoveryKeys(secret);
    const again = deriveRecoveryKeys(recoverySecretFromBytes(recoverySecretBytes(secret)));
    expect(again.root.publicKey).toEqual(keys.root.publicKey);
    expect(again.sign.publicKey).toEqual(keys.sign.publicKey);
    expect(again.kem.publicKey).toEqual(keys.kem.publicKey);
    expect(keys.root.publicKey).not.toEqual(keys.sign.publicKey);
    expect(commitRecoverySecret(secret)).toBe(
      commitRecoverySecret(recoverySecretFromBytes(recoverySecretBytes(secret))),
    );
    expect(commitRecoverySecret(secret)).not.toBe(commitRecoverySecret(generateRecoverySecret()));
  });
});

describe("adding a device by its code", () => {
  const request = (): { request: DeviceRequest; ephemeral: ReturnType<typeof generateKemKey> } => {
    const ephemeral = generateKemKey();
    const key = () => generateSignKey().publicKey;
    return {
      ephemeral,
      request: {
        v: 1,
        device: { device, statementKey: key(), requestKey: key() },
        ephemeral: ephemeral.publicKey,
        person: null,
      },
    };
  };

  test("gives exactly the request behind it, and no other that the server puts there", () => {
    const { request: asked } = request();
    const { code, mailbox, blob } = createDeviceCode(asked);
    expect(readDeviceRequest(code, blob)).toEqual(asked);
    expect(deviceCodeMailbox(code)).toEqual(mailbox);
    expect(mailbox).toHaveLength(16);
    const substituted = createDeviceCode(request().request);
    expect(refusal(() => readDeviceRequest(code, substituted.blob))).toBe("open-failed");
    expect(refusal(() => readDeviceRequest(substituted.code, blob))).toBe("open-failed");
    const flipped = Uint8Array.from(blob);
    flipped[100] = (flipped[100] ?? 0) ^ 1;
    expect(refusal(() => readDeviceRequest(code, flipped))).toBe("open-failed");
    expect(bytesToHex(blob)).not.toContain(bytesToHex(mailbox));
  });

  test("the answer opens for who showed the code, and only when it was sealed by who read it", () => {
    const { request: asked, ephemeral } = request();
    const { code } = createDeviceCode(asked);
    const answer = {
      practice,
      root: generateSignKey().publicKey,
      member,
      seeds: [{ version: 1, seed: randomBytes(32) }],
    };
    const sealed = sealDeviceAnswer(code, asked, answer);
    expect(openDeviceAnswer(code, ephemeral, sealed)).toEqual({ v: 1, ...answer });
    const other = createDeviceCode(asked).code;
    expect(
      refusal(() => openDeviceAnswer(code, ephemeral, sealDeviceAnswer(other, asked, answer))),
    ).toBe("open-failed");
    expect(refusal(() => openDeviceAnswer(code, generateKemKey(), sealed))).toBe("open-failed");
  });
});

describe("a request (RFC 9421 §2.5, RFC 9530 §2)", () => {
  const body = new TextEncoder().encode('{"hello": "world"}\n');
  const key = generatedOnce(() => generateSignKey());
  const service = () => serviceKeyId(key().publicKey);
  const parameters = () => ({
    path: "/v1/release",
    service: service(),
    created: 1_800_000_000,
    nonce: new Uint8Array(16).fill(0xab),
    keyId: { practice, author: { by: "device" as const, id: device } },
  });

  test("is signed over a base that is written out by hand, with the digest of RFC 9530 appendix B.1 for its example body", () => {
    const base = new TextDecoder().decode(requestSignatureBase(parameters(), body));
    expect(base.split("\n")).toEqual([
      '"@method": POST',
      '"@path": /v1/release',
      '"content-digest": sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
      `"sinetti-service": ${service()}`,
      `"@signature-params": ("@method" "@path" "content-digest" "sinetti-service");created=1800000000;nonce="${"ab".repeat(16)}";keyid="${practice}.device.${device}";alg="ed25519";tag="sinetti/1/request"`,
    ]);
  });

  const signed = (change: Partial<ReturnType<typeof parameters>> = {}): RequestHeaders => {
    const all = { ...parameters(), ...change };
    return requestHeaders(
      all,
      body,
      signDetached(requestSignatureBase(all, body), Secret.reveal(key().secret)),
    );
  };
  const check = (
    headers: Partial<RequestHeaders>,
    options: {
      path?: string;
      now?: number;
      service?: string;
      key?: SignPublicKey;
    } = {},
  ): string =>
    refusal(() =>
      verifyRequest(
        readRequestHeaders(
          options.path ?? "/v1/release",
          (name) => headers[name as keyof RequestHeaders],
        ),
        {
          key: options.key ?? key().publicKey,
          service: options.service ?? service(),
          now: options.now ?? 1_800_000_000,
        },
      ),
    );

  test("is taken as it was signed, for its service, path, digest and time, and in no other way", () => {
    const headers = signed();
    expect(check(headers)).toBe("accepted");
    expect(check(headers, { now: 1_800_000_120 })).toBe("accepted");
    expect(check(headers, { now: 1_800_000_121 })).toBe("stale-head");
    expect(check(headers, { now: 1_799_999_879 })).toBe("stale-head");
    expect(check(headers, { path: "/v1/other" })).toBe("bad-signature");
    expect(check(headers, { service: "00".repeat(16) })).toBe("bad-signature");
    expect(check(headers, { key: generateSignKey().publicKey })).toBe("bad-signature");
    expect(
      check({ ...headers, "sinetti-service": "00".repeat(16) }, { service: "00".repeat(16) }),
    ).toBe("bad-signature");
    expect(
      check({
        ...headers,
        "signature-input": headers["signature-input"].replace("1800000000", "1800000001"),
      }),
    ).toBe("bad-signature");
    expect(
      check({ ...headers, "signature-input": headers["signature-input"].replace('"ab', '"bb') }),
    ).toBe("bad-signature");
    const { "content-digest": other } = requestHeaders(
      parameters(),
      Uint8Array.of(1),
      new Uint8Array(64),
    );
    expect(check({ ...headers, "content-digest": other })).toBe("bad-signature");
  });

  test("tells what its body must hash to, before there is a body", () => {
    const { digest } = readRequestHeaders(
      "/v1/release",
      (name) => signed()[name as keyof RequestHeaders],
    );
    expect(digest).toEqual(sha256(body));
  });

  test("in any other form is malformed", () => {
    const headers = signed();
    const { "signature-input": input } = headers;
    for (const each of [
      "",
      `${input} `,
      input.replace("sinetti=", "sig1="),
      input.replace('"@path" ', ""),
      input.replace("ed25519", "rsa-v1_5-sha256"),
      input.replace(";tag=", ";x=1;tag="),
      `${input}, ${input}`,
    ])
      expect(check({ ...headers, "signature-input": each })).toBe("malformed");
    const { signature: _signature, ...unsigned } = headers;
    expect(check(unsigned)).toBe("malformed");
    expect(
      check({ ...headers, signature: headers.signature.replace("sinetti=:", "sinetti=") }),
    ).toBe("malformed");
    expect(check({ ...headers, "sinetti-service": "xyz" })).toBe("malformed");
    const { "content-digest": digest } = headers;
    for (const each of [
      "",
      `${digest} `,
      digest.replace("sha-256", "sha-512"),
      digest.replace("=:", ":"),
      digest.replace("g=:", "h=:"),
      `${digest}, ${digest}`,
    ])
      expect(check({ ...headers, "content-digest": each })).toBe("malformed");
  });

  test("a service is named by its key", () => {
    expect(service()).toBe(bytesToHex(sha256(key().publicKey).subarray(0, 16)));
  });
});

/** A value that is made at its first use, after the suite has loaded. */
function generatedOnce<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}

describe("a release", () => {
  const item = {
    file,
    outcome: "released" as const,
    epoch: 1,
    share: new Uint8Array(32).fill(1),
    access: null,
    record: null,
  };

  test("answer opens for the request that it answers, with the key of that request", () => {
    const ephemeral = generateKemKey();
    const request = hashRequest(Uint8Array.of(1));
    const sealed = hpkeSeal(
      ephemeral.publicKey,
      releaseInfo(request),
      encodeReleaseAnswer({ items: [item], warn: ["care"] }),
    );
    expect(openReleaseAnswer(ephemeral, request, sealed)).toEqual({
      v: 1,
      items: [item],
      warn: ["care"],
    });
    expect(refusal(() => openReleaseAnswer(ephemeral, hashRequest(Uint8Array.of(2)), sealed))).toBe(
      "open-failed",
    );
    expect(refusal(() => openReleaseAnswer(generateKemKey(), request, sealed))).toBe("open-failed");
    const other = hpkeSeal(ephemeral.publicKey, releaseInfo(request), Uint8Array.of(0xf6));
    expect(refusal(() => openReleaseAnswer(ephemeral, request, other))).toBe("open-failed");
  });

  test("receipt is the gate's, of this practice and request", () => {
    const gate = generateSignKey();
    const request = hashRequest(Uint8Array.of(1));
    const content = {
      practice,
      request,
      index: 4,
      head: "bb".repeat(32) as Hash,
      seen: { seq: 0, hash: "cc".repeat(32) as Hash },
      time: 1_800_000_000,
    };
    const receipt = signReceipt(content, gate.secret);
    expect(verifyReceipt(receipt, gate.publicKey, { practice, request })).toEqual({
      v: 1,
      ...content,
    });
    expect(
      refusal(() => verifyReceipt(receipt, generateSignKey().publicKey, { practice, request })),
    ).toBe("bad-signature");
    expect(
      refusal(() =>
        verifyReceipt(receipt, gate.publicKey, {
          practice,
          request: hashRequest(Uint8Array.of(2)),
        }),
      ),
    ).toBe("bad-signature");
    expect(
      refusal(() =>
        verifyReceipt(receipt, gate.publicKey, {
          practice: "12".repeat(16) as PracticeId,
          request,
        }),
      ),
    ).toBe("wrong-practice");
  });

  test("log line hashes over every field", () => {
    const line: LogEntry = {
      v: 1,
      practice,
      index: 0,
      prev: "00".repeat(32) as Hash,
      time: 1,
      kind: "release",
      member,
      device,
      nonce: new Uint8Array(16),
      purpose: "session",
      items: [{ file, epoch: 1, outcome: "released" }],
      count: 0,
      detail: null,
    };
    const changes: Partial<LogEntry>[] = [
      { index: 1 },
      { prev: "01".repeat(32) as Hash },
      { time: 2 },
      { kind: "machine" },
      { member: null },
      { device: null },
      { nonce: new Uint8Array(15) },
      { purpose: null },
      { items: [] },
      { count: 1 },
      { detail: "01".repeat(32) as Hash },
      { practice: "12".repeat(16) as PracticeId },
    ];
    const hashes = [line, ...changes.map((change) => ({ ...line, ...change }))].map(hashLogEntry);
    expect(new Set(hashes).size).toBe(changes.length + 1);
  });
});

describe("the gate's half at rest", () => {
  test("opens in its place under the gate's key alone", () => {
    const key = gateEncryptionKey(randomBytes(32));
    const place = { practice, file, epoch: 1 };
    const share = randomBytes(32);
    const sealed = sealShare(key, place, share);
    expect(openShare(key, place, sealed)).toEqual(share);
    expect(refusal(() => openShare(key, { ...place, epoch: 2 }, sealed))).toBe("open-failed");
    expect(refusal(() => openShare(gateEncryptionKey(randomBytes(32)), place, sealed))).toBe(
      "open-failed",
    );
    expect(refusal(() => sealShare(key, place, new Uint8Array(31)))).toBe("malformed");
    expect(refusal(() => gateEncryptionKey(new Uint8Array(16)))).toBe("malformed");
    expect(refusal(() => gateLookupKey(new Uint8Array(33)))).toBe("malformed");
  });
});

describe("lookup", () => {
  test("cells open for who knows site key and value, and tokens say nothing of field or value", () => {
    const site = lookupSiteKey(randomBytes(32));
    const term = { field: "phone" as const, value: "+358401234567" };
    const cell = sealLookupCell(site, term, file);
    expect(openLookupCell(site, term, cell)).toBe(file);
    expect(refusal(() => openLookupCell(site, { ...term, value: "+358401234568" }, cell))).toBe(
      "open-failed",
    );
    expect(refusal(() => openLookupCell(site, { ...term, field: "code" }, cell))).toBe(
      "open-failed",
    );
    expect(refusal(() => openLookupCell(lookupSiteKey(randomBytes(32)), term, cell))).toBe(
      "open-failed",
    );
    const t1 = lookupToken(site, term);
    expect(lookupToken(site, term)).toEqual(t1);
    expect(lookupToken(site, { ...term, field: "code" })).not.toEqual(t1);
    const gate = gateLookupKey(randomBytes(32));
    expect(gateLookupToken(gate, practice, t1)).toEqual(gateLookupToken(gate, practice, t1));
    expect(gateLookupToken(gate, "12".repeat(16) as PracticeId, t1)).not.toEqual(
      gateLookupToken(gate, practice, t1),
    );
    expect(gateLookupToken(gateLookupKey(randomBytes(32)), practice, t1)).not.toEqual(
      gateLookupToken(gate, practice, t1),
    );
    expect(bytesToId(t1.subarray(0, 16))).toHaveLength(32);
  });
});

describe("budgets", () => {
  test("follow the caseload where they should and nowhere else", () => {
    expect(budgetLimits(DEFAULT_POLICY, "care", 0)).toEqual({
      tenMinutes: 12,
      day: 30,
      month: 120,
    });
    expect(budgetLimits(DEFAULT_POLICY, "care", 60)).toEqual({
      tenMinutes: 12,
      day: 30,
      month: 120,
    });
    expect(budgetLimits(DEFAULT_POLICY, "care", 61)).toEqual({
      tenMinutes: 12,
      day: 31,
      month: 120,
    });
    expect(budgetLimits(DEFAULT_POLICY, "care", 80)).toEqual({
      tenMinutes: 12,
      day: 40,
      month: 120,
    });
    expect(budgetLimits(DEFAULT_POLICY, "care", 97)).toEqual({
      tenMinutes: 12,
      day: 49,
      month: 122,
    });
    expect(budgetLimits(DEFAULT_POLICY, "identity", 5000)).toEqual({
      tenMinutes: 30,
      day: 150,
      month: 1500,
    });
  });

  test("refuse the case after the last, name the shortest horizon, warn from 80 %, and grow by what was added", () => {
    const limits = budgetLimits(DEFAULT_POLICY, "care", 80);
    const none = { tenMinutes: 0, day: 0, month: 0 };
    expect(weighCase(none, limits, 0)).toEqual({ over: null, warn: false });
    expect(weighCase({ ...none, tenMinutes: 11 }, limits, 0)).toEqual({ over: null, warn: true });
    expect(weighCase({ ...none, tenMinutes: 12 }, limits, 0).over).toBe("tenMinutes");
    expect(weighCase({ tenMinutes: 12, day: 40, month: 120 }, limits, 0).over).toBe("tenMinutes");
    expect(weighCase({ tenMinutes: 0, day: 39, month: 39 }, limits, 0).over).toBeNull();
    expect(weighCase({ tenMinutes: 0, day: 40, month: 40 }, limits, 0).over).toBe("day");
    expect(weighCase({ tenMinutes: 0, day: 0, month: 120 }, limits, 0).over).toBe("month");
    expect(weighCase({ tenMinutes: 0, day: 30, month: 30 }, limits, 0).warn).toBe(false);
    expect(weighCase({ tenMinutes: 0, day: 31, month: 31 }, limits, 0).warn).toBe(true);
    expect(weighCase({ tenMinutes: 0, day: 51, month: 51 }, limits, 12).over).toBeNull();
    expect(weighCase({ tenMinutes: 0, day: 52, month: 52 }, limits, 12).over).toBe("day");
  });
});
