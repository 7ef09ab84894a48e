import { LIMITS } from "../limits.ts";
import { bool, list, maxBytes, record, uint } from "../shape.ts";
import { empty, LARGE_BODY, route } from "./route.ts";
import { seenShape } from "../order.ts";

const signed = maxBytes(LIMITS.statementBytes);
const seq = uint(LIMITS.chainLength);

/** A statement with the gate's acceptance. */
export const acceptedShape = record({ statement: signed, acceptance: signed });

/** Links of the practice chain that one answer carries at most. */
export const LINKS_PER_ANSWER = 64;

/** Routes that all three services have. */
export const CHAIN_ROUTES = {
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
    answer: record({ orders: list(signed, { max: LIMITS.itemsPerBatch }) }),
  }),
  /** Heads, for somebody who wants to know who is behind. */
  status: route("/v1/status", {
    request: record({}),
    answer: record({ practice: seenShape, frozen: bool, week: seq }),
  }),
} as const;

/** Hands a contiguous run of the practice chain to a vault; what it holds already is passed over by hash. */
export const practiceTake = route("/v1/practice/take", {
  request: record({ links: list(acceptedShape, { min: 1, max: LIMITS.itemsPerBatch }) }),
  answer: record({ head: seenShape }),
  maxBytes: LARGE_BODY,
});
