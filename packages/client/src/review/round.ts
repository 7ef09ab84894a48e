import {
  decodeReviewDecisions,
  decodeReviewSnapshot,
  encodeReviewDecisions,
  encodeReviewSnapshot,
  hashReviewDecisions,
  hashReviewSnapshot,
  readOrder,
  reviewOf,
  type DatabaseEdge,
  type Hash,
  type KeyEdge,
  type MemberId,
  type OrderId,
  type PracticeState,
  type ReviewDecision,
  type ReviewEdge,
  type ReviewSnapshot,
  type ReviewState,
} from "@sinetti/core";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { ClientError } from "../errors.ts";
import { signOwnOrder, submitOrder } from "../giveOrder.ts";
import { isOver } from "../lastHolder.ts";
import { readReviewed, type ReviewScope } from "./chains.ts";
import { edgeFor, edgesOf, lookingOf } from "./edges.ts";
import { lapseLeft } from "./lapseEdges.ts";
import { addNew, readShared, shareDecisions, shareRound, type SharedRound } from "./roundFile.ts";

/** A round: what was frozen when it was opened, and what was decided since. */
export interface ReviewRound {
  readonly round: OrderId;
  readonly state: ReviewState;
  readonly snapshot: ReviewSnapshot;
  readonly decisions: readonly ReviewDecision[];
}

/** A round as one officer goes through it. */
export interface OwnRound extends ReviewRound {
  /** The accesses of the snapshot, each with what speaks against it for whoever looks: whose own it is depends on that. */
  readonly edges: readonly ReviewEdge[];
}

/** The document of a round: what its statements in the practice chain are bound to. */
export interface ReviewRecord {
  readonly round: OrderId;
  readonly snapshot: Uint8Array;
  readonly decisions: Uint8Array;
}

/** A round as the practice chain has it. */
export interface RoundRow {
  readonly round: OrderId;
  readonly by: MemberId;
  readonly edges: number;
  /** The week in which it was opened. */
  readonly week: number;
  readonly snapshot: Hash;
  readonly closed: ReviewState["closed"];
}

const snapshotCell = (round: OrderId): string => `review/${round}/snapshot`;
const decisionsCell = (round: OrderId): string => `review/${round}/decisions`;

/** Which accesses a round looks at. */
export interface RoundWish {
  readonly scope: Exclude<ReviewScope, { by: "files" | "unheld" }>;
  /** What roles may do in the databases, as the operator's host read it. */
  readonly databases?: readonly DatabaseEdge[];
  readonly onProgress?: (files: number) => void;
}

/**
 * Opens a round: freezes the accesses of the scope as they stand, and signs their hash into the practice chain. For a
 * privacy officer. Error: `input-rejected` where there is nothing to review.
 */
export async function openRound(client: Client, wish: RoundWish): Promise<OwnRound> {
  const { context } = client;
  const keys = await readEdges(context, wish);
  const databases = wish.databases ?? [];
  const edges: ReviewEdge[] = [
    ...keys.map((edge) => ({ kind: "key" as const, edge })),
    ...databases.map((edge) => ({ kind: "database" as const, edge })),
  ];
  if (edges.length === 0)
    throw new ClientError("input-rejected", { detail: "review: there is nothing to review" });
  const at = Math.floor(context.world.clock.now());
  const snapshot: ReviewSnapshot = { v: 1, practice: client.practice.practice, at, edges };
  const bytes = encodeReviewSnapshot(snapshot);
  const body = { snapshot: hashReviewSnapshot(bytes), edges: edges.length };
  const order = signOwnOrder(context, "review.open", body);
  const { id } = readOrder(order);
  // Kept and shared first: a round whose snapshot nobody holds could only be left.
  await context.device.write([context.device.seal(snapshotCell(id), bytes)]);
  await shareRound(context, { round: id, snapshot: bytes });
  await submitOrder(context, { order, approvals: [] });
  return readRound(client, id);
}

async function readEdges(context: Context, { scope, onProgress }: RoundWish): Promise<KeyEdge[]> {
  const files = await readReviewed(context, scope, onProgress);
  const looking = lookingOf(context);
  const edges = edgesOf(files, looking);
  if (scope.by === "subject") return edges.filter(({ subject }) => subject.id === scope.subject);
  if (scope.by === "ending") return edges.filter((edge) => isOver(edge, scope.endsBy));
  return edges;
}

/**
 * A round, of whichever officer and device, with what all of them have decided. Errors: `unknown-record` for one that this member
 * cannot read, `refused` (changed snapshot) where it is not what the chain says was frozen.
 */
export async function readRound({ context, practice }: Client, round: OrderId): Promise<OwnRound> {
  const state = reviewOf(practice, round);
  if (state === null) throw new ClientError("unknown-record");
  const shared = await readShared(context, round);
  const bytes = (await context.device.read(snapshotCell(round))) ?? shared?.snapshot ?? null;
  if (bytes === null) throw new ClientError("unknown-record");
  if (hashReviewSnapshot(bytes) !== state.snapshot)
    throw new ClientError("refused", { detail: "review: changed snapshot" });
  const snapshot = decodeReviewSnapshot(bytes);
  const kept = await context.device.read(decisionsCell(round));
  const decisions = decisionsOf(state, { kept, shared }).toSorted((a, b) => a.edge - b.edge);
  const looking = lookingOf(context);
  const edges = snapshot.edges.map((each) => edgeFor(each, looking));
  return { round, state, snapshot, decisions, edges };
}

