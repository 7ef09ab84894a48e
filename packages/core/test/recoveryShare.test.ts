import fc from "fast-check";
import { combine, split } from "shamir-secret-sharing";
import { beforeAll, describe, expect, test } from "vitest";
import { bytesToId, randomBytes, type PracticeId } from "@sinetti/core";
import {
  MAX_SHARES,
  SHARE_GROUPS,
  decodeRecoveryShare,
  encodeRecoveryShare,
  findShareCode,
  generateRecoverySecret,
  joinRecoveryShares,
  parseRecoveryShare,
  printRecoveryShare,
  recoverySecretBytes,
  splitRecoverySecret,
  type RecoveryShare,
} from "@sinetti/core/secret";
import { loadSuite } from "../../../tools/testPractice.ts";
import { refusal } from "./acts.ts";

beforeAll(loadSuite);

const practice = "5a".repeat(16) as PracticeId;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

async function splitInto(threshold: number, count: number, version = 1) {
  const secret = generateRecoverySecret();
  return {
    secret,
    shares: await splitRecoverySecret(secret, { practice, version, threshold, count }),
  };
}

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((all, item) => [...all, ...all.map((some) => [...some, item])], [[]]);
}

async function faultOf(shares: readonly RecoveryShare[]) {
  const joined = await joinRecoveryShares(shares);
  return joined.ok ? "joined" : joined.fault;
}

/** GF(256) with x⁸ + x⁴ + x³ + x + 1, written from the definition: shift, reduce, add. */
function multiply(a: number, b: number): number {
  let [product, factor] = [0, a];
  for (let bit = b; bit > 0; bit >>= 1) {
    if ((bit & 1) === 1) product ^= factor;
    factor = (factor << 1) ^ ((factor & 0x80) !== 0 ? 0x11b : 0);
  }
  return product;
}
/** a^254 is the inverse of a in a field of 256. */
function inverse(a: number): number {
  return Array.from({ length: 254 }).reduce<number>((power) => multiply(power, a), 1);
}
function interpolate(points: readonly { x: number; y: number }[], at: number): number {
  return points.reduce((sum, { x, y }) => {
    const others = points.filter((other) => other.x !== x);
    const basis = others.reduce(
      (term, other) => multiply(term, multiply(at ^ other.x, inverse(x ^ other.x))),
      1,
    );
    return sum ^ multiply(y, basis);
  }, 0);
}
function joinApart(points: readonly { x: number; value: Uint8Array }[], at = 0): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, byte) =>
    interpolate(
      points.map(({ x, value }) => ({ x, y: value[byte] ?? 0 })),
      at,
    ),
  );
}
const pointsOf = (shares: readonly RecoveryShare[]) =>
  shares.map(({ number: x, value }) => ({ x, value }));

describe("fewer shares than the threshold", () => {
  test("are refused, and told how many are missing, in every combination", async () => {
    for (const [threshold, count] of [
      [2, 2],
      [2, 3],
      [3, 5],
      [4, 4],
    ] as const) {
      const { shares } = await splitInto(threshold, count);
      for (const some of subsets(shares).filter(({ length }) => length > 0 && length < threshold))
        expect(await faultOf(some)).toEqual({
          code: "shares-missing",
          missing: threshold - some.length,
        });
    }
    expect(await faultOf([])).toEqual({ code: "shares-missing", missing: 2 });
  });

  test("tell nothing: whatever the secret is, some last share would give it", async () => {
    const { shares } = await splitInto(2, 3);
    const [first] = pointsOf(shares);
    if (first === undefined) throw new TypeError("no share");
    const other = randomBytes(32);
    const fitting = joinApart([first, { x: 0, value: other }], 2);
    expect(joinApart([first, { x: 2, value: fitting }])).toEqual(other);
  });
});

