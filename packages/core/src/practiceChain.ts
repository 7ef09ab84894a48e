import type { DeviceId, PracticeId, SignPublicKey } from "./brand.ts";
import { ZERO_HASH, ZERO_ID, bytesToId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LABELS, labelled } from "./labels.ts";
import { LIMITS } from "./limits.ts";
import { memberShape, readOrder, type Order, type Place } from "./order.ts";
import { policyShape } from "./policy.ts";
import { applyOrder, introduce } from "./practiceFold.ts";
import { checkOrder } from "./practiceOrder.ts";
import { liveDevice, practiceHead, type PracticeState } from "./practiceState.ts";
import { authorKey, type Youth } from "./quorum.ts";
import { type Shaped, kemKey, list, maxBytes, record, signKey, uint } from "./shape.ts";
import type { SignKey, Signed } from "./sign.ts";
import type { Secret } from "./secretValue.ts";
import {
  checkPlace,
  readStatement,
  signStatement,
  verifyStatement,
  type Link,
} from "./statement.ts";
import { sha256 } from "./suite.ts";

const genesisShape = record({
  root: signKey,
  services: record({ who: signKey, what: signKey, gate: signKey }),
  recovery: record({ kem: kemKey, sign: signKey }),
  breakGlass: signKey,
  policy: policyShape,
  quorumAgeWeeks: uint(52),
  founder: memberShape,
});
/** What the first statement of a practice fixes; the practice id is its hash. */
export type Genesis = Shaped<typeof genesisShape>;

const orderBodyShape = record({
  order: maxBytes(LIMITS.statementBytes),
  approvals: list(maxBytes(LIMITS.cellBytes), { max: LIMITS.approvals }),
});

/** Signs a genesis statement with the root key. */
export function signGenesis(genesis: Genesis, root: SignKey): Signed {
  const zero = ZERO_ID as PracticeId;
  const head = {
    practice: zero,
    chain: "practice" as const,
    id: zero,
    seq: 0,
    prev: ZERO_HASH,
    device: ZERO_ID as DeviceId,
    kind: "genesis",
  };
  return signStatement(head, { shape: genesisShape, value: genesis }, root.secret);
}

/** The practice id: the first 16 bytes of SHA-256 over the signed genesis, so that whoever knows the id pins the root. */
export function practiceIdOf(signedGenesis: Signed): PracticeId {
  return bytesToId<PracticeId>(sha256(labelled(LABELS.practiceId, signedGenesis)).subarray(0, 16));
}

/** The genesis inside a signed statement, before its signature is checked. */
export function readGenesis(signedGenesis: Signed): Genesis {
  const { statement } = readStatement(signedGenesis);
  ensure(statement.kind === "genesis", "broken-chain");
  return genesisShape.decode(statement.body);
}

/** Starts the fold from a genesis that hashes to `practice`. Errors: `wrong-practice`, `broken-chain`, `bad-signature`, `malformed`. */
export function startPractice(
  signedGenesis: Signed,
  { practice, week }: { practice: PracticeId; week: number },
): PracticeState {
  ensure(practiceIdOf(signedGenesis) === practice, "wrong-practice");
  const { statement, hash } = readStatement(signedGenesis);
  const zero = ZERO_ID as PracticeId;
  checkPlace(statement, { practice: zero, chain: "practice", id: zero, head: null });
  const genesis = readGenesis(signedGenesis);
  ensure(statement.device === ZERO_ID, "broken-chain");
  verifyStatement(signedGenesis, genesis.root);
  ensure(genesis.founder.roles.includes("admin"), "not-authorised");
  const state: PracticeState = {
    v: 1,
    practice,
    root: genesis.root,
    week,
    genesisWeek: week,
    quorumAgeWeeks: genesis.quorumAgeWeeks,
    heads: [hash],
    services: genesis.services,
    recoveries: [{ version: 1, seq: 0, ...genesis.recovery, prior: null }],
    breakGlass: genesis.breakGlass,
    policies: [{ seq: 0, policy: genesis.policy }],
    members: {},
    devices: {},
    teams: {},
    freezes: {},
    orders: {},
  };
  introduce(state, genesis.founder, { seq: 0, week });
  return state;
}

/** Signs the statement that sequences an order after `head` (by default that of `state`); `device` zero: signed by the order's own author key. */
export function signOrderStatement(
  state: PracticeState,
  content: { device: DeviceId; order: Signed; approvals: readonly Signed[]; head?: Place },
  key: Secret<"sign">,
): Signed {
  const head = content.head ?? practiceHead(state);
  const { kind } = readOrder(content.order);
  return signStatement(
    {
      practice: state.practice,
      chain: "practice",
      id: state.practice,
      seq: head.seq + 1,
      prev: head.hash,
      device: content.device,
      kind,
    },
    { shape: orderBodyShape, value: { order: content.order, approvals: [...content.approvals] } },
    key,
  );
}

/** The order and approvals inside a statement of the practice chain, before any signature is checked. */
export function readOrderStatement(link: Link): {
  order: Order;
  signed: Signed;
  approvals: Signed[];
} {
  const body = orderBodyShape.decode(link.statement.body);
  const order = readOrder(body.order);
  ensure(order.kind === link.statement.kind, "broken-chain");
  return { order, signed: body.order, approvals: body.approvals };
}

/**
 * Folds one more statement into `state`, which is changed only when every check has passed.
 * `week` is the week in the gate's acceptance. Errors: those of `checkPlace`, `checkOrder`, and `bad-signature`.
 */
export function applyPracticeStatement(
  state: PracticeState,
  link: Link,
  { week, youth }: { week: number; youth?: Youth },
): void {
  checkPlace(link.statement, {
    practice: state.practice,
    chain: "practice",
    id: state.practice,
    head: practiceHead(state),
  });
  ensure(week >= state.week, "broken-chain");
  const { order, signed, approvals } = readOrderStatement(link);
  verifyStatement(link.signed, sequencerKey(state, link, order));
  checkOrder(state, { signed, order, approvals, week, ...(youth === undefined ? {} : { youth }) });
  const at = { seq: link.statement.seq, week };
  applyOrder(state, order, { ...at, approvals });
  state.heads.push(link.hash);
  state.orders[order.id] = at.seq;
  state.week = week;
}

function sequencerKey(state: PracticeState, link: Link, order: Order): SignPublicKey {
  if (link.statement.device === ZERO_ID) return authorKey(state, order.author).key;
  const device = liveDevice(state, link.statement.device);
  ensure(device !== null, "not-authorised");
  return device.statementKey;
}
