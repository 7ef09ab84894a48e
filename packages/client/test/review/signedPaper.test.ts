import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesToHex, concatBytes, type OrderId, type PracticeState } from "@sinetti/core";
import {
  closeRound,
  giveOrder,
  openRound,
  signReviewPaper,
  verifyReviewPaper,
  type Client,
} from "@sinetti/client";
import { signDocument } from "@sinetti/core/secret";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { addMember, foundPractice } from "../testWorld.ts";

const text = new TextEncoder();
const printed = text.encode("%PDF-1.7\nReview of access\n%%EOF\n");
const failed = expect.objectContaining({ code: "verification-failed" });

let system: TestSystem;
let founder: Client;
let officer: Client;
let therapist: Client;
let round: OrderId;
let practice: PracticeState;
let paper: Uint8Array;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system, ["admin", "privacy"]));
  ({ client: therapist } = await addMember(system, founder, ["therapist"]));
  ({ client: officer } = await addMember(system, founder, ["privacy"]));
  ({ round } = await openRound(officer, { scope: { by: "practice" } }));
  await closeRound(officer, round);
  await therapist.context.practice.sync(therapist.context.services);
  ({ practice } = therapist);
  paper = signReviewPaper(officer, round, printed);
});
afterAll(() => system.stop());

/** A paper with a last line like a signed one's, of this device and signed by this one. */
function forge(
  by: Client,
  { named = by, label = "reviewPaper" as const, of = round }: Forgery = {},
): Uint8Array {
  const line = `\n% sinetti review ${practice.practice} ${of} ${named.context.device.owner.device} `;
  const document = concatBytes(printed, text.encode(line));
  const signed = signDocument(label, document, by.context.device.statement);
  return concatBytes(document, text.encode(`${bytesToHex(signed)}\n`));
}

interface Forgery {
  readonly named?: Client;
  readonly label?: Parameters<typeof signDocument>[0];
  readonly of?: string;
}

describe("the printed record of a round", () => {
  test("is refused unsigned, empty, or cut", () => {
    for (const bytes of [printed, new Uint8Array(), text.encode("\n"), paper.subarray(0, -1)])
      expect(() => verifyReviewPaper(practice, bytes)).toThrow(failed);
  });

  test("is refused with any byte of it changed, or with more behind it", () => {
    for (let at = 0; at < paper.length; at++) {
      const changed = paper.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => verifyReviewPaper(practice, changed)).toThrow(failed);
    }
    const longer = concatBytes(paper, text.encode("\n%%EOF\n"));
    expect(() => verifyReviewPaper(practice, longer)).toThrow(failed);
  });

  test("is signed by nobody but whoever closed the round", () => {
    expect(() => signReviewPaper(therapist, round, printed)).toThrow(
      expect.objectContaining({ code: "refused" }),
    );
    for (const forged of [
      forge(therapist),
      forge(therapist, { named: officer }),
      forge(officer, { label: "postureException" }),
      forge(officer, { of: "00".repeat(16) }),
    ])
      expect(() => verifyReviewPaper(practice, forged)).toThrow(failed);
  });

  test("holds as it was signed, for anybody of the practice", () => {
    expect(verifyReviewPaper(practice, paper)).toBe(round);
    expect(verifyReviewPaper(practice, forge(officer))).toBe(round);
  });

  test("no longer holds by itself once its device has been ended, since the device may be in other hands", async () => {
    const { device } = officer.context.device.owner;
    await giveOrder(founder.context, "device.end", { device });
    await therapist.context.practice.sync(therapist.context.services);
    expect(() => verifyReviewPaper(therapist.practice, paper)).toThrow(failed);
  });
});
