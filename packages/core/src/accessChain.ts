import type { CaseId, DeviceId, FileId, MemberId, SiteId, TeamId } from "./brand.ts";
import { COMPARTMENTS, FILE_AUTHORITY, RIGHTS, widestCell, type Compartment } from "./authority.ts";
import {
  accessHead,
  accessOf,
  epochAt,
  goesOn,
  grantShape,
  grantsAt,
  isSameSubject,
  phaseAt,
  subjectClasses,
  subjectKeyVersion,
  type AccessState,
  type Grant,
} from "./accessState.ts";
import { ensure } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import {
  readOrder,
  seenShape,
  subjectShape,
  verifyOrder,
  type Order,
  type Place,
} from "./order.ts";
import {
  activeStaff,
  knowsPlace,
  liveDevice,
  policyAt,
  practiceHead,
  rolesAt,
  type PracticeState,
} from "./practiceState.ts";
import { authorKey, checkSecondPerson, youthByWeek } from "./quorum.ts";
import {
  type Shaped,
  code,
  fixedBytes,
  hash,
  id,
  list,
  maxBytes,
  nullable,
  record,
  uint,
} from "./shape.ts";
import type { Signed } from "./sign.ts";
import type { Secret } from "./secretValue.ts";
import { ZERO_HASH } from "./brand.ts";
import { checkPlace, signStatement, verifyStatement, type Link } from "./statement.ts";

const order = maxBytes(LIMITS.statementBytes);
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
  grant: record({ seen: seenShape, grant: grantShape, wraps: hash }),
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
  close: record({ seen: seenShape }),
  reopen: record({ seen: seenShape }),
  erase: record({
    seen: seenShape,
    order,
    approvals: list(maxBytes(LIMITS.cellBytes), { max: LIMITS.approvals }),
  }),
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

/** What a fold knows beside the chain: the practice, and the week of the gate's acceptance (null when replaying). */
export interface AccessContext {
  readonly practice: PracticeState;
  readonly week: number | null;
}

interface Author {
  readonly member: MemberId;
  readonly seen: Place;
}

function checkAuthor(link: Link, { practice }: AccessContext, seenAtLeast: number): Author {
  const seen = seenShape.decode(
    (link.statement.body instanceof Map ? link.statement.body.get("seen") : null) ?? null,
  );
  ensure(knowsPlace(practice, seen) && seen.seq >= seenAtLeast, "stale-head");
  const device = liveDevice(practice, link.statement.device, seen.seq);
  ensure(device !== null, "not-authorised");
  verifyStatement(link.signed, device.statementKey);
  return { member: device.member, seen };
}

/** Starts the fold of a file from its `create`. Errors: `wrong-practice`, `broken-chain`, `stale-head`, `not-authorised`, `bad-signature`, `malformed`. */
export function startAccess(link: Link, context: AccessContext): AccessState {
  const { practice } = context;
  const file = link.statement.id as FileId;
  checkPlace(link.statement, {
    practice: practice.practice,
    chain: "access",
    id: file,
    head: null,
  });
  const body = readAccessBody(link, "create");
  const { member, seen } = checkAuthor(link, context, 0);
  const authority = FILE_AUTHORITY[body.compartment];
  ensure(
    rolesAt(practice, member, seen.seq).some((role) => authority.createdBy[role]),
    "not-authorised",
  );
  ensure((authority.counted === "not") === (body.case === null), "malformed");
  const state: AccessState = {
    v: 1,
    practice: practice.practice,
    file,
    compartment: body.compartment,
    case: body.case,
    site: body.site,
    creator: link.statement.device,
    seenSeq: seen.seq,
    heads: [link.hash],
    phases: [{ seq: 0, phase: "open" }],
    epochs: [{ epoch: 1, seq: 0, commit: body.commit, prior: null, wraps: body.wraps }],
    grants: body.grants.map((grant) => ({ grant, grantor: member, from: 0, until: null })),
    orders: {},
  };
  checkInitialGrants(state, body.grants, { context, author: { member, seen } });
  return state;
}

function checkInitialGrants(
  state: AccessState,
  grants: readonly Grant[],
  { context, author }: { context: AccessContext; author: Author },
): void {
  const keys = new Set(grants.map(({ subject }) => `${subject.type}:${subject.id}`));
  ensure(keys.size === grants.length, "malformed");
  ensure(
    grants.some(
      ({ subject, rights }) => subject.type !== "recovery" && (rights & RIGHTS.grant) !== 0,
    ),
    "not-authorised",
  );
  ensure(
    state.compartment === "process" || grants.some(({ subject }) => subject.type === "recovery"),
    "not-authorised",
  );
  for (const grant of grants) checkGrantCell(state, grant, { context, author, isCreating: true });
}

