import { readAccessBody, type AccessKind } from "./accessBodies.ts";
import { checkInitialGrants, foldGrant, foldRenew } from "./accessGrants.ts";
import { foldHold, foldUnhold } from "./accessHolds.ts";
import { foldErase, foldRevoke } from "./accessOrders.ts";
import {
  accessHead,
  epochAt,
  goesOn,
  grantsAt,
  phaseAt,
  subjectKeyVersion,
  type AccessState,
} from "./accessState.ts";
import {
  checkAuthor,
  looksAfter,
  rightsOf,
  type AccessContext,
  type FoldStep,
} from "./accessStep.ts";
import { FILE_AUTHORITY, RIGHTS, type Compartment } from "./authority.ts";
import type { FileId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { liveDevice, practiceHead, rolesAt, type PracticeState } from "./practiceState.ts";
import { checkPlace, type Link } from "./statement.ts";

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
    holds: [],
    orders: {},
  };
  checkInitialGrants(state, body.grants, { context, author: { member, seen } });
  return state;
}

/**
 * Folds one more statement into `state`, which is changed only when every check has passed.
 * Errors: `wrong-practice`, `broken-chain`, `stale-head`, `not-authorised`, `not-granted`, `bad-signature`, `file-closed`,
 * `file-erased`, `on-hold`, `order-reused`, `second-person-missing`, `too-large`, `malformed`.
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

const accessFolds: Record<AccessKind, (state: AccessState, link: Link, step: FoldStep) => void> = {
  create: () => ensure(false, "broken-chain"),
  grant: foldGrant,
  renew: foldRenew,
  revoke: foldRevoke,
  rekey: foldRekey,
  close: (state, _link, step) => foldPhase(state, { step, from: "open", to: "closed" }),
  reopen: (state, _link, step) => foldPhase(state, { step, from: "closed", to: "open" }),
  erase: foldErase,
  hold: foldHold,
  unhold: foldUnhold,
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
    holds: state.holds.map((held) => ({ ...held })),
    orders: { ...state.orders },
  };
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
  ensure(looksAfter(state, step), "not-authorised");
  state.phases.push({ seq: step.seq, phase: to });
}

/** The compartment's vault. */
export function vaultOf(compartment: Compartment): "who" | "what" {
  return FILE_AUTHORITY[compartment].vault;
}
