import type { DeviceId, Hash, MemberId, PracticeId, SignPublicKey } from "./brand.ts";
import { bytesToHash, parseId } from "./brand.ts";
import { asciiToBytes, bytesToHex, hexToBytes, isHex } from "./bytes.ts";
import { CoreError, ensure } from "./errors.ts";
import { LABELS } from "./labels.ts";
import type { Author } from "./order.ts";
import { base64ToBytes, bytesToBase64, randomBytes, sha256, verifyDetached } from "./suite.ts";

/** Seconds that `created` may lie before or after the service's clock. */
export const REQUEST_WINDOW_SECONDS = 120;
const NONCE_BYTES = 16;
/** The one signature name, and the covered components in the one order that is accepted (RFC 9421 §2). */
const SIGNATURE_NAME = "sinetti";
const COMPONENTS = `("@method" "@path" "content-digest" "sinetti-service")`;

/** Who signs a request: a device, or a member's recovery kit. */
export interface RequestKeyId {
  readonly practice: PracticeId;
  readonly author: Author;
}
/** What a signature covers beside the body. */
export interface RequestParameters {
  readonly path: string;
  /** Key id of the service that the request is for. */
  readonly service: string;
  /** Unix seconds. */
  readonly created: number;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
  readonly keyId: RequestKeyId;
}
/** Header fields of a signed request; names in lower case. */
export interface RequestHeaders {
  readonly "content-digest": string;
  readonly "sinetti-service": string;
  readonly "signature-input": string;
  readonly signature: string;
}

/** Key id of a service: the first 16 bytes of SHA-256 of its public key, in hexadecimal. */
export function serviceKeyId(key: SignPublicKey): string {
  return bytesToHex(sha256(key).subarray(0, 16));
}

/** A fresh nonce. */
export function generateNonce(): Uint8Array {
  return randomBytes(NONCE_BYTES);
}

function keyIdText({ practice, author }: RequestKeyId): string {
  return `${practice}.${author.by}.${author.id}`;
}

/** Content-Digest of a body with this SHA-256 (RFC 9530 §2). */
function contentDigest(digest: Uint8Array): string {
  return `sha-256=:${bytesToBase64(digest)}:`;
}

function signatureParams(parameters: RequestParameters): string {
  const { created, nonce, keyId } = parameters;
  return `${COMPONENTS};created=${created};nonce="${bytesToHex(nonce)}";keyid="${keyIdText(keyId)}";alg="ed25519";tag="${LABELS.requestTag}"`;
}

function signatureBase(parameters: RequestParameters, digest: Uint8Array): Uint8Array {
  return asciiToBytes(
    [
      `"@method": POST`,
      `"@path": ${parameters.path}`,
      `"content-digest": ${contentDigest(digest)}`,
      `"sinetti-service": ${parameters.service}`,
      `"@signature-params": ${signatureParams(parameters)}`,
    ].join("\n"),
  );
}

/** The signature base of a request (RFC 9421 §2.5). */
export function requestSignatureBase(parameters: RequestParameters, body: Uint8Array): Uint8Array {
  return signatureBase(parameters, sha256(body));
}

/** SHA-256 of a signature base: names the request in answers and receipts. */
export function hashRequest(base: Uint8Array): Hash {
  return bytesToHash(sha256(base));
}

/** The header fields of a request, given the signature over its base. */
export function requestHeaders(
  parameters: RequestParameters,
  body: Uint8Array,
  signature: Uint8Array,
): RequestHeaders {
  return {
    "content-digest": contentDigest(sha256(body)),
    "sinetti-service": parameters.service,
    "signature-input": `${SIGNATURE_NAME}=${signatureParams(parameters)}`,
    signature: `${SIGNATURE_NAME}=:${bytesToBase64(signature)}:`,
  };
}

const INPUT =
  /^sinetti=\("@method" "@path" "content-digest" "sinetti-service"\);created=(0|[1-9]\d{0,11});nonce="([0-9a-f]{32})";keyid="([0-9a-f]{32})\.(device|kit|recovery|code)\.([0-9a-f]{32})";alg="ed25519";tag="sinetti\/1\/request"$/;
const DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;
const SIGNATURE = /^sinetti=:([A-Za-z0-9+/=]{88}):$/;

/** What a request claims, before its signature is checked. */
export interface ClaimedRequest {
  readonly parameters: RequestParameters;
  /** SHA-256 that the body must have. */
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

/** Reads the header fields of a request for `path`; exactly one form is accepted. Error: `malformed`. */
export function readRequestHeaders(
  path: string,
  header: (name: string) => string | undefined,
): ClaimedRequest {
  const input = INPUT.exec(header("signature-input") ?? "");
  const digest = DIGEST.exec(header("content-digest") ?? "");
  const signature = SIGNATURE.exec(header("signature") ?? "");
  const service = header("sinetti-service") ?? "";
  ensure(input !== null && digest !== null && signature !== null, "malformed");
  ensure(service.length === 32 && isHex(service), "malformed");
  const [, created = "", nonce = "", practice = "", by = "", authorId = ""] = input;
  const author = { by, id: parseId<DeviceId | MemberId>(authorId) } as Author;
  return {
    parameters: {
      path,
      service,
      created: Number(created),
      nonce: hexToBytes(nonce),
      keyId: { practice: parseId<PracticeId>(practice), author },
    },
    digest: base64ToBytes(digest[1] ?? ""),
    signature: base64ToBytes(signature[1] ?? ""),
  };
}

/**
 * Checks a request by its header fields alone: meant for this service, in its window, all components as signed; gives its hash.
 * The body is the caller's to compare with `digest`, before anything of it is decoded.
 * Errors: `stale-head` outside the window, `bad-signature`.
 */
export function verifyRequest(
  { parameters, digest, signature }: ClaimedRequest,
  { key, service, now }: { key: SignPublicKey; service: string; now: number },
): Hash {
  ensure(parameters.service === service, "bad-signature");
  ensure(Math.abs(now - parameters.created) <= REQUEST_WINDOW_SECONDS, "stale-head");
  const base = signatureBase(parameters, digest);
  if (!verifyDetached(base, signature, key)) throw new CoreError("bad-signature");
  return hashRequest(base);
}
