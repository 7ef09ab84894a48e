import type { DeviceId, FileId, MemberId, TeamId } from "../brand.ts";
import { LIMITS } from "../limits.ts";
import { LOG_KINDS, OUTCOMES, PURPOSES, logEntryShape, releaseRequestShape } from "../release.ts";
import {
  bool,
  code,
  fixedBytes,
  hash,
  id,
  list,
  maxBytes,
  nullable,
  record,
  text,
  uint,
} from "../shape.ts";
import { CHAIN_ROUTES, LINKS_PER_ANSWER, acceptedShape } from "./chainRoutes.ts";
import { INVITATION_ROUTES } from "./invitationRoutes.ts";
import { empty, LARGE_BODY, route, TINY_BODY } from "./route.ts";
import { TOP_UP_ROUTES } from "./topUpRoutes.ts";

const signed = maxBytes(LIMITS.statementBytes);
const seq = uint(LIMITS.chainLength);
/** A genesis has two keys of 1216 bytes, some of 32, and numbers. It is read before its signature is checked. */
const GENESIS_BYTES = 15 * 1024;
const SIGNED_BODY = LIMITS.statementBytes + 64 * 1024;
const mailbox = fixedBytes(16);
const token = fixedBytes(32);
/** The gate's at-rest ciphertext of a gate half, for the vault to keep. */
export const sealedShareShape = record({ file: id<FileId>(), epoch: seq, sealed: maxBytes(256) });

const pendingOrder = record({
  order: signed,
  hash,
  approvals: list(signed, { max: LIMITS.approvals }),
  /** Unix seconds from which the order may be sequenced without a second person; null: it waits for the person. */
  dueAt: nullable(uint()),
});

/** Why an approval of openings was given. */
export const APPROVAL_REASONS = [
  "leave",
  "handover",
  "import",
  "export",
  "audit",
  "response",
  "recovery",
  "patient-request",
] as const;

/** A second person's consent to openings beyond the budget, to cold files, or to a grant that needs approval each time. */
export const openingApprovalShape = record({
  subject: id<MemberId>(),
  scope: code(["care", "identity", "files", "all"]),
  files: list(id<FileId>(), { max: LIMITS.itemsPerBatch }),
  count: uint(100_000),
  /** Unix seconds, gate time. */
  until: uint(),
  reason: code(APPROVAL_REASONS),
});

const logRow = record({
  index: uint(),
  at: uint(),
  kind: code(LOG_KINDS),
  member: nullable(id<MemberId>()),
  device: nullable(id<DeviceId>()),
  nonce: maxBytes(32),
  purpose: nullable(code(PURPOSES)),
  file: nullable(id<FileId>()),
  epoch: seq,
  outcome: nullable(code(OUTCOMES)),
});

/** Statements of one chain, and members who used a file, in one answer at most. */
const REVIEW_LINKS = 10_000;

