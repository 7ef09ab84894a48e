import type {
  DeviceId,
  FileId,
  Hash,
  HoldId,
  MemberId,
  OrderId,
  PracticeId,
  RestoreId,
  SignPublicKey,
  TeamId,
  SiteId,
  AnyId,
} from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { policyShape } from "./policy.ts";
import { bytesToId } from "./brand.ts";
import {
  type Shaped,
  code,
  hash,
  id,
  kemKey,
  list,
  maxBytes,
  nullable,
  optional,
  record,
  signKey,
  uint,
  variant,
  version,
} from "./shape.ts";
import { hashLabelled, readSigned, signShape, verifySigned, type Signed } from "./sign.ts";
import type { Secret } from "./secretValue.ts";
import { randomBytes } from "./suite.ts";

/** What a person of the practice may be; `reviewer` is somebody outside who only approves. */
export const ROLES = ["therapist", "supervisor", "office", "privacy", "admin", "reviewer"] as const;
/** One role. */
export type Role = (typeof ROLES)[number];
/** Kinds of team: the office of a site, the response desk, the stand-ins. */
export const TEAM_KINDS = ["office", "response", "cover"] as const;
/** One kind of team. */
export type TeamKind = (typeof TEAM_KINDS)[number];
/** The three services. */
export const SERVICES = ["who", "what", "gate"] as const;
/** One service. */
export type ServiceName = (typeof SERVICES)[number];

const sealedSeed = maxBytes(LIMITS.cellBytes);
const seal = record({
  member: id<MemberId>(),
  keyVersion: uint(LIMITS.chainLength),
  sealed: sealedSeed,
});
/** The public halves of one device. */
export const deviceShape = record({
  device: id<DeviceId>(),
  statementKey: signKey,
  requestKey: signKey,
});
/** A member as `member.add` and genesis introduce them, with a first device. */
export const memberShape = record({
  member: id<MemberId>(),
  roles: list(code(ROLES), { min: 1, max: ROLES.length }),
  key: kemKey,
  kit: signKey,
  device: deviceShape,
});
/** A member as introduced. */
export type MemberIntroduction = Shaped<typeof memberShape>;

/** Who a grant is for. */
export const subjectShape = record({
  type: code(["member", "team", "recovery", "patient"]),
  id: id<AnyId>(),
});
/** Who a grant is for; the recovery subject has the id of zeros. */
export type Subject = Shaped<typeof subjectShape>;

/** Why a file is erased: its time is over, the patient asked, it was made in error, or a court or authority ordered it. */
export const ERASE_REASONS = ["retention", "request", "error", "order"] as const;
/** One reason of an erasure. */
export type EraseReason = (typeof ERASE_REASONS)[number];

/** What became of the edges of a round. */
export const reviewCounts = {
  kept: uint(LIMITS.reviewEdges),
  narrowed: uint(LIMITS.reviewEdges),
  revoked: uint(LIMITS.reviewEdges),
  left: uint(LIMITS.reviewEdges),
} as const;

/** The bodies of the orders, by kind. */
export const orderBodies = {
  "member.add": memberShape,
  "member.role": record({
    member: id<MemberId>(),
    roles: list(code(ROLES), { min: 1, max: ROLES.length }),
  }),
  "member.rekey": record({
    member: id<MemberId>(),
    version: uint(LIMITS.chainLength),
    key: kemKey,
    prior: sealedSeed,
    /** The key of the new kit: the blob that the old one opens holds no seed of this version. */
    kit: signKey,
  }),
  "member.end": record({ member: id<MemberId>() }),
  "device.add": record({ member: id<MemberId>(), device: deviceShape }),
  "device.end": record({ device: id<DeviceId>() }),
  "team.open": record({
    team: id<TeamId>(),
    kind: code(TEAM_KINDS),
    site: nullable(id<SiteId>()),
    key: kemKey,
    seals: list(seal, { max: LIMITS.sealsPerStatement }),
  }),
  "team.add": record({ team: id<TeamId>(), version: uint(LIMITS.chainLength), seal }),
  "team.remove": record({ team: id<TeamId>(), member: id<MemberId>() }),
  "team.rekey": record({
    team: id<TeamId>(),
    version: uint(LIMITS.chainLength),
    key: kemKey,
    seals: list(seal, { max: LIMITS.sealsPerStatement }),
    prior: sealedSeed,
  }),
  policy: record({ policy: policyShape }),
  freeze: record({ member: nullable(id<MemberId>()) }),
  thaw: record({ freeze: id<OrderId>() }),
  /** Stands in no chain: presented to the services that a restore brought back. `lost`: `hashLostHeads`; null: nothing is. */
  resume: record({ restore: id<RestoreId>(), lost: nullable(hash) }),
  recover: memberShape,
  "recovery.rotate": record({
    kem: kemKey,
    sign: signKey,
    version: uint(LIMITS.chainLength),
    prior: sealedSeed,
  }),
  "service.rotate": record({ service: code(SERVICES), key: signKey }),
  revoke: record({ file: id<FileId>(), subject: subjectShape }),
  erase: record({ file: id<FileId>(), reason: code(ERASE_REASONS) }),
  unhold: record({ file: id<FileId>(), hold: id<HoldId>() }),
  /** Opens a round of review over what stood then; the id of the order names the round. `snapshot`: `hashReviewSnapshot`. */
  "review.open": record({ snapshot: hash, edges: uint(LIMITS.reviewEdges) }),
  /** Closes a round. `decisions`: `hashReviewDecisions`; `left`: edges that nobody decided on, which lapse. */
  "review.close": record({ round: id<OrderId>(), decisions: hash, ...reviewCounts }),
  /**
   * The declared policy by which a service's database is judged. `policy`: SHA-256 of the file's bytes, as `sha256sum` gives it;
   * `replaces`: that of the one that is approved; null: none is.
   */
  "posture.policy": record({ database: code(SERVICES), policy: hash, replaces: nullable(hash) }),
} as const;
/** The kinds of order. */
export type OrderKind = keyof typeof orderBodies;
/** The body of one kind of order. */
export type OrderBody<K extends OrderKind> = Shaped<(typeof orderBodies)[K]>;
/**
 * Orders that each service which gets one obeys on arrival, before they are sequenced (3-protocol §3): a revocation the gate and
 * the file's own vault, since the other vault must not learn of the file; the others all three.
 */
