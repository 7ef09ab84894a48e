import { GATE_ROUTES, bytesToHex, encodeShape, hexToBytes, type LogEntry } from "@sinetti/core";
import type { Context } from "./context.ts";
import { ASKED_PREFIX, askedShape, readAsked, type Asked } from "./release.ts";
import type { Change } from "./world.ts";

const CELL = "reconciled";
const KEEP_SECONDS = 40 * 86_400;
const PAGE = 500;

/** What the gate's log says that this device asked for, against what it did ask. */
export interface Reconciled {
  readonly checked: number;
  /** Log lines of this device that it never asked for: an alarm. */
  readonly unknown: readonly number[];
  /** Lines that the gate's receipts named to this device and that are gone or moved: an alarm, unless the gate was restored. */
  readonly missing: readonly number[];
}

/** Lines that only a request of this device's writes, and that let something out or let more out. */
const OWN_KINDS: ReadonlySet<LogEntry["kind"]> = new Set([
  "release",
  "machine",
  "passkey",
  "top-up",
] as const);

/** Lines of this device's requests by nonce, as the gate's log shows them from a line on, and where the log ends. */
interface OwnLines {
  readonly lines: ReadonlyMap<string, { readonly nonce: Uint8Array; readonly index: number }>;
  readonly end: number;
}

async function readOwnLines(context: Context, start: number): Promise<OwnLines> {
  const lines = new Map<string, { nonce: Uint8Array; index: number }>();
  for (let from = start; ;) {
    const { answer } = await context.services.call("gate", GATE_ROUTES.logRead, {
      scope: "device",
      file: null,
      from,
      limit: PAGE,
    });
    for (const { kind, nonce, index } of answer.rows)
      if (OWN_KINDS.has(kind)) lines.set(`${bytesToHex(nonce)} ${index}`, { nonce, index });
    if (answer.next === null)
      return { lines, end: answer.head === null ? 0 : answer.head.index + 1 };
    from = answer.next;
  }
}

interface Remembered {
  readonly name: string;
  readonly nonce: string;
  readonly asked: Asked;
}

async function readRemembered(context: Context): Promise<Remembered[]> {
  const remembered: Remembered[] = [];
  for (const name of await context.device.list(ASKED_PREFIX)) {
    const nonce = name.slice(ASKED_PREFIX.length);
    const asked = await readAsked(context, hexToBytes(nonce));
    if (asked !== null) remembered.push({ name, nonce, asked });
  }
  return remembered;
}

/**
 * Compares the log with what this device remembers: a line that it did not ask for is an alarm, and so is a line that a
 * receipt of the gate named and that is not there any more. Each is told once. Remembers older than 40 days are dropped.
 */
export async function reconcile(context: Context): Promise<Reconciled> {
  const cell = await context.device.read(CELL);
  const from = cell === null ? 0 : Number(new TextDecoder().decode(cell));
  const remembered = await readRemembered(context);
  const receipts = remembered.flatMap(({ asked }) => asked.line ?? []);
  const { lines, end } = await readOwnLines(
    context,
    receipts.reduce((a, b) => Math.min(a, b), from),
  );
  const nonces = new Set(remembered.map(({ nonce }) => nonce));
  const unknown = new Set<number>();
  // A log that was cut counts again from its new end.
  const news = [...lines.values()].filter(({ index }) => index >= Math.min(from, end));
  for (const { nonce, index } of news) if (!nonces.has(bytesToHex(nonce))) unknown.add(index);
  const missed = remembered.filter(
    ({ nonce, asked }) => asked.line !== undefined && !lines.has(`${nonce} ${asked.line}`),
  );
  await context.device.write([
    context.device.seal(CELL, new TextEncoder().encode(String(end))),
    ...missed.map(({ name, asked: { time, files } }) =>
      context.device.seal(name, encodeShape(askedShape, { time, files })),
    ),
    ...forgetOld(context, remembered),
  ]);
  const missing = missed.flatMap(({ asked }) => asked.line ?? []);
  return { checked: news.length, unknown: [...unknown], missing };
}

function forgetOld(context: Context, remembered: readonly Remembered[]): Change[] {
  const oldest = context.world.clock.now() - KEEP_SECONDS;
  return remembered
    .filter(({ asked }) => asked.time < oldest)
    .map(({ name }) => ({ name, value: null }));
}
