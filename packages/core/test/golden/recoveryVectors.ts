import { bytesToHex, bytesToId, randomBytes, type PracticeId } from "@sinetti/core";
import {
  generateRecoverySecret,
  joinRecoveryShares,
  parseRecoveryShare,
  printRecoveryShare,
  splitRecoverySecret,
  type RecoveryShare,
} from "@sinetti/core/secret";
import { reveal } from "./scene.ts";
import type { Vector, Vectors } from "./vector.ts";

const printed = (share: RecoveryShare): string => printRecoveryShare(share).join("-");

/** Vectors of shares on paper, and of joining them; made after all others, so that the randomness of those stays. */
export async function recoveryVectors(): Promise<{ valid: Vectors; invalid: Vectors }> {
  const practice = bytesToId<PracticeId>(randomBytes(16));
  const split = { practice, version: 1, threshold: 2, count: 3 };
  const secret = generateRecoverySecret();
  const shares = await splitRecoverySecret(secret, split);
  const again = await splitRecoverySecret(secret, split);
  const other = await splitRecoverySecret(generateRecoverySecret(), split);
  const [first, second, third] = shares as [RecoveryShare, RecoveryShare, RecoveryShare];
  const code = printed(second);
  const read = (input: string, result: string): Vector => ({
    check: "recovery-share",
    input,
    code: result,
  });
  const join = (these: readonly (RecoveryShare | undefined)[], result: string): Vector => ({
    check: "recovery-join",
    shares: these.flatMap((share) => (share === undefined ? [] : [printed(share)])),
    secret: reveal(secret),
    code: result,
  });
  const foreign = { ...second, practice: bytesToId<PracticeId>(randomBytes(16)) };
  const swapped = [code.slice(5, 9), code.slice(0, 4), code.slice(10)].join("-");
  const flip = (at: number): string =>
    code.slice(0, at) + (code[at] === "7" ? "6" : "7") + code.slice(at + 1);
  return {
    valid: {
      "recovery-share": {
        ...read(code, "accepted"),
        practice,
        version: second.version,
        number: second.number,
        threshold: second.threshold,
        count: second.count,
        split: bytesToHex(second.split),
        commit: second.commit,
        value: bytesToHex(second.value),
      },
      "recovery-join": join([third, first], "accepted"),
      "recovery-join-of-all": join(shares, "accepted"),
    },
    invalid: {
      "recovery-share-one-character-wrong": { ...read(flip(6), "share-damaged"), groups: "2" },
      "recovery-share-groups-swapped": { ...read(swapped, "share-damaged"), groups: "1,2" },
      "recovery-share-cut": read(code.slice(0, -5), "share-cut"),
      "recovery-join-of-too-few": join([first], "shares-missing"),
      "recovery-join-of-one-twice": join([first, first], "share-repeated"),
      "recovery-join-of-another-practice": join([first, foreign], "share-of-another-practice"),
      "recovery-join-of-another-secret": join([first, other[1]], "share-of-another-secret"),
      "recovery-join-of-another-split": join([first, again[1]], "share-of-another-split"),
      "recovery-join-of-a-false-share": join(
        [first, { ...second, value: randomBytes(32) }],
        "wrong-secret",
      ),
    },
  };
}

/** What comes of a vector of shares: its code, where it is one of accepted things after everything in it was compared. */
export async function readRecovery(vector: Vector): Promise<string> {
  if (vector.check === "recovery-share") return readShare(vector);
  const shares = (vector["shares"] as readonly string[]).map((code) => {
    const parsed = parseRecoveryShare(code);
    if (!parsed.ok) throw new TypeError(parsed.fault.code);
    return parsed.share;
  });
  const joined = await joinRecoveryShares(shares);
  if (!joined.ok) return joined.fault.code;
  return reveal(joined.secret) === vector["secret"] ? "accepted" : "another secret";
}

function readShare(vector: Vector): string {
  const parsed = parseRecoveryShare(String(vector["input"]));
  if (parsed.ok) {
    const { share } = parsed;
    const found = { ...share, split: bytesToHex(share.split), value: bytesToHex(share.value) };
    const isSame = Object.entries(found).every(([field, value]) => vector[field] === value);
    return isSame ? "accepted" : "another share";
  }
  const { fault } = parsed;
  if (fault.code !== "share-damaged") return fault.code;
  const groups = fault.groups.join();
  return groups === vector["groups"] ? fault.code : `damaged in ${groups}`;
}
