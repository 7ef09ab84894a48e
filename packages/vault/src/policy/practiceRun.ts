import {
  acceptsLink,
  applyPracticeStatement,
  equalBytes,
  readGenesis,
  readOrderStatement,
  readStatement,
  startPractice,
  verifyAcceptance,
  type Link,
  type OrderId,
  type PracticeId,
  type PracticeState,
  type ServiceName,
  type SignPublicKey,
  type Signed,
} from "@sinetti/core";

import { atItem, refuse } from "../problem.ts";
import type { PracticeLink } from "../store/practices.ts";

/** Whose word this vault takes, and who it is itself. */
export interface Trust {
  readonly service: Exclude<ServiceName, "gate">;
  readonly key: SignPublicKey;
  readonly gate: SignPublicKey;
}

export interface FoldedRun {
  readonly state: PracticeState;
  /** The links that were not held before. */
  readonly links: readonly PracticeLink[];
  /** The orders inside them. */
  readonly orders: readonly OrderId[];
}

type Accepted = Omit<PracticeLink, "seq" | "hash">;

/** The genesis names the services that keep this practice; another installation's practice is not taken. */
function checkServices(genesis: Signed, trust: Trust): void {
  const { services } = readGenesis(genesis);
  if (!equalBytes(services[trust.service], trust.key) || !equalBytes(services.gate, trust.gate))
    refuse("wrong-service");
}

function foldGenesis(
  link: Link,
  acceptance: Signed,
  { practice, trust }: { practice: PracticeId; trust: Trust },
): PracticeState {
  checkServices(link.signed, trust);
  const accepted = verifyAcceptance(acceptance, trust.gate, practice);
  const named: Link = { ...link, statement: { ...link.statement, id: practice } };
  if (!acceptsLink(accepted, named)) refuse("malformed");
  return startPractice(link.signed, { practice, week: accepted.week });
}

function foldLink(state: PracticeState, link: Link, acceptance: Signed): boolean {
  const { seq } = link.statement;
  if (state.heads[seq] === link.hash) return false;
  if (seq > state.heads.length) refuse("behind");
  const accepted = verifyAcceptance(acceptance, state.services.gate, state.practice);
  if (!acceptsLink(accepted, link)) refuse("malformed");
  if (seq < state.heads.length) refuse("forked-chain");
  applyPracticeStatement(state, link, { week: accepted.week });
  return true;
}

/** Folds accepted links into `start`, which is changed; null: the run begins with the genesis. */
export function foldRun(
  start: PracticeState | null,
  run: readonly Accepted[],
  { practice, trust }: { practice: PracticeId; trust: Trust },
): FoldedRun {
  let state = start;
  const links: PracticeLink[] = [];
  const orders: OrderId[] = [];
  for (const [index, { statement, acceptance }] of run.entries()) {
    atItem(index, () => {
      const link = readStatement(statement);
      if (state === null && link.statement.seq !== 0) refuse("unknown-practice");
      if (state === null) state = foldGenesis(link, acceptance, { practice, trust });
      else if (!foldLink(state, link, acceptance)) return;
      else orders.push(readOrderStatement(link).order.id);
      links.push({ seq: link.statement.seq, hash: link.hash, statement, acceptance });
    });
  }
  return { state: state ?? refuse("unknown-practice"), links, orders };
}
