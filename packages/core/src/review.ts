import type { FileId, Hash, MemberId, OrderId, PracticeId } from "./brand.ts";
import { GRANT_REASONS } from "./accessState.ts";
import { COMPARTMENTS } from "./authority.ts";
import { ensure } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { subjectShape } from "./order.ts";
import {
  bool,
  code,
  decodeShape,
  encodeShape,
  id,
  list,
  nullable,
  optional,
  record,
  text,
  uint,
  variant,
  version,
  type Shaped,
} from "./shape.ts";
import { hashLabelled } from "./sign.ts";

const NAME = 300;
const week = uint(LIMITS.chainLength);

/** What speaks against keeping an edge unseen; none: it may be kept together with others. */
export const REVIEW_RISKS = [
  /** Not used for 90 days, or never. */
  "unused",
  /** The file is closed: care has ended. */
  "care-ended",
  /** The subject has left, or no role of theirs may hold it any more. */
  "left",
  /** The rights go beyond what the subject's roles may hold, or an approval alone. */
  "too-wide",
  /** The reviewer's own. */
  "own",
  /** First granted by the reviewer. */
  "own-grant",
  /** The reason that was given justifies no access of this kind. */
  "unjustified",
  /** Longer than the policy allows now. */
  "over-policy",
  /** Past its day. */
  "past-day",
  /** The invented patient's. */
  "canary",
  /** A record opened past a budget, in a crisis or with somebody's consent; a database opened for some hours. */
  "break-glass",
  /** A role of a database that may do more than the declared policy says. */
  "undeclared",
] as const;
/** One reason to look at an edge by itself. */
export type ReviewRisk = (typeof REVIEW_RISKS)[number];
const risks = list(code(REVIEW_RISKS), { max: REVIEW_RISKS.length });

const keyEdgeShape = record({
  file: id<FileId>(),
  compartment: code(COMPARTMENTS),
  subject: subjectShape,
  rights: uint(7),
  term: code(["standing", "approved"]),
  /** The week on whose Monday it ends; 0: it does not. */
  expires: week,
  reason: code(GRANT_REASONS),
  grantor: id<MemberId>(),
  /** Whether nobody else could open the file, or hand it on, without it. */
  isLast: bool,
  /** Unix seconds of the newest opening in the gate's log; null: none. */
  lastUsed: nullable(uint()),
  risks,
});
const databaseEdgeShape = record({
  /** Which database: a name that the operator gave it. */
  database: text(NAME),
  role: text(NAME),
  /** From the role to where the right comes from: memberships, ownership, PUBLIC. */
  path: list(text(NAME), { max: 16 }),
  right: text(NAME),
  object: text(NAME),
  /** Unix seconds at which the role's password ends; null: never. */
  validUntil: nullable(uint()),
  risks,
});
const edgeShape = variant("kind", {
  key: record({ edge: keyEdgeShape }),
  database: record({ edge: databaseEdgeShape }),
});
/** A member's or team's grant on one file, as a round froze it. */
export type KeyEdge = Shaped<typeof keyEdgeShape>;
/** What a role may do in a database, as a round froze it. */
export type DatabaseEdge = Shaped<typeof databaseEdgeShape>;

const snapshotShape = record({
  v: version,
  practice: id<PracticeId>(),
  /** Unix seconds at which the edges were read. */
  at: uint(),
  edges: list(edgeShape, { min: 1, max: LIMITS.reviewEdges }),
});
/** The edges of a round as they stood when it was opened, in the order in which decisions count them. */
export interface ReviewSnapshot {
  readonly v: 1;
  readonly practice: PracticeId;
  readonly at: number;
  readonly edges: readonly ReviewEdge[];
}
/** One edge of a round. */
export type ReviewEdge =
  | { readonly kind: "key"; readonly edge: KeyEdge }
  | { readonly kind: "database"; readonly edge: DatabaseEdge };

/** What may be decided on an edge. */
export const REVIEW_VERDICTS = ["keep", "narrow", "revoke"] as const;
/** Why. */
export const REVIEW_REASONS = [
  "needed",
  "care-ended",
  "role-changed",
  "left",
  "too-wide",
  "unused",
  "mistake",
  "unknown",
] as const;
/** One reason of a decision. */
export type ReviewReason = (typeof REVIEW_REASONS)[number];
const decisionShape = record({
  /** Place of the edge in the snapshot. */
  edge: uint(LIMITS.reviewEdges),
  verdict: code(REVIEW_VERDICTS),
  /** The rights that are left; of a key alone. */
  rights: uint(7),
  /** Keys: the week on whose Monday it ends; databases: unix seconds. 0: it does not end. */
  until: uint(),
  reason: code(REVIEW_REASONS),
  /** Whether it was kept together with others. */
  inBulk: bool,
  /** Seconds that the reviewer took. */
  seconds: uint(1_000_000),
  /** Who decided; absent: whoever opened the round. */
  by: optional(id<MemberId>()),
});
/** One decision of a round. */
export type ReviewDecision = Shaped<typeof decisionShape>;
const decisionsShape = record({
  v: version,
  practice: id<PracticeId>(),
  round: id<OrderId>(),
  decisions: list(decisionShape, { max: LIMITS.reviewEdges }),
});
/** The decisions of a round in the order of their edges, at most one an edge. */
export type ReviewDecisions = Shaped<typeof decisionsShape>;

const RECORD_BYTES = 16 * 1024 * 1024;

/** The bytes of a snapshot. */
export function encodeReviewSnapshot(snapshot: ReviewSnapshot): Uint8Array {
  return encodeShape(snapshotShape, snapshot as unknown as Shaped<typeof snapshotShape>);
}

/** Reads a snapshot. Errors: `malformed`, `too-large`, `not-canonical`, `unknown-version`. */
export function decodeReviewSnapshot(bytes: Uint8Array): ReviewSnapshot {
  return decodeShape(snapshotShape, bytes, RECORD_BYTES);
}

/** SHA-256 of a snapshot: what the statement that opens a round is bound to. */
export function hashReviewSnapshot(bytes: Uint8Array): Hash {
  return hashLabelled(LABELS.reviewSnapshot, bytes);
}

/** The bytes of the decisions of a round. */
export function encodeReviewDecisions(decisions: ReviewDecisions): Uint8Array {
  return encodeShape(decisionsShape, decisions);
}

/** Reads the decisions of a round. Errors: `malformed`, `too-large`, `not-canonical`, `unknown-version`. */
export function decodeReviewDecisions(bytes: Uint8Array): ReviewDecisions {
  const decoded = decodeShape(decisionsShape, bytes, RECORD_BYTES);
  const isAscending = decoded.decisions.every(
    ({ edge }, index, all) => index === 0 || edge > (all[index - 1]?.edge ?? edge),
  );
  ensure(isAscending, "malformed");
  return decoded;
}

/** SHA-256 of the decisions of a round: what the statement that closes it is bound to. */
export function hashReviewDecisions(bytes: Uint8Array): Hash {
  return hashLabelled(LABELS.reviewDecisions, bytes);
}
