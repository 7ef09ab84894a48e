import { LIMITS } from "../limits.ts";
import type { FileId, RestoreId } from "../brand.ts";
import { lostHeadsShape } from "../resumeOrder.ts";
import { bool, id, list, maxBytes, nullable, record, uint } from "../shape.ts";
import { HINT_ROUTES } from "./hint.ts";
import { POSTURE_ROUTES } from "./postureRoutes.ts";
import { empty, LARGE_BODY, route } from "./route.ts";
import { seenShape } from "../order.ts";

const signed = maxBytes(LIMITS.statementBytes);
const seq = uint(LIMITS.chainLength);

/** A statement with the gate's acceptance. */
export const acceptedShape = record({ statement: signed, acceptance: signed });

/** Links of the practice chain that one answer carries at most. */
export const LINKS_PER_ANSWER = 64;

/** Heads of record chains that one answer carries at most. */
export const HEADS_PER_ANSWER = 1000;

/** Routes that all three services have. */
export const CHAIN_ROUTES = {
  ...HINT_ROUTES,
  ...POSTURE_ROUTES,
  /** The practice chain from `from` on. */
  practiceRead: route("/v1/practice/read", {
    request: record({ from: seq }),
    answer: record({ links: list(acceptedShape, { max: LINKS_PER_ANSWER }), more: bool }),
  }),
  /** A stop order, effective on arrival. */
  stop: route("/v1/stop", {
    request: record({ order: signed }),
    answer: empty,
    maxBytes: LIMITS.statementBytes + 1024,
  }),
  /**
   * The stops that this service obeys and no chain carries yet: all of the practice, and revocations of files that the caller
   * may read or, as privacy officer or administrator, looks after. Whoever sees one can put it into its chain.
   */
  stopsRead: route("/v1/stop/read", {
    request: record({}),
    answer: record({
      orders: list(signed, { max: LIMITS.itemsPerBatch }),
      /** The run that restored this service; null: it works, or two of the staff have resumed it. */
      restore: nullable(id<RestoreId>()),
    }),
  }),
  /** Heads, for somebody who wants to know who is behind. */
  status: route("/v1/status", {
    request: record({}),
    answer: record({
      practice: seenShape,
      frozen: bool,
      week: seq,
      restore: nullable(id<RestoreId>()),
    }),
  }),
  /**
   * The heads of record chains by file: at a vault those that it holds, at the gate the highest that any reader reported. For
   * whoever compares them after a restore (privacy officer, administrator).
   */
  recordHeads: route("/v1/record/heads", {
    request: record({ after: nullable(id<FileId>()) }),
    answer: record({
      files: list(record({ file: id<FileId>(), record: seenShape }), { max: HEADS_PER_ANSWER }),
      more: bool,
    }),
  }),
  /** Ends the stillness of a restored service by an order of two; the gate lowers the heads that the order gives up. */
  resume: route("/v1/resume", {
    request: record({
      order: signed,
      approvals: list(maxBytes(LIMITS.cellBytes), { max: LIMITS.approvals }),
      lost: lostHeadsShape,
    }),
    answer: empty,
    maxBytes: LARGE_BODY,
  }),
} as const;

/** Hands a contiguous run of the practice chain to a vault; what it holds already is passed over by hash. */
export const practiceTake = route("/v1/practice/take", {
  request: record({ links: list(acceptedShape, { min: 1, max: LIMITS.itemsPerBatch }) }),
  answer: record({ head: seenShape }),
  maxBytes: LARGE_BODY,
});
