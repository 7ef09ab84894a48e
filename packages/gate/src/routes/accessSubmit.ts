import {
  authorKey,
  equalBytes,
  type GATE_ROUTES,
  hashOrder,
  isUnheld,
  liveDevice,
  readOrder,
  readStatement,
  weekOf,
  type AccessState,
  type FileId,
  type PracticeId,
  type Shaped,
} from "@sinetti/core";
import { signAcceptance } from "@sinetti/core/service";

import { AccessBatch, type AccessItem } from "../accessBatch.ts";
import { withoutStopped } from "../accessNow.ts";
import type { Gate } from "../gate.ts";
import { checkWait } from "../orderWait.ts";
import { isMemberFrozen, isPracticeFrozen, isStopped } from "../practiceView.ts";
import { allow, hasMet } from "../problem.ts";
import { findAcceptances, insertAccessLinks } from "../store/accessLinkStore.ts";
import { insertFiles, readFiles, updateFiles } from "../store/fileStore.ts";
import { replaceHoldings } from "../store/holdingStore.ts";
import { deletePending } from "../store/orderStore.ts";
import { bumpOverlay, type Lock } from "../store/practiceStore.ts";
import { destroyShares, insertShares, readShares } from "../store/shareStore.ts";
import { keepCarried } from "../store/stopStore.ts";
import { isStill } from "../stillness.ts";
import { transact, type Unit } from "../transaction.ts";
import { readYouth } from "../youth.ts";
import type { Exchange } from "./exchange.ts";

type Submit = (typeof GATE_ROUTES)["accessSubmit"];

/** What lets others, or more, read a file that was there. */
const WIDENING = new Set(["grant", "reopen"]);

/**
 * Whoever signed each statement is live now, and not frozen unless they only take something away. Whoever waits since a canary gives
 * nobody what they may not open themselves: an accomplice has a budget of their own. What they make new goes where it should.
 */
function checkAuthors({ view }: Unit, items: readonly AccessItem[]): void {
  const made = new Set(
    items
      .filter(({ link }) => link.statement.kind === "create")
      .map(({ link }) => link.statement.id),
  );
  for (const device of new Set(items.map(({ link }) => link.statement.device))) {
    const found = liveDevice(view.state, device);
    allow(found !== null, "not-authorised");
    const { member } = found;
    allow(!isStopped(view, { member, device }), "not-authorised");
    const adds = items.some(
      ({ link }) => link.statement.device === device && link.statement.kind !== "revoke",
    );
    allow(!adds || !(isPracticeFrozen(view) || isMemberFrozen(view, member)), "frozen");
    const widens = items.some(
      ({ link: { statement } }) =>
        statement.device === device && WIDENING.has(statement.kind) && !made.has(statement.id),
    );
    allow(!widens || !view.blocked.has(member), "frozen");
  }
}

/** Gathers what the batch changes; nothing is written yet. */
async function foldBatch(
  gate: Gate,
  unit: Unit,
  { items, week }: { items: readonly AccessItem[]; week: number },
): Promise<AccessBatch> {
  const { tx, practice, view } = unit;
  const files = [...new Set(items.map(({ link }) => link.statement.id as FileId))];
  const found = await readFiles(tx, practice, { files, isLocking: true });
  const states = new Map([...found].map(([file, { state }]) => [file, state]));
  const isRepeated = items.some(
    ({ link, share }) =>
      share !== null &&
      (states.get(link.statement.id as FileId)?.heads.length ?? 0) > link.statement.seq,
  );
  const standing = isRepeated ? await readShares(tx, practice, [...states.keys()]) : [];
  const { encryption: key } = gate.keys;
  const obeyed = new Set(view.stops.map(({ id }) => id));
  const batch = new AccessBatch(states, { practice: view.state, week, key, standing, obeyed });
  for (const [index, item] of items.entries()) batch.add(item, index);
  return batch;
}

/** Nobody alone erases or lifts a hold at once: without a second person the order has lain here for its day. */
async function checkSeconded(unit: Unit, { secondedOrders }: AccessBatch): Promise<void> {
  if (secondedOrders.length === 0) return;
  const { state } = unit.view;
  const youth = await readYouth(unit);
  for (const { signed, approvals } of secondedOrders) {
    const order = readOrder(signed);
    const { member: author } = authorKey(state, order.author);
    await checkWait(unit, { state, order, author, approvals, youth }, signed);
  }
}