describe("a split", () => {
  test("gives the secret again from every combination of enough shares, in any order", async () => {
    for (const [threshold, count] of [
      [2, 2],
      [2, 3],
      [3, 5],
      [5, 6],
    ] as const) {
      const { secret, shares } = await splitInto(threshold, count);
      for (const some of subsets(shares).filter(({ length }) => length >= threshold)) {
        const joined = await joinRecoveryShares(some.toReversed());
        if (!joined.ok) throw new TypeError(joined.fault.code);
        expect(recoverySecretBytes(joined.secret)).toEqual(recoverySecretBytes(secret));
      }
    }
  });

  test("is joined alike by a field arithmetic written from the definition, and by the library", async () => {
    for (const [threshold, count] of [
      [2, 3],
      [3, 4],
      [MAX_SHARES, MAX_SHARES],
    ] as const) {
      const { secret, shares } = await splitInto(threshold, count);
      const points = pointsOf(shares.slice(-threshold));
      expect(joinApart(points)).toEqual(recoverySecretBytes(secret));
      expect(await combine(points.map(({ x, value }) => Uint8Array.of(...value, x)))).toEqual(
        recoverySecretBytes(secret),
      );
    }
    const bytes = randomBytes(32);
    const theirs = (await split(bytes, 4, 3)).map((share) => ({
      x: share[32] ?? 0,
      value: share.slice(0, 32),
    }));
    expect(joinApart(theirs.slice(1))).toEqual(bytes);
  });

  test("joins shares computed by hand, in the field of FIPS 197", async () => {
    // Shares of the five bytes of "hello" on the polynomial 68+01x 65+02x 6c+03x 6c+04x 6f+05x, computed by hand at x = 1, 2.
    const share = (x: number) =>
      Uint8Array.of(
        ...[0x68, 0x65, 0x6c, 0x6c, 0x6f].map((byte, index) => byte ^ multiply(index + 1, x)),
        x,
      );
    expect(new TextDecoder().decode(await combine([share(1), share(2)]))).toBe("hello");
    // FIPS 197 §4.2: {57} times {83} is {c1} in this field.
    expect(multiply(0x57, 0x83)).toBe(0xc1);
  });

  test("takes no fewer than two of at most sixteen", async () => {
    for (const [threshold, count] of [
      [1, 1],
      [1, 3],
      [3, 2],
      [2, 17],
      [0, 0],
    ] as const)
      await expect(splitInto(threshold, count)).rejects.toBeInstanceOf(RangeError);
    expect((await splitInto(2, 16)).shares).toHaveLength(16);
  });
});

describe("shares that do not belong together are named", () => {
  test("one of another practice, of another secret, of another split of the same secret, one twice", async () => {
    const { secret, shares } = await splitInto(2, 3);
    const [first, second] = shares as [RecoveryShare, RecoveryShare];
    const again = await splitRecoverySecret(secret, {
      practice,
      version: 1,
      threshold: 2,
      count: 3,
    });
    const foreign = { ...second, practice: bytesToId<PracticeId>(randomBytes(16)) };
    const { shares: other } = await splitInto(2, 3);
    expect(await faultOf([first, foreign])).toEqual({
      code: "share-of-another-practice",
      number: 2,
    });
    expect(await faultOf([first, other[2] as RecoveryShare])).toEqual({
      code: "share-of-another-secret",
      number: 3,
    });
    expect(await faultOf([first, { ...second, version: 2 }])).toEqual({
      code: "share-of-another-secret",
      number: 2,
    });
    expect(await faultOf([first, again[1] as RecoveryShare])).toEqual({
      code: "share-of-another-split",
      number: 2,
    });
    expect(await faultOf([first, { ...second, threshold: 3 }])).toEqual({
      code: "share-of-another-split",
      number: 2,
    });
    expect(await faultOf([first, first])).toEqual({ code: "share-repeated", number: 1 });
  });

  test("wrong recovery share gives silent garbage: a false value never gives another secret", async () => {
    const { shares } = await splitInto(2, 3);
    const [first, second, third] = shares as [RecoveryShare, RecoveryShare, RecoveryShare];
    const lie = { ...second, value: randomBytes(32) };
    expect(await faultOf([first, lie])).toEqual({ code: "wrong-secret" });
    expect(await faultOf([first, lie, third])).toEqual({ code: "wrong-secret" });
    expect(await faultOf([first, { ...second, number: 3 }])).toEqual({ code: "wrong-secret" });
  });
});

