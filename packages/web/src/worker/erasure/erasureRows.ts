import type { Erasure, WaitingErasure } from "@sinetti/client";
import type { EraseReason, MemberId } from "@sinetti/core";

/**
 * Where an erasure of this device stands: it waits for a second person or for its day, somebody has approved it or its day is over
 * and it can be finished, or nothing is left.
 */
export type ErasureState = "person" | "day" | "ready" | "finished";

/** An erasure that this device proposed. */
export interface OwnErasure {
  readonly request: string;
  /** Null once nothing of the patient is left here, or where a privacy officer erased a record by its id. */
  readonly name: string | null;
  readonly reason: EraseReason;
  readonly records: number;
  readonly state: ErasureState;
  /** Unix seconds from which it may be finished alone; null: that takes a second person. */
  readonly dueAt: number | null;
  /** ISO instant; null: not yet. */
  readonly finished: string | null;
}

/** What somebody else has proposed, as far as a second person may know: nobody is named in it but who asks. */
export interface WaitingRow {
  readonly by: string | null;
  readonly reason: EraseReason;
  /** Beginnings of case ids, of which the number of the erasure is made. */
  readonly parts: readonly string[];
  readonly records: number;
}

/** An erasure of this device, judged by what still lies at the gate. */
export function ownRow(
  { request, patient, reason, files, finished }: Erasure,
  waiting: readonly WaitingErasure[],
  nowSeconds: number,
): OwnErasure {
  const lying = waiting.filter(({ order }) => files.some((each) => each.order === order));
  const dueAt = lying.find((each) => each.dueAt !== null)?.dueAt ?? null;
  const row = { request, name: patient?.name ?? null, reason, records: files.length, finished };
  return { ...row, dueAt, state: stateOf(lying, { finished, nowSeconds }) };
}

function stateOf(
  lying: readonly WaitingErasure[],
  { finished, nowSeconds }: { finished: string | null; nowSeconds: number },
): ErasureState {
  if (finished !== null) return "finished";
  const isOpen = ({ approvals, dueAt }: WaitingErasure): boolean =>
    approvals === 0 && (dueAt === null || dueAt > nowSeconds);
  const open = lying.filter(isOpen);
  if (open.length === 0) return "ready";
  return open.some(({ dueAt }) => dueAt === null) ? "person" : "day";
}

/** What others have proposed, one row for each of them and each reason: no row of a vault joins a patient's records. */
export function waitingRows(
  waiting: readonly WaitingErasure[],
  me: MemberId,
  nameOf: (member: MemberId) => string | null,
): WaitingRow[] {
  const rows = new Map<string, WaitingRow>();
  for (const { by, reason, request } of waiting) {
    if (by === me) continue;
    const key = `${by ?? ""} ${reason}`;
    const { parts = [], records = 0 } = rows.get(key) ?? {};
    const joined = parts.includes(request) ? parts : [...parts, request];
    const name = by === null ? null : nameOf(by);
    rows.set(key, { by: name, reason, parts: joined, records: records + 1 });
  }
  return [...rows.values()];
}

/** How many records wait to be erased that this member asked for on another device: they are finished there. */
export function countElsewhere(
  waiting: readonly WaitingErasure[],
  me: MemberId,
  own: readonly Erasure[],
): number {
  const orders = new Set(own.flatMap(({ files }) => files.map(({ order }) => order)));
  return waiting.filter(({ by, order }) => by === me && !orders.has(order)).length;
}

/** The parts of a number as a person types it: `1F0A22B3 - 77c01d9e`. */
export const partsOf = (typed: string): string[] =>
  typed
    .toLowerCase()
    .split(/[^0-9a-f]+/)
    .filter((part) => part !== "");

/** Whether a typed number names erasures that wait, each of its parts and nothing else. */
export function isWaiting(typed: string, rows: readonly WaitingRow[]): boolean {
  const parts = partsOf(typed);
  return parts.length > 0 && parts.every((part) => rows.some((row) => row.parts.includes(part)));
}