async function write(unit: Unit, batch: AccessBatch, acceptance: Uint8Array): Promise<void> {
  const { tx, practice, time } = unit;
  const pick = (files: ReadonlySet<FileId>) =>
    [...files].flatMap((file) => batch.states.get(file) ?? []);
  const created = pick(batch.created);
  const moved = pick(batch.moved);
  const work: Promise<void>[] = [
    insertAccessLinks(tx, practice, { links: batch.fresh, acceptance }),
  ];
  if (created.length > 0) {
    work.push(
      insertFiles(tx, practice, { states: created, createdAt: time }),
      replaceHoldings(tx, practice, { states: created, areNew: true }),
    );
  }
  if (moved.length > 0) {
    work.push(
      updateFiles(tx, practice, moved),
      replaceHoldings(tx, practice, { states: moved, areNew: false }),
    );
  }
  if (batch.freshShares.length > 0) work.push(insertShares(tx, practice, batch.freshShares));
  if (batch.erased.length > 0) work.push(destroyShares(tx, practice, batch.erased));
  if (batch.secondedOrders.length > 0) {
    const hashes = batch.secondedOrders.map(({ signed }) => hashOrder(signed));
    work.push(deletePending(tx, practice, hashes));
  }
  await Promise.all(work);
  if (batch.revoked.length === 0) return;
  await keepCarried(tx, practice, { revokes: batch.revoked, arrivedAt: time });
  await bumpOverlay(tx, practice);
}

/** The acceptance that all of these statements got together before, if they did. */
async function findCommonAcceptance(
  unit: Unit,
  items: readonly AccessItem[],
): Promise<Uint8Array | null> {
  const links = items.map(({ link }) => link);
  const [first, ...rest] = await findAcceptances(unit.tx, unit.practice, links);
  return first !== undefined && rest.every((other) => equalBytes(other, first)) ? first : null;
}

/** A revocation ends a stop, which is told through the log's row; an order is not withdrawn meanwhile. */
function lockFor(items: readonly AccessItem[]): Lock {
  const has = (kind: string): boolean => items.some(({ link }) => link.statement.kind === kind);
  if (has("erase") || has("unhold")) return has("revoke") ? "chain-and-log" : "chain";
  return has("revoke") ? "log" : "none";
}

/**
 * Sequences statements of access chains, all or none. The same statements may come twice at once: whoever was second finds them
 * standing when it reads again, and gets the acceptance that they got.
 */
export async function submitAccess(
  exchange: Exchange<Shaped<Submit["request"]>>,
): Promise<Shaped<Submit["answer"]>> {
  try {
    return await sequence(exchange);
  } catch (error) {
    if (!hasMet(error)) throw error;
    return sequence(exchange);
  }
}

async function sequence({
  gate,
  request,
  body,
}: Exchange<Shaped<Submit["request"]>>): Promise<Shaped<Submit["answer"]>> {
  const items = body.items.map(({ statement, share }) => ({
    link: readStatement(statement),
    share,
  }));
  const { practice } = request;
  allow(
    items.every(({ link }) => link.statement.chain === "access"),
    "broken-chain",
  );
  const done = await transact(gate, { request, lock: lockFor(items) }, async (unit) => {
    const isTaking = items.every(({ link }) => link.statement.kind === "revoke");
    allow(isTaking || !isStill(unit.view), "restored");
    checkAuthors(unit, items);
    const week = Math.max(weekOf(unit.time), unit.view.state.week);
    const folded = await foldBatch(gate, unit, { items, week });
    await checkSeconded(unit, folded);
    if (folded.fresh.length === 0) {
      const before = await findCommonAcceptance(unit, items);
      if (before !== null)
        return {
          answer: { acceptance: before, shares: folded.shares },
          batch: null,
          heard: [],
          isLost: false,
        };
    }
    const acceptance = signAcceptance(
      { practice, week, items: folded.accepted },
      gate.keys.service.secret,
    );
    if (folded.fresh.length > 0) await write(unit, folded, acceptance);
    const answer = { acceptance, shares: folded.shares };
    const heard = heardOf(unit, folded);
    return { answer, batch: folded, heard, isLost: hasLostHolder(unit, folded) };
  });
  if (done.batch !== null) tell(gate, practice, done);
  if (done.isLost) gate.metrics.raise("unheld");
  return done.answer;
}

/** Whether the batch has taken a file from the last who could hand it on. */
function hasLostHolder({ view }: Unit, { before, states }: AccessBatch): boolean {
  return [...before].some(([file, stood]) => {
    const state = states.get(file);
    return state !== undefined && isUnheld(state, view.state) && !isUnheld(stood, view.state);
  });
}

/** The files by whose holders the batch is heard of; of one that takes a grant, who held it until now, unless a stop has told them. */
function heardOf({ view }: Unit, batch: AccessBatch): AccessState[] {
  return [...new Set([...batch.created, ...batch.moved])].flatMap((file) => {
    const before = batch.before.get(file);
    return before === undefined ? (batch.states.get(file) ?? []) : withoutStopped(view, before);
  });
}

function tell(
  gate: Gate,
  practice: PracticeId,
  { batch, heard }: { batch: AccessBatch; heard: readonly AccessState[] },
): void {
  const view = gate.views.get(practice);
  if (view !== undefined) gate.hints.filesChanged(view, heard);
  if (batch.secondedOrders.length > 0) gate.hints.ordersChanged(practice);
}