describe("a share on paper", () => {
  test("is read again, however it is typed, and found in a page", async () => {
    const { shares } = await splitInto(2, 3, 7);
    for (const share of shares) {
      const lines = printRecoveryShare(share);
      expect(lines).toHaveLength(9);
      expect(lines.every((line) => /^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/.test(line))).toBe(true);
      const typed = lines.join(" ").toLowerCase().replaceAll("0", "o").replaceAll("1", "l");
      expect(parseRecoveryShare(typed)).toEqual({ ok: true, share });
      const page = `# A share\n\nKeep it.\n\n${lines.map((line, at) => `    ${at + 1}  ${line}`).join("\n")}\n\nhttp://x`;
      expect(parseRecoveryShare(findShareCode(page))).toEqual({ ok: true, share });
    }
  });

  test("with any one wrong character names the group that is wrong", async () => {
    const { shares } = await splitInto(2, 2);
    const text = printRecoveryShare(shares[0] as RecoveryShare)
      .join("-")
      .replaceAll("-", "");
    for (let at = 0; at < text.length; at++) {
      const other = ALPHABET[(ALPHABET.indexOf(text[at] ?? "") + 1 + (at % 31)) % 32] ?? "";
      const wrong = text.slice(0, at) + other + text.slice(at + 1);
      expect(parseRecoveryShare(wrong)).toEqual({
        ok: false,
        fault: { code: "share-damaged", groups: [Math.floor(at / 4) + 1] },
      });
    }
    expect(parseRecoveryShare(`${text.slice(0, 4)}?${text.slice(5)}`)).toMatchObject({
      fault: { code: "share-damaged", groups: [2] },
    });
  });

  test("with two groups changed over names both", async () => {
    const { shares } = await splitInto(2, 2);
    const groups = printRecoveryShare(shares[0] as RecoveryShare)
      .join("-")
      .split("-");
    expect(groups).toHaveLength(SHARE_GROUPS);
    const [a = "", b = ""] = groups;
    if (a === b) return;
    expect(parseRecoveryShare([b, a, ...groups.slice(2)].join("-"))).toEqual({
      ok: false,
      fault: { code: "share-damaged", groups: [1, 2] },
    });
  });

  test("that is cut or too long says how many characters there are", async () => {
    const { shares } = await splitInto(2, 2);
    const text = printRecoveryShare(shares[0] as RecoveryShare).join("-");
    expect(parseRecoveryShare(text.slice(0, -1))).toEqual({
      ok: false,
      fault: { code: "share-cut", characters: 215, needed: 216 },
    });
    expect(parseRecoveryShare(`${text}0`)).toMatchObject({ fault: { characters: 217 } });
    expect(parseRecoveryShare("")).toMatchObject({ fault: { code: "share-cut", characters: 0 } });
  });

  test("of the bytes of a share every flipped bit is found", async () => {
    const { shares } = await splitInto(2, 2);
    const bytes = encodeRecoveryShare(shares[0] as RecoveryShare);
    expect(bytes).toHaveLength(100);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusal(() => decodeRecoveryShare(flipped))).toBe("share-damaged");
    }
    expect(refusal(() => decodeRecoveryShare(bytes.subarray(1)))).toBe("malformed");
  });

  test("whatever is typed gives a share or a fault, never an exception", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("-", "?", " ", ...Array.from(ALPHABET)),
          maxLength: 400,
        }),
        (text) => {
          expect(parseRecoveryShare(findShareCode(text)).ok).toBe(false);
        },
      ),
    );
  });
});
