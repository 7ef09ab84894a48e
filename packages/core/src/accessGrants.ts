import { readAccessBody } from "./accessBodies.ts";
import {
  epochAt,
  grantsAt,
  hasLiveGranter,
  phaseAt,
  subjectClasses,
  subjectKeyVersion,
  type AccessState,
  type Grant,
} from "./accessState.ts";
import {
  rightsOf,
  standing,
  type AccessContext,
  type Author,
  type FoldStep,
} from "./accessStep.ts";
import { FILE_AUTHORITY, RIGHTS, widestCell } from "./authority.ts";
import type { TeamId } from "./brand.ts";
import { ensure } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { activeStaff, isRecovered, policyAt, rolesAt, staffSize } from "./practiceState.ts";
import type { Link } from "./statement.ts";

/** Checks the grants inside a `create`. Errors: `malformed`, `not-authorised`, `stale-head`. */
export function checkInitialGrants(
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

/** Checks one grant against its cell of the authority table. Errors: `malformed`, `not-authorised`, `stale-head`. */
export function checkGrantCell(
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

/**
 * Whether the author gives a file back to the living: the trustees brought them in, recovery may read the file, the table
 * lets somebody grant it, and nobody who lives could.
 */
function mayGiveBack(state: AccessState, step: FoldStep): boolean {
  const { practice } = step.context;
  const { member, seen } = step.author;
  const { grantedBy } = FILE_AUTHORITY[state.compartment];
  return (
    isRecovered(practice, member, seen.seq) &&
    (rightsOf(state, step) & RIGHTS.read) !== 0 &&
    Object.values(grantedBy).some((granter) => granter !== "deny") &&
    !hasLiveGranter(state, practice, { at: seen.seq })
  );
}

/** Folds a `grant`. */
export function foldGrant(state: AccessState, link: Link, step: FoldStep): void {
  const { grant, epoch } = readAccessBody(link, "grant");
  ensure(phaseAt(state) === "open", "file-closed");
  ensure(epoch === epochAt(state).epoch, "stale-epoch");
  ensure(mayGrant(state, step, grant.rights) || mayGiveBack(state, step), "not-authorised");
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

/**
 * How many staff a grant is judged by: who is there, and who has ended within `quorumAge`, so that whoever ends the others decides
 * nothing alone at once. A replay knows no week, and the trustees have waited before they brought somebody in: who is there.
 */
function sizeFor({ author, context: { practice, week } }: FoldStep): number {
  const at = author.seen.seq;
  if (week === null || isRecovered(practice, author.member, at))
    return activeStaff(practice, at).length;
  return staffSize(practice, { week, at });
}

/** Nobody decides on their own grant, unless nobody else is there. */
function checkNotOwn(subject: Grant["subject"], step: FoldStep): void {
  if (subject.type !== "member" || subject.id !== step.author.member) return;
  ensure(sizeFor(step) === 1, "not-authorised");
}

/** With three staff, whoever granted first does not decide that it goes on. */
function checkNotGrantor(before: AccessState["grants"][number], step: FoldStep): void {
  if (before.grantor !== step.author.member) return;
  ensure(sizeFor(step) < 3, "not-authorised");
}

/** Folds a `renew`. */
export function foldRenew(state: AccessState, link: Link, step: FoldStep): void {
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
