import { timingSafeEqual } from "node:crypto";

import {
  accessHead,
  applyAccessStatement,
  checkAccessNow,
  epochAt,
  grantsAt,
  hashSealedShare,
  hasLostSomebody,
  readAccessBody,
  readOrder,
  startAccess,
  type AcceptedItem,
  type AccessState,
  type FileId,
  type Link,
  type OrderId,
  type PracticeState,
  type Secret,
} from "@sinetti/core";
import { openShare, sealShare } from "@sinetti/core/service";

import { allow, Refusal, toRefusal } from "./problem.ts";
import type { SealedShare } from "./store/shareStore.ts";
import type { CarriedRevoke } from "./store/stopStore.ts";

/** One statement with the half that it brings. */
export interface AccessItem {
  readonly link: Link;
  readonly share: Uint8Array | null;
}

/** What a batch may rest on. */
export interface BatchContext {
  readonly practice: PracticeState;
  readonly week: number;
  readonly key: Secret<"gate-encryption-key">;
  /** Halves that stand already, for statements that come a second time. */
  readonly standing: readonly SealedShare[];
  /** Revocations that came as stops, and so were obeyed on arrival. */
  readonly obeyed: ReadonlySet<OrderId>;
}

const BRINGS_SHARE = new Set(["create", "rekey"]);

/** Statements folded one after another onto the files that they belong to; what is to be written is gathered. */
export class AccessBatch {
  readonly states: Map<FileId, AccessState>;
  readonly created = new Set<FileId>();
  readonly moved = new Set<FileId>();
  /** Statements that stand for the first time. */
  readonly fresh: Link[] = [];
  readonly freshShares: SealedShare[] = [];
  /** The halves of all statements of the batch, as they lie at rest. */
  readonly shares: SealedShare[] = [];
  /** What the acceptance says of each statement, in their order. */
  readonly accepted: AcceptedItem[] = [];
  readonly revoked: CarriedRevoke[] = [];
  /** The files that grants are taken from, as they stood before: whoever loses one hears of it once more. */
  readonly before = new Map<FileId, AccessState>();
  readonly erased: FileId[] = [];
  /** The orders that need a second person, with their approvals. */
  readonly secondedOrders: { signed: Uint8Array; approvals: readonly Uint8Array[] }[] = [];
  readonly #context: BatchContext;

  constructor(states: Map<FileId, AccessState>, context: BatchContext) {
    this.states = states;
    this.#context = context;
  }

  /** Folds one; a refusal names its place in the batch. */
  add(item: AccessItem, index: number): void {
    try {
      const { statement, hash } = item.link;
      const half = this.#fold(item);
      const share = half === null ? null : hashSealedShare(half.sealed);
      this.accepted.push({ chain: "access", id: statement.id, seq: statement.seq, hash, share });
    } catch (error) {
      throw new Refusal(toRefusal(error).code, { index, cause: error });
    }
  }

  /** The half that lies at rest for this statement. */
  #fold({ link, share }: AccessItem): SealedShare | null {
    const { statement } = link;
    const file = statement.id as FileId;
    allow((share !== null) === BRINGS_SHARE.has(statement.kind), "malformed");
    const state = this.states.get(file);
    if (state !== undefined && statement.seq <= accessHead(state).seq)
      return this.#repeat(state, { link, share });
    const epoch = state === undefined ? this.#create(link) : this.#move(state, link);
    this.fresh.push(link);
    if (share === null) return null;
    const { practice, key } = this.#context;
    const context = { practice: practice.practice, file, epoch };
    const sealed = { file, epoch, sealed: sealShare(key, context, share) };
    this.freshShares.push(sealed);
    this.shares.push(sealed);
    return sealed;
  }

  #create(link: Link): number {
    const { practice, week } = this.#context;
    allow(link.statement.seq === 0, "unknown-file");
    checkAccessNow(link, { access: null, practice, week });
    const state = startAccess(link, { practice, week });
    this.states.set(state.file, state);
    this.created.add(state.file);
    return epochAt(state).epoch;
  }

  #move(state: AccessState, link: Link): number {
    const { practice, week } = this.#context;
    checkAccessNow(link, { access: state, practice, week });
    const { kind } = link.statement;
    if (kind === "revoke") this.#checkWeighed(link);
    if (kind === "revoke" && !this.before.has(state.file)) {
      const grants = grantsAt(state).map((held) => ({ ...held }));
      this.before.set(state.file, { ...state, grants });
    }
    applyAccessStatement(state, link, { practice, week });
    if (!this.created.has(state.file)) this.moved.add(state.file);
    if (kind === "revoke") {
      const { order: signed } = readAccessBody(link, kind);
      this.revoked.push({ id: readOrder(signed).id, signed });
    }
    if (kind === "erase") this.erased.push(state.file);
    if (kind === "erase" || kind === "unhold") {
      const { order: signed, approvals } = readAccessBody(link, kind);
      this.secondedOrders.push({ signed, approvals });
    }
    return epochAt(state).epoch;
  }

  /**
   * A revocation that was no stop was weighed by who would be left. Where somebody has left since the place that it cites, it is to be
   * weighed again; a stop is never refused for it.
   */
  #checkWeighed(link: Link): void {
    const { order, seen } = readAccessBody(link, "revoke");
    const { practice, obeyed } = this.#context;
    allow(obeyed.has(readOrder(order).id) || !hasLostSomebody(practice, seen.seq), "stale-head");
  }

  /** A statement that comes again: nothing changes, and it must be the same to the last bit, its half too. */
  #repeat(state: AccessState, { link, share }: AccessItem): SealedShare | null {
    const { seq } = link.statement;
    allow(state.heads[seq] === link.hash, "conflict");
    if (share === null) return null;
    const { practice, key, standing } = this.#context;
    const { epoch } = epochAt(state, seq);
    const found = [...standing, ...this.freshShares].find(
      (each) => each.file === state.file && each.epoch === epoch,
    );
    allow(found !== undefined, "file-erased");
    const context = { practice: practice.practice, file: state.file, epoch };
    allow(timingSafeEqual(openShare(key, context, found.sealed), share), "conflict");
    this.shares.push(found);
    return found;
  }
}
