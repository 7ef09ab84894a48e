import {
  CoreError,
  GATE_ROUTES,
  LIMITS,
  bytesToHex,
  decodeShape,
  encodeShape,
  generateNonce,
  practiceHead,
  shapes,
  verifyReceipt,
  type FileId,
  type Place,
  type Purpose,
  type ReleaseAnswer,
  type ReleasedItem,
  type Shaped,
} from "@sinetti/core";
import { generateKemKey, openReleaseAnswer } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { hardStop } from "./errors.ts";

const ASKED = "asked/";
/** What this device asked of the gate, kept until the log is reconciled and a while longer. */
export const askedShape = shapes.record({
  time: shapes.uint(),
  files: shapes.uint(LIMITS.itemsPerBatch),
  /** The line of the gate's log that its receipt names; left out until the receipt is here, and once it was missed. */
  line: shapes.optional(shapes.uint()),
});

/** What this device remembers of one request. */
export type Asked = Shaped<typeof askedShape>;

/** One file to release. */
export interface ReleaseItem {
  readonly file: FileId;
  readonly epoch: number;
  readonly record: Place | null;
}

/** Name of the cell that remembers a request by its nonce. */
export function askedCell(nonce: Uint8Array): string {
  return `${ASKED}${bytesToHex(nonce)}`;
}

/** Names of all remembered requests begin with this. */
export const ASKED_PREFIX = ASKED;

/** Remembers a request of no file, before it is sent: its line of the log is this device's own. */
export async function rememberAsked({ device, world }: Context, nonce: Uint8Array): Promise<void> {
  const asked = { time: Math.floor(world.clock.now()), files: 0 };
  await device.write([device.seal(askedCell(nonce), encodeShape(askedShape, asked))]);
}

/**
 * Asks the gate to release up to 256 files in one request, remembers that it asked, and checks receipt and answer.
 * Hard stops: a receipt that does not verify, an answer for another request, a gate that is behind what it ordered before.
 */
export async function requestRelease(
  context: Context,
  items: readonly ReleaseItem[],
  purpose: Purpose,
): Promise<ReleaseAnswer> {
  const { device, services, practice, world } = context;
  const ephemeral = generateKemKey();
  const nonce = generateNonce();
  const asked = { time: Math.floor(world.clock.now()), files: items.length };
  await device.write([device.seal(askedCell(nonce), encodeShape(askedShape, asked))]);
  const body = {
    purpose,
    items: [...items],
    ephemeral: ephemeral.publicKey,
    seen: practiceHead(practice.state),
  };
  const { answer, request } = await services.call("gate", GATE_ROUTES.release, body, nonce);
  try {
    const receipt = verifyReceipt(answer.receipt, practice.state.services.gate, {
      practice: practice.state.practice,
      request,
    });
    const line = { ...asked, line: receipt.index };
    // That it was asked is on the disk since before; without the line the log is only less strictly compared.
    await device.write([device.seal(askedCell(nonce), encodeShape(askedShape, line))], {
      isSyncedLater: true,
    });
    await checkGateHead(context, receipt.seen);
    const released = openReleaseAnswer(ephemeral, request, answer.sealed);
    checkItems(items, released.items);
    return released;
  } catch (error) {
    throw error instanceof CoreError ? hardStop(`gate: ${error.code}`, error) : error;
  }
}

async function checkGateHead({ practice, services }: Context, seen: Place): Promise<void> {
  const own = practiceHead(practice.state);
  if (seen.seq < own.seq) throw hardStop("the gate is behind what it has ordered");
  if (seen.seq > own.seq) await practice.sync(services);
  if (practice.state.heads[seen.seq] !== seen.hash)
    throw hardStop("the gate names another practice chain");
}

function checkItems(asked: readonly ReleaseItem[], released: readonly ReleasedItem[]): void {
  const isSame =
    asked.length === released.length &&
    asked.every(({ file }, index) => released[index]?.file === file);
  if (!isSame) throw hardStop("the gate answered for other files");
}

/** The remembered request of a nonce; null: this device did not ask. */
export async function readAsked(context: Context, nonce: Uint8Array): Promise<Asked | null> {
  const cell = await context.device.read(askedCell(nonce));
  return cell === null ? null : decodeShape(askedShape, cell);
}