/** Of a closed round those that its closing is bound to; of an open one what all have decided. */
function decisionsOf(
  { closed }: ReviewState,
  { kept, shared }: { kept: Uint8Array | null; shared: SharedRound | null },
): readonly ReviewDecision[] {
  const documents = [...(kept === null ? [] : [kept]), ...(shared?.closings ?? [])];
  const bound = documents.find((document) => hashReviewDecisions(document) === closed?.decisions);
  if (bound !== undefined) return decodeReviewDecisions(bound).decisions;
  const own = kept === null ? [] : decodeReviewDecisions(kept).decisions;
  return addNew(shared?.decisions ?? [], own);
}

/** Keeps further decisions of a round on this device, and shares them with the other officers. */
export async function keepDecisions(
  context: Context,
  round: ReviewRound,
  more: readonly ReviewDecision[],
): Promise<void> {
  if (more.length === 0) return;
  const byEdge = (a: ReviewDecision, b: ReviewDecision): number => a.edge - b.edge;
  await keepHere(context, round.round, [...round.decisions, ...more].sort(byEdge));
  const decisions = more.toSorted(byEdge);
  await shareDecisions(context, round.round, { kind: "decisions", decisions });
}

async function keepHere(
  { device, practice }: Context,
  round: OrderId,
  decisions: readonly ReviewDecision[],
): Promise<void> {
  const bytes = encodeAll(practice.state, round, decisions);
  await device.write([device.seal(decisionsCell(round), bytes)]);
}

function encodeAll(
  { practice }: PracticeState,
  round: OrderId,
  decisions: readonly ReviewDecision[],
): Uint8Array {
  return encodeReviewDecisions({ v: 1, practice, round, decisions: [...decisions] });
}

/**
 * Closes a round: takes away what it leaves past its day and its grace, and signs the hash of its decisions into the practice chain.
 * What is left besides lapses on its day.
 */
export async function closeRound(client: Client, id: OrderId): Promise<ReviewRecord> {
  const { context } = client;
  await context.practice.sync(context.services);
  const round = await readRound(client, id);
  const { decisions, snapshot } = round;
  if (round.state.closed === null) await lapseLeft(context, round);
  const bytes = encodeAll(client.practice, id, decisions);
  // Kept and shared first: nobody could show what a closing is bound to otherwise.
  await keepHere(context, id, decisions);
  await shareDecisions(context, id, { kind: "closing", decisions });
  const count = (verdict: ReviewDecision["verdict"]): number =>
    decisions.filter((decision) => decision.verdict === verdict).length;
  const body = {
    round: id,
    decisions: hashReviewDecisions(bytes),
    kept: count("keep"),
    narrowed: count("narrow"),
    revoked: count("revoke"),
    left: snapshot.edges.length - decisions.length,
  };
  await context.practice.sync(context.services);
  await submitOrder(context, {
    order: signOwnOrder(context, "review.close", body),
    approvals: [],
  });
  return { round: id, snapshot: encodeReviewSnapshot(snapshot), decisions: bytes };
}

/** The document of a closed round. Errors as `readRound`. */
export async function readReviewRecord(client: Client, id: OrderId): Promise<ReviewRecord> {
  const { snapshot, decisions } = await readRound(client, id);
  return {
    round: id,
    snapshot: encodeReviewSnapshot(snapshot),
    decisions: encodeAll(client.practice, id, decisions),
  };
}

/**
 * A closed round from its document, checked against the practice chain: the snapshot is the one that was frozen, the decisions
 * are those that were signed. Error: `verification-failed`.
 */
export function verifyReviewRecord(practice: PracticeState, record: ReviewRecord): ReviewRound {
  const state = reviewOf(practice, record.round);
  const isBound =
    state?.closed !== undefined &&
    state.closed !== null &&
    hashReviewSnapshot(record.snapshot) === state.snapshot &&
    hashReviewDecisions(record.decisions) === state.closed.decisions;
  if (state === null || !isBound)
    throw new ClientError("verification-failed", {
      detail: "review: the practice chain knows no such round",
    });
  const { decisions } = decodeReviewDecisions(record.decisions);
  return { round: record.round, state, snapshot: decodeReviewSnapshot(record.snapshot), decisions };
}

/** The rounds of the practice, the newest first. */
export function listRounds({ reviews = {} }: PracticeState): RoundRow[] {
  return (Object.entries(reviews) as [OrderId, ReviewState][])
    .map(([round, { by, edges, week, snapshot, closed }]) => ({
      round,
      by,
      edges,
      week,
      snapshot,
      closed,
    }))
    .sort((a, b) => b.week - a.week || Number(a.closed !== null) - Number(b.closed !== null));
}
