import type { KemPublicKey, MemberId, PracticeId } from "./brand.ts";
import { concatBytes } from "./bytes.ts";
import { ensure } from "./errors.ts";
import { hpkeSeal } from "./hpke.ts";
import { hpkeOpen, type KemKey } from "./hpkeOpen.ts";
import { LABELS, labelled } from "./labels.ts";
import { deviceShape } from "./order.ts";
import { decodePaperCode, encodePaperCode } from "./paperCode.ts";
import {
  type Shaped,
  decodeShape,
  encodeShape,
  fixedBytes,
  id,
  kemKey,
  list,
  record,
  signKey,
  nullable,
  uint,
  version,
} from "./shape.ts";
import { equalSecret, hmacSha256, randomBytes, sha256 } from "./suite.ts";

const HALF_BYTES = 10;

const requestShape = record({
  v: version,
  device: deviceShape,
  /** Where the answer is sealed to, once. */
  ephemeral: kemKey,
  /** Set by somebody new, who brings keys of their own; null on a further device of a member. */
  person: nullable(record({ key: kemKey, kit: signKey })),
});
/** What a new device asks: its public halves. */
export type DeviceRequest = Shaped<typeof requestShape>;

const answerShape = record({
  v: version,
  practice: id<PracticeId>(),
  root: signKey,
  member: id<MemberId>(),
  seeds: list(record({ version: uint(), seed: fixedBytes(32) }), { max: 1000 }),
});
/** What an existing device gives back; `seeds` empty for somebody who brought their own. */
export type DeviceAnswer = Shaped<typeof answerShape>;

/**
 * The code that the new device shows: 80 random bits that the server never sees, then an HMAC under them over the request.
 * Who knows the code gets exactly this request, and the new device knows that the answer comes from who read the code.
 */
export function createDeviceCode(request: DeviceRequest): {
  code: string;
  mailbox: Uint8Array;
  blob: Uint8Array;
} {
  const secret = randomBytes(HALF_BYTES);
  const blob = encodeShape(requestShape, request);
  return {
    code: encodePaperCode(concatBytes(secret, commitment(secret, blob))),
    mailbox: mailboxOf(secret),
    blob,
  };
}

function commitment(secret: Uint8Array, blob: Uint8Array): Uint8Array {
  return hmacSha256(secret, labelled(LABELS.rendezvousCode, blob)).subarray(0, HALF_BYTES);
}

function mailboxOf(secret: Uint8Array): Uint8Array {
  return sha256(labelled(LABELS.rendezvous, secret)).subarray(0, 16);
}

function parse(code: string): { secret: Uint8Array; committed: Uint8Array } {
  const bytes = decodePaperCode(code, 2 * HALF_BYTES);
  return { secret: bytes.subarray(0, HALF_BYTES), committed: bytes.subarray(HALF_BYTES) };
}

/** Where the request of a code waits: 16 bytes. Error: `malformed`. */
export function deviceCodeMailbox(code: string): Uint8Array {
  return mailboxOf(parse(code).secret);
}

/** The request that a code commits to. Errors: `malformed`, `open-failed` when the server gave another. */
export function readDeviceRequest(code: string, blob: Uint8Array): DeviceRequest {
  const { secret, committed } = parse(code);
  ensure(equalSecret(commitment(secret, blob), committed), "open-failed");
  return decodeShape(requestShape, blob);
}

/** Seals the answer to the request's ephemeral key, bound to the code. */
export function sealDeviceAnswer(
  code: string,
  request: { ephemeral: KemPublicKey },
  answer: Omit<DeviceAnswer, "v">,
): Uint8Array {
  return hpkeSeal(
    request.ephemeral,
    answerInfo(code),
    encodeShape(answerShape, { v: 1, ...answer }),
  );
}

/** Opens the answer. Error: `open-failed`. */
export function openDeviceAnswer(code: string, key: KemKey, sealed: Uint8Array): DeviceAnswer {
  return decodeShape(answerShape, hpkeOpen(key, answerInfo(code), sealed));
}

function answerInfo(code: string): Uint8Array {
  const { secret, committed } = parse(code);
  return labelled(
    LABELS.rendezvous,
    hmacSha256(secret, labelled(LABELS.rendezvousCode, committed)),
  );
}
