import * as core from "@sinetti/core";
import { bytesToId, hexToBytes, randomBytes } from "@sinetti/core";
import * as secret from "@sinetti/core/secret";
import type { Decoders } from "../../../../tools/decoderFaults.ts";

const ID = "ab".repeat(16);

/** Bytes of one length that are given a name: ids, hashes, keys, halves. */
export function namedDecoders(): Decoders<Uint8Array> {
  const share = new Uint8Array(32).fill(3);
  return {
    bytesToId: { valid: [hexToBytes(ID)], decode: (input) => bytesToId(input) },
    bytesToHash: { valid: [share], decode: (input) => core.bytesToHash(input) },
    toSignPublicKey: { valid: [share], decode: (input) => core.toSignPublicKey(input) },
    toKemPublicKey: {
      valid: [new Uint8Array(1216)],
      decode: (input) => core.toKemPublicKey(input),
    },
    attachmentKeyFromBytes: {
      valid: [share],
      decode: (input) => secret.attachmentKeyFromBytes(input),
    },
    gateHalfFromBytes: { valid: [share], decode: (input) => secret.gateHalfFromBytes(input) },
    importKeyFromBytes: { valid: [share], decode: (input) => secret.importKeyFromBytes(input) },
    recoverySecretFromBytes: {
      valid: [share],
      decode: (input) => secret.recoverySecretFromBytes(input),
    },
  };
}

/** Shares of a recovery secret as bytes and as typed, and whether those that were read join. */
export async function shareDecoders(): Promise<{
  bytes: Decoders<Uint8Array>;
  texts: Decoders<string>;
}> {
  const practice = ID as core.PracticeId;
  const split = { practice, version: 1, threshold: 2, count: 3 };
  const shares = await secret.splitRecoverySecret(secret.generateRecoverySecret(), split);
  return {
    bytes: {
      decodeRecoveryShare: {
        valid: shares.map(secret.encodeRecoveryShare),
        decode: (input) => secret.decodeRecoveryShare(input),
      },
    },
    texts: {
      "parseRecoveryShare findShareCode": {
        valid: shares.map((share) => secret.printRecoveryShare(share).join("\n")),
        decode: (input) => secret.parseRecoveryShare(secret.findShareCode(input)),
      },
    },
  };
}

/** Codes on paper, ids, and the header fields of a request. */
export function textDecoders(): Decoders<string> {
  const code = core.encodePaperCode(randomBytes(16));
  const key = secret.generateSignKey();
  const body = new Uint8Array(3);
  const parameters: core.RequestParameters = {
    path: "/v1/status",
    service: ID,
    created: 1_800_000_000,
    nonce: core.generateNonce(),
    keyId: {
      practice: ID as core.PracticeId,
      author: { by: "device", id: ID as core.DeviceId },
    },
  };
  const base = core.requestSignatureBase(parameters, body);
  const headers = core.requestHeaders(parameters, body, secret.signRequest(key, base));
  const verify = (changed: Partial<core.RequestHeaders>): void => {
    const sent = { ...headers, ...changed };
    const claimed = core.readRequestHeaders(
      "/v1/status",
      (name) => sent[name as keyof typeof sent],
    );
    core.verifyRequest(claimed, {
      key: key.publicKey,
      service: ID,
      now: parameters.created,
    });
  };
  const fields = Object.entries(headers).map(([name, value]) => [
    name === "signature" ? "readRequestHeaders verifyRequest" : `(${name})`,
    { valid: [String(value)], decode: (input: string) => verify({ [name]: input }) },
  ]);
  return {
    ...(Object.fromEntries(fields) as Decoders<string>),
    parseId: { valid: [ID], decode: (input) => core.parseId(input) },
    parseHash: { valid: [ID + ID], decode: (input) => core.parseHash(input) },
    decodePaperCode: { valid: [code], decode: (input) => core.decodePaperCode(input, 16) },
    parseKit: { valid: [code], decode: (input) => secret.parseKit(input) },
    parseSlip: { valid: [code], decode: (input) => secret.parseSlip(input) },
  };
}