export const STOP_KINDS = [
  "freeze",
  "revoke",
  "member.end",
  "device.end",
] as const satisfies readonly OrderKind[];

/** Who signs an order: a device, a member's recovery kit, the practice recovery key, or the paper code. */
export const authorShape = record({
  by: code(["device", "kit", "recovery", "code"]),
  id: id<DeviceId | MemberId | PracticeId>(),
});
/** Who signs an order or an approval. */
export type Author = Shaped<typeof authorShape>;
/** A place of the practice chain that the author had seen. */
export const seenShape = record({ seq: uint(LIMITS.chainLength), hash });
/** A place of a chain. */
export type Place = Shaped<typeof seenShape>;

type TaggedBodies = {
  [K in OrderKind]: { kind: K; body: Shaped<(typeof orderBodies)[K]> };
}[OrderKind];
/** A standalone signed order. */
export type Order = {
  v: 1;
  practice: PracticeId;
  id: OrderId;
  author: Author;
  seen: Place;
} & TaggedBodies;

const wrapBody = <K extends OrderKind>(kind: K) => record({ body: orderBodies[kind] });
const actShape = variant(
  "kind",
  Object.fromEntries(
    (Object.keys(orderBodies) as OrderKind[]).map((kind) => [kind, wrapBody(kind)]),
  ),
);
const orderShape = record({
  v: version,
  practice: id<PracticeId>(),
  id: id<OrderId>(),
  author: authorShape,
  seen: seenShape,
  act: actShape,
});

/** Signs an order with a fresh id. */
export function signOrder<K extends OrderKind>(
  content: {
    practice: PracticeId;
    author: Author;
    seen: Place;
    kind: K;
    body: OrderBody<K>;
  },
  key: Secret<"sign">,
): Signed {
  const { kind, body, ...head } = content;
  const value = {
    v: 1 as const,
    id: bytesToId<OrderId>(randomBytes(16)),
    ...head,
    act: { kind, body },
  };
  return signShape(LABELS.order, key, { shape: orderShape, value });
}

/** The order inside, before its signature is checked. Errors as `readSigned`. */
export function readOrder(signed: Signed): Order {
  const { act, ...head } = readSigned(orderShape, signed);
  return { ...head, ...act } as unknown as Order;
}

/** Checks the signature of an order. Error: `bad-signature`. */
export function verifyOrder(signed: Signed, key: SignPublicKey): void {
  verifySigned(LABELS.order, key, signed);
}

/** SHA-256 of a signed order: what approvals are bound to. */
export function hashOrder(signed: Signed): Hash {
  return hashLabelled(LABELS.orderHash, signed);
}

const approvalShape = record({
  v: version,
  practice: id<PracticeId>(),
  order: hash,
  author: authorShape,
  /** The week on whose Monday the approval ends. */
  until: uint(LIMITS.chainLength),
  reason: optional(code(["routine", "leave", "handover", "incident", "recovery"])),
});
/** A second person's consent to one exact order. */
export type Approval = Shaped<typeof approvalShape>;

/** Signs an approval. */
export function signApproval(content: Omit<Approval, "v">, key: Secret<"sign">): Signed {
  return signShape(LABELS.approval, key, { shape: approvalShape, value: { v: 1, ...content } });
}

/** The approval inside, before its signature is checked. */
export function readApproval(signed: Signed): Approval {
  return readSigned(approvalShape, signed);
}

/** Checks that an approval is for this order, not over at `week`, and signed by `key`. */
export function verifyApproval(
  signed: Signed,
  key: SignPublicKey,
  { order, week }: { order: Hash; week: number },
): void {
  const approval = readApproval(signed);
  ensure(approval.order === order && week < approval.until, "second-person-missing");
  verifySigned(LABELS.approval, key, signed);
}

const cancellationShape = record({
  v: version,
  practice: id<PracticeId>(),
  order: hash,
  author: authorShape,
});
/** The withdrawal of a pending order. */
export type Cancellation = Shaped<typeof cancellationShape>;

/** Signs a cancellation. */
export function signCancellation(content: Omit<Cancellation, "v">, key: Secret<"sign">): Signed {
  return signShape(LABELS.cancellation, key, {
    shape: cancellationShape,
    value: { v: 1, ...content },
  });
}

/** The cancellation inside, before its signature is checked. */
export function readCancellation(signed: Signed): Cancellation {
  return readSigned(cancellationShape, signed);
}

/** Checks the signature of a cancellation. Error: `bad-signature`. */
export function verifyCancellation(signed: Signed, key: SignPublicKey): void {
  verifySigned(LABELS.cancellation, key, signed);
}