function checkGrantCell(
  state: AccessState,
  grant: Grant,
  { context, author, isCreating }: { context: AccessContext; author: Author; isCreating: boolean },
): void {
  const { practice } = context;
  const { subject } = grant;
  const authority = FILE_AUTHORITY[state.compartment];
  ensure(grant.rights !== 0, "malformed");
  ensure(subjectKeyVersion(practice, subject, author.seen.seq) === grant.keyVersion, "stale-head");
  ensure(subject.type !== "recovery" || isCreating, "not-authorised");
  checkExpiry(grant, { context, seq: author.seen.seq });
  const keepsOwn =
    isCreating &&
    authority.creatorKeeps &&
    subject.type === "member" &&
    subject.id === author.member;
  if (keepsOwn) return;
  if (subject.type === "team" && state.site !== null) {
    const site = practice.teams[subject.id as TeamId]?.site ?? null;
    ensure(site === null || site === state.site, "not-authorised");
  }
  const cell = widestCell(authority.grantedTo, subjectClasses(practice, subject, author.seen.seq));
  ensure(
    cell !== "deny" && (grant.rights & ~cell.rights) === 0 && cell.terms.includes(grant.term),
    "not-authorised",
  );
}

/** Judged by the policy at the cited place, so that what the gate accepted stays right when a policy is tightened later. */
function checkExpiry(
  { subject, expires }: Pick<Grant, "subject" | "expires">,
  { context: { practice, week }, seq }: { context: AccessContext; seq: number },
): void {
  if (subject.type !== "member") return ensure(expires === 0, "malformed");
  ensure(expires !== 0, "malformed");
  if (week === null) return;
  const { grantWeeks } = policyAt(practice, seq);
  ensure(expires > week && expires <= week + grantWeeks + 1, "not-authorised");
}

/**
 * Folds one more statement into `state`, which is changed only when every check has passed.
 * Errors: `wrong-practice`, `broken-chain`, `stale-head`, `not-authorised`, `not-granted`, `bad-signature`, `file-closed`,
 * `file-erased`, `order-reused`, `second-person-missing`, `malformed`.
 */
export function applyAccessStatement(state: AccessState, link: Link, context: AccessContext): void {
  const seq = accessHead(state).seq + 1;
  checkPlace(link.statement, {
    practice: state.practice,
    chain: "access",
    id: state.file,
    head: accessHead(state),
  });
  ensure(phaseAt(state) !== "erased", "file-erased");
  const author = checkAuthor(link, context, state.seenSeq);
  const kind = link.statement.kind as AccessKind;
  ensure(Object.hasOwn(accessFolds, kind), "malformed");
  accessFolds[kind](state, link, { seq, author, context });
  state.heads.push(link.hash);
  state.seenSeq = author.seen.seq;
}

interface FoldStep {
  readonly seq: number;
  readonly author: Author;
  readonly context: AccessContext;
  /** Whether a carried erasure is judged by who is there now, not by who was at its own head. */
  readonly isNow?: boolean;
}

const accessFolds: Record<AccessKind, (state: AccessState, link: Link, step: FoldStep) => void> = {
  create: () => ensure(false, "broken-chain"),
  grant: foldGrant,
  renew: foldRenew,
  revoke: foldRevoke,
  rekey: foldRekey,
  close: (state, _link, step) => foldPhase(state, { step, from: "open", to: "closed" }),
  reopen: (state, _link, step) => foldPhase(state, { step, from: "closed", to: "open" }),
  erase: foldErase,
};

/**
 * What the gate checks before `startAccess` (`access` null) or `applyAccessStatement`, against the newest state that it
 * knows: whoever signed is live now and may do it now, and keys that are granted to are the newest. A replay looks at the
 * cited head alone, so without this who has left could still sign with an old one. A carried revocation is not judged
 * again: it was obeyed on arrival. Errors: those of `applyAccessStatement`.
 */
export function checkAccessNow(
  link: Link,
  { access, practice, week }: { access: AccessState | null; practice: PracticeState; week: number },
): void {
  const device = liveDevice(practice, link.statement.device);
  ensure(device !== null, "not-authorised");
  const author = { member: device.member, seen: practiceHead(practice) };
  if (access === null) {
    const { createdBy } = FILE_AUTHORITY[readAccessBody(link, "create").compartment];
    return ensure(
      rolesAt(practice, device.member).some((role) => createdBy[role]),
      "not-authorised",
    );
  }
  ensure(phaseAt(access) !== "erased", "file-erased");
  const kind = link.statement.kind as AccessKind;
  ensure(Object.hasOwn(accessFolds, kind), "malformed");
  if (kind === "revoke") return;
  const step = {
    seq: accessHead(access).seq + 1,
    author,
    context: { practice, week },
    isNow: true,
  };
  accessFolds[kind](copyOf(access), link, step);
}

