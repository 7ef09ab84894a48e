import { HOLD_REASONS, grantShape, type AccessState } from "./accessState.ts";
import { COMPARTMENTS } from "./authority.ts";
import {
  ZERO_HASH,
  type CaseId,
  type DeviceId,
  type FileId,
  type HoldId,
  type SiteId,
} from "./brand.ts";
import { ensure } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { seenShape, subjectShape, type Place } from "./order.ts";
import type { Secret } from "./secretValue.ts";
import {
  code,
  fixedBytes,
  hash,
  id,
  list,
  maxBytes,
  nullable,
  record,
  uint,
  type Shaped,
} from "./shape.ts";
import type { Signed } from "./sign.ts";
import { signStatement, type Link } from "./statement.ts";

const order = maxBytes(LIMITS.statementBytes);
const approvals = list(maxBytes(LIMITS.cellBytes), { max: LIMITS.approvals });
/** The bodies of the statements of an access chain, by kind. */
export const accessBodies = {
  create: record({
    seen: seenShape,
    compartment: code(COMPARTMENTS),
    case: nullable(id<CaseId>()),
    site: nullable(id<SiteId>()),
    commit: fixedBytes(32),
    /** Hash over the wraps that the vault holds. */
    wraps: hash,
    grants: list(grantShape, { min: 1, max: LIMITS.grantsPerFile }),
  }),
  grant: record({
    seen: seenShape,
    grant: grantShape,
    /** The epoch whose member half the wrap holds: a wrap of an older one would open nothing. */
    epoch: uint(LIMITS.chainLength),
    wraps: hash,
  }),
  renew: record({
    seen: seenShape,
    subject: subjectShape,
    rights: uint(7),
    term: code(["standing", "approved"]),
    expires: uint(LIMITS.chainLength),
  }),
  revoke: record({ seen: seenShape, order }),
  rekey: record({
    seen: seenShape,
    epoch: uint(LIMITS.chainLength),
    commit: fixedBytes(32),
    wraps: hash,
    prior: maxBytes(LIMITS.cellBytes),
  }),
  hold: record({
    seen: seenShape,
    hold: id<HoldId>(),
    reason: code(HOLD_REASONS),
    /** The week on whose Monday it ends; null: until it is lifted. */
    until: nullable(uint(LIMITS.chainLength)),
  }),
  unhold: record({ seen: seenShape, order, approvals }),
  close: record({ seen: seenShape }),
  reopen: record({ seen: seenShape }),
  erase: record({ seen: seenShape, order, approvals }),
} as const;
/** Kinds of access statement. */
export type AccessKind = keyof typeof accessBodies;
/** The body of one kind of access statement. */
export type AccessBody<K extends AccessKind> = Shaped<(typeof accessBodies)[K]>;

/** Signs a statement of an access chain; `head` null: the first. */
export function signAccessStatement<K extends AccessKind>(
  place: { practice: AccessState["practice"]; file: FileId; device: DeviceId; head: Place | null },
  { kind, body }: { kind: K; body: AccessBody<K> },
  key: Secret<"sign">,
): Signed {
  const { practice, file, device, head } = place;
  return signStatement(
    {
      practice,
      chain: "access",
      id: file,
      seq: head === null ? 0 : head.seq + 1,
      prev: head?.hash ?? ZERO_HASH,
      device,
      kind,
    },
    { shape: accessBodies[kind], value: body } as Parameters<
      typeof signStatement<AccessBody<K>>
    >[1],
    key,
  );
}

/** The body of a link, given the shape of its kind. Error: `malformed`. */
export function readAccessBody<K extends AccessKind>(link: Link, kind: K): AccessBody<K> {
  ensure(link.statement.kind === kind, "malformed");
  return accessBodies[kind].decode(link.statement.body) as AccessBody<K>;
}
