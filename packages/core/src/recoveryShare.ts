import { combine } from "shamir-secret-sharing";
import { bytesToHash, bytesToId, idToBytes, type Hash, type PracticeId } from "./brand.ts";
import { concatBytes, equalBytes } from "./bytes.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { commitRecoverySecret, recoverySecretBytes, recoverySecretFromBytes } from "./recovery.ts";
import type { Secret } from "./secretValue.ts";
import { randomBytes, sha256 } from "./suite.ts";

/** The most shares of one split. */
export const MAX_SHARES = 16;
/** The fewest that join: one alone would be the secret itself. */
export const MIN_THRESHOLD = 2;

const SECRET_BYTES = 32;
const SPLIT_BYTES = 4;
const CHECK_BYTES = 8;
/** Bytes of a share: version, recovery version, number, threshold, count, practice, split, commitment, value, check. */
export const SHARE_BYTES = 1 + 16 + 4 + 3 + SPLIT_BYTES + 32 + SECRET_BYTES + CHECK_BYTES;

/** One trustee's share of the recovery secret. */
export interface RecoveryShare {
  readonly practice: PracticeId;
  /** The version of the recovery keys that the secret gives. */
  readonly version: number;
  /** From 1; the place at which the value lies on the polynomials. */
  readonly number: number;
  /** How many shares join. */
  readonly threshold: number;
  /** How many shares there are. */
  readonly count: number;
  /** Random, 4 bytes: shares of two splits of one secret do not join. */
  readonly split: Uint8Array;
  /** The commitment to the secret. */
  readonly commit: Hash;
  /** 32 bytes, a value at `number` for each byte of the secret. */
  readonly value: Uint8Array;
}

function checkOf(body: Uint8Array): Uint8Array {
  return sha256(labelled(LABELS.recoveryShare, body)).subarray(0, CHECK_BYTES);
}

function bodyOf(share: RecoveryShare): Uint8Array {
  const head = new Uint8Array(8);
  const { version, number, threshold, count } = share;
  new DataView(head.buffer).setUint32(1, version);
  head.set([1], 0);
  head.set([number, threshold, count], 5);
  const { practice, split, commit, value } = share;
  return concatBytes(head, idToBytes(practice), split, idToBytes(commit), value);
}

/** The bytes of a share: 100, the last eight a check over the others. */
export function encodeRecoveryShare(share: RecoveryShare): Uint8Array {
  const body = bodyOf(share);
  return concatBytes(body, checkOf(body));
}

/** Reads the bytes of a share. Errors: `share-damaged` when the check does not hold, `unknown-version`, `malformed`. */
export function decodeRecoveryShare(bytes: Uint8Array): RecoveryShare {
  ensure(bytes.length === SHARE_BYTES, "malformed");
  const body = bytes.subarray(0, -CHECK_BYTES);
  ensure(equalBytes(checkOf(body), bytes.subarray(-CHECK_BYTES)), "share-damaged");
  ensure(body[0] === 1, "unknown-version");
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const [number, threshold, count] = [view.getUint8(5), view.getUint8(6), view.getUint8(7)];
  ensure(isSplittable({ threshold, count }) && number >= 1 && number <= count, "malformed");
  return {
    practice: bytesToId<PracticeId>(body.slice(8, 24)),
    version: view.getUint32(1),
    number,
    threshold,
    count,
    split: body.slice(24, 28),
    commit: bytesToHash(body.slice(28, 60)),
    value: body.slice(60, 92),
  };
}

/** Whether a secret may be split so: two to `count` shares join, of at most 16. */
export function isSplittable({ threshold, count }: { threshold: number; count: number }): boolean {
  return threshold >= MIN_THRESHOLD && threshold <= count && count <= MAX_SHARES;
}

/**
 * The value at `x` of the polynomials over GF(256) through these points: the library's value at zero, of points that are
 * all moved by `x`, since to add is to xor.
 */
async function valueAt(
  x: number,
  points: readonly { x: number; value: Uint8Array }[],
): Promise<Uint8Array> {
  return combine(points.map((point) => Uint8Array.of(...point.value, point.x ^ x)));
}

/**
 * Splits the recovery secret into `count` shares of which any `threshold` give it again and fewer tell nothing: shares 1 to
 * `threshold` − 1 are random, and the others lie on the polynomials through them and, at zero, the secret (Shamir 1979).
 * RangeError unless `isSplittable`.
 */
export async function splitRecoverySecret(
  secret: Secret<"recovery">,
  {
    practice,
    version,
    threshold,
    count,
  }: { practice: PracticeId; version: number; threshold: number; count: number },
): Promise<RecoveryShare[]> {
  if (!isSplittable({ threshold, count })) throw new RangeError("not a split");
  const common = {
    practice,
    version,
    threshold,
    count,
    split: randomBytes(SPLIT_BYTES),
    commit: commitRecoverySecret(secret),
  };
  const points = [{ x: 0, value: recoverySecretBytes(secret) }];
  for (let x = 1; x < threshold; x++) points.push({ x, value: randomBytes(SECRET_BYTES) });
  const shares: RecoveryShare[] = [];
  for (let number = 1; number <= count; number++) {
    const value = points[number]?.value ?? (await valueAt(number, points));
    shares.push({ ...common, number, value });
  }
  return shares;
}

/** Why shares do not join; `number` is of the share that does not fit the first one. */
export type ShareFault =
  | {
      readonly code:
        | "share-repeated"
        | "share-of-another-practice"
        | "share-of-another-secret"
        | "share-of-another-split";
      readonly number: number;
    }
  | { readonly code: "shares-missing"; readonly missing: number }
  | { readonly code: "wrong-secret" };

function isOfOneSplit(a: RecoveryShare, b: RecoveryShare): boolean {
  return equalBytes(a.split, b.split) && a.threshold === b.threshold && a.count === b.count;
}

/** What stands against joining these shares before anything is computed; null: nothing. */
function findFault(shares: readonly RecoveryShare[]): ShareFault | null {
  const [first] = shares;
  if (first === undefined) return { code: "shares-missing", missing: MIN_THRESHOLD };
  const seen = new Set<number>();
  for (const share of shares) {
    const { number } = share;
    if (share.practice !== first.practice) return { code: "share-of-another-practice", number };
    if (share.version !== first.version || share.commit !== first.commit)
      return { code: "share-of-another-secret", number };
    if (!isOfOneSplit(share, first)) return { code: "share-of-another-split", number };
    if (seen.has(number)) return { code: "share-repeated", number };
    seen.add(number);
  }
  const missing = first.threshold - shares.length;
  return missing > 0 ? { code: "shares-missing", missing } : null;
}

/**
 * Joins shares and compares what they give with the commitment that each carries, so that a false share never gives another
 * secret. Of more shares than are needed each is used, so a false one among them is found too.
 */
export async function joinRecoveryShares(
  shares: readonly RecoveryShare[],
): Promise<{ ok: true; secret: Secret<"recovery"> } | { ok: false; fault: ShareFault }> {
  const fault = findFault(shares);
  if (fault !== null) return { ok: false, fault };
  const points = shares.map(({ number: x, value }) => ({ x, value }));
  const secret = recoverySecretFromBytes(await valueAt(0, points));
  const isRight = commitRecoverySecret(secret) === shares[0]?.commit;
  return isRight ? { ok: true, secret } : { ok: false, fault: { code: "wrong-secret" } };
}