/** A copy that a fold may change. */
function copyOf(state: AccessState): AccessState {
  return {
    ...state,
    phases: [...state.phases],
    epochs: [...state.epochs],
    grants: state.grants.map((held) => ({ ...held })),
    orders: { ...state.orders },
  };
}

function rightsOf(state: AccessState, { author, context }: FoldStep): number {
  const access = accessOf(state, context.practice, {
    member: author.member,
    week: context.week,
    practiceAt: author.seen.seq,
  });
  return access.standing;
}

/** Whether the author may grant these rights: by role, or as a holder of `grant` who holds them too. */
function mayGrant(state: AccessState, step: FoldStep, rights: number): boolean {
  const { grantedBy } = FILE_AUTHORITY[state.compartment];
  const roles = rolesAt(step.context.practice, step.author.member, step.author.seen.seq);
  const held = rightsOf(state, step);
  const holds = (held & RIGHTS.grant) !== 0 && (rights & ~held) === 0;
  return roles.some(
    (role) => grantedBy[role] === "role" || (grantedBy[role] === "holder" && holds),
  );
}

function standing(
  state: AccessState,
  subject: Grant["subject"],
): AccessState["grants"][number] | undefined {
  return grantsAt(state).find(({ grant }) => isSameSubject(grant.subject, subject));
}

function foldGrant(state: AccessState, link: Link, step: FoldStep): void {
  const { grant } = readAccessBody(link, "grant");
  ensure(phaseAt(state) === "open", "file-closed");
  ensure(mayGrant(state, step, grant.rights), "not-authorised");
  checkGrantCell(state, grant, { context: step.context, author: step.author, isCreating: false });
  ensure(grantsAt(state).length < LIMITS.grantsPerFile, "too-large");
  const before = standing(state, grant.subject);
  checkNotOwn(grant.subject, step);
  if (before !== undefined && grant.expires > before.grant.expires) checkNotGrantor(before, step);
  if (before !== undefined) before.until = step.seq;
  state.grants.push({
    grant,
    grantor: before?.grantor ?? step.author.member,
    from: step.seq,
    until: null,
  });
}

/** Nobody decides on their own grant, unless nobody else is there. */
function checkNotOwn(subject: Grant["subject"], { author, context }: FoldStep): void {
  if (subject.type !== "member" || subject.id !== author.member) return;
  ensure(activeStaff(context.practice, author.seen.seq).length === 1, "not-authorised");
}

/** With three staff, whoever granted first does not decide that it goes on. */
function checkNotGrantor(before: AccessState["grants"][number], step: FoldStep): void {
  const { author, context } = step;
  if (before.grantor !== author.member) return;
  ensure(activeStaff(context.practice, author.seen.seq).length < 3, "not-authorised");
}

function foldRenew(state: AccessState, link: Link, step: FoldStep): void {
  const { subject, rights, term, expires } = readAccessBody(link, "renew");
  const { member, seen } = step.author;
  const { practice } = step.context;
  const before = standing(state, subject);
  ensure(before !== undefined && subject.type !== "recovery", "not-granted");
  checkNotOwn(subject, step);
  checkNotGrantor(before, step);
  ensure(
    rolesAt(practice, member, seen.seq).includes("privacy") || mayGrant(state, step, rights),
    "not-authorised",
  );
  ensure(
    rights !== 0 &&
      (rights & ~before.grant.rights) === 0 &&
      !(before.grant.term === "approved" && term === "standing"),
    "not-authorised",
  );
  checkExpiry({ subject, expires }, { context: step.context, seq: seen.seq });
  before.until = step.seq;
  state.grants.push({
    ...before,
    grant: { ...before.grant, rights, term, expires },
    from: step.seq,
    until: null,
  });
}

/** Checks an order that a statement of this chain carries; returns the order. */
function checkCarried<K extends "revoke" | "erase">(
  state: AccessState,
  signed: Signed,
  { kind, step }: { kind: K; step: FoldStep },
): { order: Extract<Order, { kind: K }>; member: MemberId } {
  const { practice } = step.context;
  const carried = readOrder(signed);
  ensure(
    carried.kind === kind && (carried.body as { file?: FileId }).file === state.file,
    "broken-chain",
  );
  ensure(carried.practice === state.practice, "wrong-practice");
  ensure(state.orders[carried.id] === undefined, "order-reused");
  ensure(knowsPlace(practice, carried.seen), "stale-head");
  const at = step.isNow === true && kind === "erase" ? undefined : carried.seen.seq;
  const { key, member } = authorKey(practice, carried.author, at);
  ensure(member !== null && carried.author.by === "device", "not-authorised");
  verifyOrder(signed, key);
  return { order: carried as Extract<Order, { kind: K }>, member };
}

