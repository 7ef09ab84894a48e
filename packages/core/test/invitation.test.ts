import { beforeAll, describe, expect, test } from "vitest";
import {
  bytesToId,
  introductionWords,
  randomBytes,
  type DeviceId,
  type Introduction,
  type MemberId,
  type PracticeId,
} from "@sinetti/core";
import {
  generateKemKey,
  generateSignKey,
  generateSlip,
  openIntroduction,
  openOffer,
  parseSlip,
  printSlip,
  sealIntroduction,
  sealOffer,
  slipMailbox,
} from "@sinetti/core/secret";
import { loadSuite } from "../../../tools/testPractice.ts";

beforeAll(loadSuite);

function introduction(): Introduction {
  return {
    device: {
      device: bytesToId<DeviceId>(randomBytes(16)),
      statementKey: generateSignKey().publicKey,
      requestKey: generateSignKey().publicKey,
    },
    key: generateKemKey().publicKey,
    kit: generateSignKey().publicKey,
  };
}
const place = () => ({
  practice: bytesToId<PracticeId>(randomBytes(16)),
  member: bytesToId<MemberId>(randomBytes(16)),
});
const offer = (name = "Eero Niemi") => ({
  ...place(),
  roles: ["therapist" as const],
  practiceName: "Kuusi",
  name,
  until: 1_800_000_000,
});
/** Each of a few bytes of a sealed text, flipped. */
function flipped(sealed: Uint8Array): Uint8Array[] {
  return [0, 30, sealed.length - 1].map((at) =>
    sealed.map((byte, index) => (index === at ? byte ^ 1 : byte)),
  );
}
const code = (run: () => unknown): unknown => {
  try {
    run();
    return null;
  } catch (error) {
    return (error as { code: unknown }).code;
  }
};

describe("a slip", () => {
  test("is read as it was printed, in any case and spacing, and refused with a slip of the pen", () => {
    const slip = generateSlip();
    const printed = printSlip(slip);
    expect(printed).toMatch(/^(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
    const typed = parseSlip(printed.toLowerCase().replaceAll("-", " "));
    expect(slipMailbox(typed)).toEqual(slipMailbox(slip));
    const wrong = `${printed.startsWith("0") ? "1" : "0"}${printed.slice(1)}`;
    expect(code(() => parseSlip(wrong))).toBe("malformed");
  });

  test("gives each mailbox its own name", () => {
    expect(slipMailbox(generateSlip())).not.toEqual(slipMailbox(generateSlip()));
  });
});

describe("an offer", () => {
  test("opens with its slip alone, unchanged", () => {
    const [slip, other] = [generateSlip(), generateSlip()];
    const promised = offer();
    const sealed = sealOffer(slip, promised);
    expect(openOffer(slip, sealed)).toEqual({ v: 1, ...promised });
    expect(code(() => openOffer(other, sealed))).toBe("open-failed");
    for (const changed of flipped(sealed))
      expect(code(() => openOffer(slip, changed))).toBe("open-failed");
  });

  test("is as long for one name as for another", () => {
    const slip = generateSlip();
    expect(sealOffer(slip, offer("Li")).length).toBe(
      sealOffer(slip, offer("Maria Wilhelmina Stjernvall-Järnefelt")).length,
    );
  });

  test("takes no name above its limit", () => {
    const slip = generateSlip();
    expect(openOffer(slip, sealOffer(slip, offer("x".repeat(200)))).name).toHaveLength(200);
    const long = sealOffer(slip, offer("x".repeat(201)));
    expect(code(() => openOffer(slip, long))).toBe("malformed");
  });
});

describe("an introduction", () => {
  test("opens with its slip for its practice and member alone, unchanged, and is no offer", () => {
    const slip = generateSlip();
    const [to, mine] = [place(), introduction()];
    const sealed = sealIntroduction(slip, to, mine);
    expect(openIntroduction(slip, to, sealed)).toEqual(mine);
    for (const other of [
      { ...to, practice: place().practice },
      { ...to, member: place().member },
    ])
      expect(code(() => openIntroduction(slip, other, sealed))).toBe("open-failed");
    expect(code(() => openIntroduction(generateSlip(), to, sealed))).toBe("open-failed");
    for (const changed of flipped(sealed))
      expect(code(() => openIntroduction(slip, to, changed))).toBe("open-failed");
    expect(code(() => openOffer(slip, sealed))).toBe("open-failed");
  });

  test("has words that change with every key of it", () => {
    const [mine, theirs] = [introduction(), introduction()];
    const words = introductionWords(mine);
    expect(words).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(introductionWords({ ...mine })).toBe(words);
    for (const changed of [
      { ...mine, key: theirs.key },
      { ...mine, kit: theirs.kit },
      { ...mine, device: { ...mine.device, device: theirs.device.device } },
      { ...mine, device: { ...mine.device, statementKey: theirs.device.statementKey } },
      { ...mine, device: { ...mine.device, requestKey: theirs.device.requestKey } },
    ])
      expect(introductionWords(changed)).not.toBe(words);
  });
});
