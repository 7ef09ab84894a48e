import {
  bytesToHex,
  closerOf,
  concatBytes,
  CoreError,
  hexToBytes,
  liveDevice,
  reviewOf,
  verifyDocument,
  type DeviceId,
  type OrderId,
  type PracticeState,
} from "@sinetti/core";
import { signDocument } from "@sinetti/core/secret";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";

/** Readers of PDF look for its end in the last 1,024 bytes, and pass over a comment there. */
const LONGEST_LINE = 1000;
const LINE = /^% sinetti review ([0-9a-f]{32}) ([0-9a-f]{32}) ([0-9a-f]{32}) ((?:[0-9a-f]{2})+)\n$/;

const text = new TextEncoder();

/**
 * The printed record of a round with a last line, a comment to readers of PDF, in which this device signs every byte before its
 * signature. For whoever closed the round. Error: `refused` for anybody else.
 */
export function signReviewPaper(
  { practice, context }: Client,
  round: OrderId,
  paper: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { owner, statement } = context.device;
  const state = reviewOf(practice, round);
  if (state === null || closerOf(state) !== owner.member)
    throw new ClientError("refused", { detail: "review: somebody else’s round" });
  const line = `\n% sinetti review ${practice.practice} ${round} ${owner.device} `;
  const document = concatBytes(paper, text.encode(line));
  const signed = signDocument("reviewPaper", document, statement);
  return new Uint8Array(concatBytes(document, text.encode(`${bytesToHex(signed)}\n`)));
}

/** Whether the last line says that this is the signed paper of a round. */
export function isReviewPaper(bytes: Uint8Array): boolean {
  return lastLine(bytes).startsWith("% sinetti review ");
}

function lastLine(bytes: Uint8Array): string {
  const start = Math.max(bytes.lastIndexOf(0x0a, -2) + 1, bytes.length - LONGEST_LINE);
  return new TextDecoder("latin1").decode(bytes.subarray(start));
}

/**
 * The round whose printed record this is, unchanged since a device of whoever closed it has signed it. Error:
 * `verification-failed`, also where that device has been ended since: then the record file alone proves the round.
 */
export function verifyReviewPaper(practice: PracticeState, paper: Uint8Array): OrderId {
  const [, of, round, device, signed] = LINE.exec(lastLine(paper)) ?? [];
  if (of === undefined || round === undefined || device === undefined || signed === undefined)
    throw failed("the paper is not signed");
  const state = reviewOf(practice, round as OrderId);
  if (of !== practice.practice || state === null || state.closed === null)
    throw failed("the practice chain knows no such round");
  const found = practice.devices[device as DeviceId];
  const wasLive = liveDevice(practice, device as DeviceId, state.closed.seq) !== null;
  if (found === undefined || found.member !== closerOf(state) || !wasLive)
    throw failed("signed by somebody who did not close the round");
  const document = paper.subarray(0, paper.length - signed.length - 1);
  ensureSigned(hexToBytes(signed), { document, key: found.statementKey });
  if (liveDevice(practice, device as DeviceId) === null)
    throw failed("its device has been ended since; the record file alone proves the round");
  return round as OrderId;
}

function ensureSigned(signed: Uint8Array, by: Parameters<typeof verifyDocument>[2]): void {
  try {
    verifyDocument("reviewPaper", signed, by);
  } catch (cause) {
    if (cause instanceof CoreError) throw failed("the paper was changed", cause);
    throw cause;
  }
}

function failed(detail: string, cause?: unknown): ClientError {
  return new ClientError("verification-failed", { detail: `review: ${detail}`, cause });
}