/** Whether the file would be left to recovery for good, because nobody may grant it again. */
function isLastHolder(
  state: AccessState,
  practice: PracticeState,
  { subject, at }: { subject: Grant["subject"]; at: number },
): boolean {
  const { grantedBy } = FILE_AUTHORITY[state.compartment];
  if (Object.values(grantedBy).some((granter) => granter !== "deny")) return false;
  return grantsAt(state).every(
    ({ grant }) =>
      grant.subject.type === "recovery" ||
      isSameSubject(grant.subject, subject) ||
      !goesOn(state, practice, { grant, at }),
  );
}

/**
 * Whether a member may revoke a subject's grant: privacy officer, administrator, the subject, or who may grant. The last
 * holder of a process or roster file is the subject's own to give up, since to take it would erase the file.
 */
export function mayRevoke(
  state: AccessState,
  practice: PracticeState,
  { member, subject, at }: { member: MemberId; subject: Grant["subject"]; at: number },
): boolean {
  if (subject.type === "recovery") return false;
  if (subject.type === "member" && subject.id === member) return true;
  if (isLastHolder(state, practice, { subject, at })) return false;
  const roles = rolesAt(practice, member, at);
  if (roles.includes("privacy") || roles.includes("admin")) return true;
  return (
    (accessOf(state, practice, { member, week: null, practiceAt: at }).standing & RIGHTS.grant) !==
    0
  );
}

function foldRevoke(state: AccessState, link: Link, step: FoldStep): void {
  const { order: carried, member } = checkCarried(state, readAccessBody(link, "revoke").order, {
    kind: "revoke",
    step,
  });
  const { subject } = carried.body;
  const before = standing(state, subject);
  ensure(before !== undefined, "not-granted");
  ensure(
    mayRevoke(state, step.context.practice, { member, subject, at: carried.seen.seq }),
    "not-authorised",
  );
  before.until = step.seq;
  state.orders[carried.id] = step.seq;
}

function foldRekey(state: AccessState, link: Link, step: FoldStep): void {
  const { epoch, commit, wraps, prior } = readAccessBody(link, "rekey");
  const { practice } = step.context;
  ensure(phaseAt(state) === "open", "file-closed");
  ensure((rightsOf(state, step) & RIGHTS.write) !== 0, "not-granted");
  ensure(epoch === epochAt(state).epoch + 1, "stale-epoch");
  for (const held of grantsAt(state)) {
    const at = step.author.seen.seq;
    const keyVersion = subjectKeyVersion(practice, held.grant.subject, at);
    held.until = step.seq;
    if (keyVersion !== null && goesOn(state, practice, { grant: held.grant, at }))
      state.grants.push({
        ...held,
        grant: { ...held.grant, keyVersion },
        from: step.seq,
        until: null,
      });
  }
  state.epochs.push({ epoch, seq: step.seq, commit, prior, wraps });
}

function foldPhase(
  state: AccessState,
  { step, from, to }: { step: FoldStep; from: "open" | "closed"; to: "open" | "closed" },
): void {
  ensure(phaseAt(state) === from, from === "open" ? "file-closed" : "not-authorised");
  const roles = rolesAt(step.context.practice, step.author.member, step.author.seen.seq);
  ensure(
    roles.includes("privacy") || (rightsOf(state, step) & RIGHTS.grant) !== 0,
    "not-authorised",
  );
  state.phases.push({ seq: step.seq, phase: to });
}

function foldErase(state: AccessState, link: Link, step: FoldStep): void {
  const { order: signed, approvals } = readAccessBody(link, "erase");
  const { practice, week } = step.context;
  const { order: carried, member } = checkCarried(state, signed, { kind: "erase", step });
  const at = step.isNow === true ? step.author.seen.seq : carried.seen.seq;
  const holds =
    (accessOf(state, practice, { member, week: null, practiceAt: at }).standing & RIGHTS.grant) !==
    0;
  ensure(rolesAt(practice, member, at).includes("privacy") || holds, "not-authorised");
  const asOf = week ?? practice.week;
  checkSecondPerson(practice, {
    signed,
    order: carried,
    approvals,
    author: member,
    week: week === null ? 0 : asOf,
    youth: youthByWeek(practice, asOf),
    at,
  });
  state.orders[carried.id] = step.seq;
  state.phases.push({ seq: step.seq, phase: "erased" });
  for (const held of grantsAt(state)) held.until = step.seq;
}

/** The compartment's vault. */
export function vaultOf(compartment: Compartment): "who" | "what" {
  return FILE_AUTHORITY[compartment].vault;
}