/** The gate's routes. */
export const GATE_ROUTES = {
  ...CHAIN_ROUTES,
  ...INVITATION_ROUTES,
  ...TOP_UP_ROUTES,
  /** Creates a practice; spends the installation code. Signed by the founder's request key in the genesis. */
  practiceCreate: route("/v1/practice/create", {
    request: record({ genesis: maxBytes(GENESIS_BYTES), code: text() }),
    answer: record({ acceptance: signed }),
    maxBytes: GENESIS_BYTES + TINY_BODY,
  }),
  /**
   * Sequences statements of the practice chain that follow one another, all or none. The same again get their acceptance again.
   * A freeze, a thaw and what a kit signs come alone.
   */
  practiceSubmit: route("/v1/practice/submit", {
    request: record({ statements: list(signed, { min: 1, max: LINKS_PER_ANSWER }) }),
    answer: record({ acceptance: signed }),
    maxBytes: SIGNED_BODY,
  }),
  /** Lays an order down until its second person, its wait, or its cancellation. */
  orderPropose: route("/v1/order/propose", {
    request: record({ order: signed }),
    answer: record({ hash, dueAt: nullable(uint()) }),
    maxBytes: SIGNED_BODY,
  }),
  orderPending: route("/v1/order/pending", {
    request: record({}),
    answer: record({ orders: list(pendingOrder, { max: LIMITS.itemsPerBatch }) }),
  }),
  orderApprove: route("/v1/order/approve", {
    request: record({ approval: signed }),
    answer: empty,
    maxBytes: SIGNED_BODY,
  }),
  orderCancel: route("/v1/order/cancel", {
    request: record({ cancellation: signed }),
    answer: empty,
    maxBytes: SIGNED_BODY,
  }),
  /** Sequences statements of access chains, one transaction for all; a create or rekey brings its gate half. */
  accessSubmit: route("/v1/access/submit", {
    request: record({
      items: list(record({ statement: signed, share: nullable(fixedBytes(32)) }), {
        min: 1,
        max: LIMITS.itemsPerBatch,
      }),
    }),
    answer: record({
      acceptance: signed,
      shares: list(sealedShareShape, { max: LIMITS.itemsPerBatch }),
    }),
    maxBytes: LARGE_BODY,
  }),
  /** The accepted statements of one access chain with their shares at rest, to hand to a vault that is behind. */
  accessRead: route("/v1/access/read", {
    request: record({ file: id<FileId>(), from: seq }),
    answer: record({
      links: list(acceptedShape, { max: LIMITS.itemsPerBatch }),
      shares: list(sealedShareShape, { max: LIMITS.itemsPerBatch }),
      more: bool,
    }),
  }),
  /**
   * The access chains of files on which grants stand, page by page, each with when whom it was released to last: what a
   * privacy officer reviews. `subject`: the files of one member or team alone; `files`: these alone; `endsBy`: those alone
   * on which a grant ends on the Monday of this week or before; `unheld`: those alone that nobody who is there may hand on.
   */
  reviewRead: route("/v1/review/read", {
    request: record({
      subject: nullable(id<MemberId | TeamId>()),
      files: nullable(list(id<FileId>(), { min: 1, max: LIMITS.itemsPerBatch })),
      endsBy: nullable(seq),
      unheld: bool,
      after: nullable(id<FileId>()),
    }),
    answer: record({
      files: list(
        record({
          file: id<FileId>(),
          links: list(signed, { min: 1, max: REVIEW_LINKS }),
          canary: bool,
          /** Unix seconds. */
          createdAt: uint(),
          uses: list(
            record({
              member: id<MemberId>(),
              at: uint(),
              /** Whether one in the last 90 days passed in a crisis or by a consent, past a budget. */
              isExempt: bool,
            }),
            { max: REVIEW_LINKS },
          ),
        }),
        { max: LIMITS.itemsPerBatch },
      ),
      /** The file after which the next page begins; null: this was the last. */
      next: nullable(id<FileId>()),
    }),
  }),
  /** Releases gate halves: budget, log line and commit come before the answer. */
  release: route("/v1/release", {
    request: releaseRequestShape,
    answer: record({ sealed: maxBytes(LIMITS.messageBytes), receipt: signed }),
    maxBytes: LIMITS.statementBytes,
  }),
  /** Lines of the log: of one file that the member holds, of the own device, or (privacy officer) of the practice. */
  logRead: route("/v1/log/read", {
    request: record({
      scope: code(["file", "device", "practice"]),
      file: nullable(id<FileId>()),
      from: uint(),
      limit: uint(1000),
    }),
    answer: record({
      rows: list(logRow, { max: 1000 * 4 }),
      next: nullable(uint()),
      head: nullable(record({ index: uint(), hash })),
    }),
  }),
  /** Whole lines as hashed, for whoever checks the chain (privacy officer). */
  logChain: route("/v1/log/chain", {
    request: record({ from: uint(), limit: uint(1000) }),
    answer: record({ entries: list(logEntryShape, { max: 1000 }) }),
  }),
  /** Another person's consent to openings; kept in the gate's log. */
  openingApprove: route("/v1/opening/approve", { request: openingApprovalShape, answer: empty }),
  /** What the member has spent, and the limits. */
  budgetRead: route("/v1/budget/read", {
    request: record({}),
    answer: record({
      classes: list(
        record({
          class: code(["care", "identity"]),
          horizons: list(
            record({ horizon: code(["tenMinutes", "day", "month"]), spent: uint(), limit: uint() }),
            { max: 3 },
          ),
        }),
        { max: 2 },
      ),
      /** Consents of others to openings of this member that are live now. */
      approvals: list(
        record({
          scope: code(["care", "identity", "files", "all"]),
          /** Openings beyond what is allowed anyway that it still covers. */
          left: uint(),
          until: uint(),
          reason: code(APPROVAL_REASONS),
        }),
        { max: LIMITS.itemsPerBatch },
      ),
    }),
  }),
  /** Marks a live grant's file as a canary (privacy officer). */
  canarySet: route("/v1/canary/set", {
    request: record({ file: id<FileId>(), on: bool }),
    answer: empty,
  }),
  /** Second tokens of a lookup: `find` is metered per day, `index` belongs to a file that the member writes. */
  lookup: route("/v1/lookup", {
    request: record({
      file: nullable(id<FileId>()),
      tokens: list(token, { min: 1, max: LIMITS.itemsPerBatch }),
    }),
    answer: record({ tokens: list(token, { max: LIMITS.itemsPerBatch }) }),
  }),
  /** The mailboxes of device ceremonies; unsigned, small, short-lived. */
  rendezvousPut: route("/v1/rendezvous/put", {
    request: record({
      mailbox,
      side: code(["request", "answer"]),
      blob: maxBytes(LIMITS.rendezvousBytes),
    }),
    answer: empty,
    maxBytes: LIMITS.rendezvousBytes + TINY_BODY,
  }),
  rendezvousGet: route("/v1/rendezvous/get", {
    request: record({ mailbox, side: code(["request", "answer"]) }),
    answer: record({ blob: nullable(maxBytes(LIMITS.rendezvousBytes)) }),
    maxBytes: TINY_BODY,
  }),
  /** An administrator confirms a clock jump, after which releases go on. */
  clockConfirm: route("/v1/clock/confirm", { request: record({}), answer: empty }),
} as const;
