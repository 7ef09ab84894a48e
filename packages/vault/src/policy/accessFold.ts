import {
  applyAccessStatement,
  epochAt,
  grantsAt,
  hashWrap,
  hashWraps,
  isSameSubject,
  phaseAt,
  readAccessBody,
  readOrder,
  startAccess,
  vaultOf,
  type AccessState,
  type Acceptance,
  type FileId,
  type Hash,
  type Link,
  type OrderId,
  type PracticeState,
  type Signed,
  type Subject,
  type Wrap,
} from "@sinetti/core";

import { atItem, refuse } from "../problem.ts";
import { citedSeq } from "./citedSeq.ts";

/** One accepted statement: the week and the hash of the gate's word on it, and the hash of the half that it brought. */
export interface AcceptedAccess {
  readonly link: Link;
  readonly week: Acceptance["week"];
  readonly acceptance: Hash;
  readonly share: Hash | null;
}

/** An accepted statement as it is kept: with the hashes of the wraps that came with it, null for none. */
export interface TakenAccess extends AcceptedAccess {
  readonly wraps: readonly Hash[] | null;
}

/** What a fold of access statements changes in one file. */
export interface FoldedFile {
  readonly state: AccessState;
  readonly isNew: boolean;
  /** As it stood before a grant was taken from it; null: none was. */
  readonly before: AccessState | null;
  readonly links: TakenAccess[];
  readonly wraps: { readonly epoch: number; readonly wrap: Wrap }[];
  /** The gate's halves at rest that belong to the links, by their hashes; `index`: of the statement in the request. */
  readonly halves: {
    readonly epoch: number;
    readonly share: Hash | null;
    readonly index: number;
  }[];
  readonly revokes: { readonly id: OrderId; readonly signed: Signed }[];
}

export interface AccessFold {
  readonly practice: PracticeState;
  readonly service: "who" | "what";
  /** Own copies of the folded states; changed by the fold. */
  readonly states: Map<FileId, AccessState>;
  /** Staged wraps by the hash of the statement that they wait for. */
  readonly staged: ReadonlyMap<Hash, readonly Wrap[][]>;
  /** Whether a statement may be taken without the wraps that it names: after a restore they may be nowhere. */
  readonly mayLackWraps: boolean;
}

function neededGrants(state: AccessState, link: Link): { subject: Subject; keyVersion: number }[] {
  if (link.statement.kind === "grant") return [readAccessBody(link, "grant").grant];
  return grantsAt(state).map(({ grant }) => grant);
}

/** The staged wraps that the statement names, for exactly those who hold a grant. */
function takeWraps(
  state: AccessState,
  link: Link,
  { staged, mayLackWraps }: { staged: readonly Wrap[][]; mayLackWraps: boolean },
): { epoch: number; wrap: Wrap }[] {
  const { kind } = link.statement;
  if (kind !== "create" && kind !== "grant" && kind !== "rekey") return [];
  const { wraps: named } = readAccessBody(link, kind);
  const wraps = staged.find((each) => hashWraps(each) === named);
  if (wraps === undefined) return mayLackWraps ? [] : refuse("wraps-missing");
  const needed = neededGrants(state, link);
  const isComplete =
    wraps.length === needed.length &&
    needed.every(({ subject, keyVersion }) =>
      wraps.some((wrap) => isSameSubject(wrap.subject, subject) && wrap.keyVersion === keyVersion),
    );
  if (!isComplete) refuse("wraps-missing");
  const { epoch } = epochAt(state);
  return wraps.map((wrap) => ({ epoch, wrap }));
}

function foldOne(fold: AccessFold, { link, week }: AcceptedAccess): AccessState | null {
  const { practice, states, service } = fold;
  const file = link.statement.id as FileId;
  const held = states.get(file);
  const length = held?.heads.length ?? 0;
  const { seq } = link.statement;
  if (held?.heads[seq] === link.hash) return null;
  if (seq < length) refuse("forked-chain");
  if (seq > length || (citedSeq(link, "seen") ?? 0) >= practice.heads.length) refuse("behind");
  if (held !== undefined) {
    applyAccessStatement(held, link, { practice, week });
    return held;
  }
  const state = startAccess(link, { practice, week });
  if (vaultOf(state.compartment) !== service) refuse("wrong-service");
  states.set(file, state);
  return state;
}

function beforeRevoke({ states }: AccessFold, link: Link): AccessState | null {
  const held = states.get(link.statement.id as FileId);
  if (link.statement.kind !== "revoke" || held === undefined) return null;
  return { ...held, grants: grantsAt(held).map((grant) => ({ ...grant })) };
}

function carriedRevoke(link: Link): FoldedFile["revokes"] {
  if (link.statement.kind !== "revoke") return [];
  const { order } = readAccessBody(link, "revoke");
  return [{ id: readOrder(order).id, signed: order }];
}

/** Folds accepted statements, file by file in the order given; what is held already is passed over. */
export function foldAccess(
  fold: AccessFold,
  statements: readonly AcceptedAccess[],
): Map<FileId, FoldedFile> {
  const folded = new Map<FileId, FoldedFile>();
  for (const [index, accepted] of statements.entries()) {
    atItem(index, () => {
      const { link } = accepted;
      const before = beforeRevoke(fold, link);
      const state = foldOne(fold, accepted);
      if (state === null) return;
      const isNew = link.statement.seq === 0;
      const none = { links: [], wraps: [], halves: [], revokes: [] };
      const known = folded.get(state.file) ?? { state, isNew, before, ...none };
      const file = known.before === null ? { ...known, before } : known;
      folded.set(state.file, file);
      const wraps = takeWraps(state, link, {
        staged: fold.staged.get(link.hash) ?? [],
        mayLackWraps: fold.mayLackWraps,
      });
      const hashes = wraps.length === 0 ? null : wraps.map(({ wrap }) => hashWrap(wrap));
      file.links.push({ ...accepted, wraps: hashes });
      file.wraps.push(...wraps);
      const { kind } = link.statement;
      if (kind === "create" || kind === "rekey")
        file.halves.push({ epoch: epochAt(state).epoch, share: accepted.share, index });
      file.revokes.push(...carriedRevoke(link));
    });
  }
  return folded;
}

/** Who held a grant on the file once and holds none now: their wraps go. */
export function formerSubjects(state: AccessState): Subject[] {
  const current = grantsAt(state);
  return state.grants
    .filter(({ until }) => until !== null)
    .map(({ grant }) => grant.subject)
    .filter((subject) => !current.some(({ grant }) => isSameSubject(grant.subject, subject)));
}

export function isErased(state: AccessState): boolean {
  return phaseAt(state) === "erased";
}
