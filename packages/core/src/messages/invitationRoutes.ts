import { LIMITS } from "../limits.ts";
import { bool, fixedBytes, list, maxBytes, nullable, record, uint } from "../shape.ts";
import { LARGE_BODY, TINY_BODY, empty, route } from "./route.ts";

const mailbox = fixedBytes(16);
const sealed = maxBytes(LIMITS.invitationBytes);

/** The gate's routes for slips: an administrator lays offers down, whoever holds a slip answers one, once. */
export const INVITATION_ROUTES = {
  /** Lays offers down for as long as their slips are good; an offer that lies there stays (administrator). */
  invitationPut: route("/v1/invitation/put", {
    request: record({
      /** `until` in unix seconds. */
      items: list(record({ mailbox, offer: sealed, until: uint() }), {
        min: 1,
        max: LIMITS.itemsPerBatch,
      }),
    }),
    answer: empty,
    maxBytes: LARGE_BODY,
  }),
  /** The open invitations with what answered them, by mailbox (administrator). */
  invitationList: route("/v1/invitation/list", {
    request: record({ after: nullable(mailbox) }),
    answer: record({
      invitations: list(record({ mailbox, answer: nullable(sealed), until: uint() }), {
        max: LIMITS.itemsPerBatch,
      }),
      more: bool,
    }),
  }),
  /** Takes invitations back, or away once they have led to a member (administrator). */
  invitationDrop: route("/v1/invitation/drop", {
    request: record({ mailboxes: list(mailbox, { min: 1, max: LIMITS.itemsPerBatch }) }),
    answer: empty,
  }),
  /** What lies under a slip; unsigned. Null: no such slip is good. */
  invitationGet: route("/v1/invitation/get", {
    request: record({ mailbox }),
    answer: record({ offer: nullable(sealed), isAnswered: bool }),
    maxBytes: TINY_BODY,
  }),
  /** Answers a slip, once; the same answer again is no second one. Unsigned. */
  invitationAnswer: route("/v1/invitation/answer", {
    request: record({ mailbox, answer: sealed }),
    answer: empty,
    maxBytes: LIMITS.invitationBytes + TINY_BODY,
  }),
} as const;
