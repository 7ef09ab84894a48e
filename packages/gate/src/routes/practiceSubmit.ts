import {
  applyPracticeStatement,
  authorKey,
  equalBytes,
  hashOrder,
  readOrderStatement,
  readStatement,
  weekOf,
  type Link,
  type Order,
  type PracticeState,
  type Youth,
} from "@sinetti/core";
import { signAcceptance } from "@sinetti/core/service";

import { checkFreezer, checkThaw } from "../freezeRule.ts";
import type { Gate } from "../gate.ts";
import { checkLain } from "../orderWait.ts";
import { waitHours, type OrderCase } from "../policyWait.ts";
import { actingStops, clonePracticeState, headSeq, isMemberFrozen } from "../practiceView.ts";
import { allow, Refusal, toRefusal } from "../problem.ts";
import type { SignedRequest } from "../signedRequest.ts";
import { findLink, insertLink } from "../store/linkStore.ts";
import { appendLog, type LogLine } from "../store/logStore.ts";
import { deletePending } from "../store/orderStore.ts";
import { bumpOverlay, updatePractice } from "../store/practiceStore.ts";
import { sequenceStops } from "../store/stopStore.ts";
import { checkStillKinds } from "../stillness.ts";
import { transact, type Unit } from "../transaction.ts";
import { isLeftUnheld } from "../unheld.ts";
import { readYouth } from "../youth.ts";
import { findPlace } from "./findPlace.ts";
import type { Exchange } from "./exchange.ts";

/** What a member who is frozen may still order: more stops, their end, and their own new key. */
const WHILE_FROZEN = new Set<Order["kind"]>([
  "freeze",
  "thaw",
  "member.end",
  "device.end",
  "member.rekey",
]);
const LOGGED = new Set<Order["kind"]>(["freeze", "thaw"]);

interface Submission {
  readonly link: Link;
  readonly order: Order;
  readonly signed: Uint8Array;
  readonly approvals: readonly Uint8Array[];
}

/** The practice after the statements; the view's own state stays as it is. */
async function fold(unit: Unit, submissions: readonly Submission[]): Promise<PracticeState> {
  const youth = await readYouth(unit);
  const state = clonePracticeState(unit.view.state);
  for (const [index, submission] of submissions.entries()) {
    try {
      await foldOne(unit, submission, { state, youth });
    } catch (error) {
      throw new Refusal(toRefusal(error).code, { index, cause: error });
    }
  }
  return state;
}

async function foldOne(
  unit: Unit,
  { link, order, signed, approvals }: Submission,
  { state, youth }: { state: PracticeState; youth: Youth },
): Promise<void> {
  const { view, time } = unit;
  const { member: author } = authorKey(state, order.author);
  const isFrozen = author !== null && isMemberFrozen({ ...view, state }, author);
  allow(!isFrozen || WHILE_FROZEN.has(order.kind), "frozen");
  const orderCase: OrderCase = { state, order, author, approvals, youth };
  const hours = waitHours(orderCase);
  applyPracticeStatement(state, link, { week: Math.max(weekOf(time), state.week), youth });
  await checkLain(unit, signed, hours);
  // These two come alone, so the view is as it was right before them.
  if (order.kind === "thaw") await checkThaw(unit, order);
  await checkFreezer(unit, { ...orderCase, state: view.state });
}

function logLine(order: Order, request: SignedRequest): LogLine | null {
  const { caller, nonce } = request;
  const line = { member: caller.member, device: caller.device, nonce };
  if (order.kind === "freeze" || order.kind === "thaw") return { ...line, kind: order.kind };
  return order.author.by === "kit" ? { ...line, kind: "kit" } : null;
}

async function write(
  unit: Unit,
  submissions: readonly Submission[],
  {
    state,
    acceptance,
    request,
  }: { state: PracticeState; acceptance: Uint8Array; request: SignedRequest },
): Promise<void> {
  const { tx, practice, log, time } = unit;
  const lines = submissions.flatMap(({ order }) => logLine(order, request) ?? []);
  await Promise.all([
    ...submissions.map(({ link }) =>
      insertLink(tx, practice, {
        statement: link.signed,
        acceptance,
        seq: link.statement.seq,
        hash: link.hash,
        acceptedAt: time,
      }),
    ),
    updatePractice(tx, state),
    deletePending(
      tx,
      practice,
      submissions.map(({ signed }) => hashOrder(signed)),
    ),
    ...lines.map((line) => appendLog(tx, practice, { line, head: log, time })),
  ]);
  const ids = submissions.map(({ order }) => order.id);
  if ((await sequenceStops(tx, practice, ids)) > 0) await bumpOverlay(tx, practice);
}

/** The acceptance that these very statements got before; null: their places are free. Error: `conflict`. */
async function findTaken(
  unit: Unit,
  submissions: readonly Submission[],
): Promise<Uint8Array | null> {
  const head = headSeq(unit.view);
  const [first, ...rest] = await Promise.all(
    submissions.map(({ link }) =>
      findPlace(link, head, () => findLink(unit.tx, unit.practice, link.statement.seq)),
    ),
  );
  if (first === undefined || first === null) return null;
  allow(
    rest.every((other) => other !== null && equalBytes(other, first)),
    "conflict",
  );
  return first;
}

function sign(gate: Gate, state: PracticeState, submissions: readonly Submission[]): Uint8Array {
  const items = submissions.map(({ link }) => ({
    chain: "practice" as const,
    id: state.practice,
    seq: link.statement.seq,
    hash: link.hash,
    share: null,
  }));
  const { practice, week } = state;
  return signAcceptance({ practice, week, items }, gate.keys.service.secret);
}

/** Sequences statements of the practice chain, all or none. */
export async function submitPractice({
  gate,
  request,
  body,
}: Exchange<{ statements: Uint8Array[] }>): Promise<{ acceptance: Uint8Array }> {
  const submissions = body.statements.map((signed) => {
    const link = readStatement(signed);
    return { link, ...readOrderStatement(link) };
  });
  const orders = submissions.map(({ order }) => order);
  const isLogged = orders.some(({ kind, author }) => LOGGED.has(kind) || author.by === "kit");
  allow(!isLogged || orders.length === 1, "malformed");
  const lock = isLogged ? "chain-and-log" : "chain";
  const done = await transact(gate, { request, lock }, async (unit) => {
    const taken = await findTaken(unit, submissions);
    if (taken !== null) return { acceptance: taken, view: null, isUnheld: false };
    checkStillKinds(
      unit.view,
      orders.map(({ kind }) => kind),
    );
    const state = await fold(unit, submissions);
    const acceptance = sign(gate, state, submissions);
    await write(unit, submissions, { state, acceptance, request });
    const stops = actingStops(state, unit.view.stops);
    const ended = orders.flatMap((order) =>
      order.kind === "member.end" ? [order.body.member] : [],
    );
    const isUnheld = await isLeftUnheld(unit.tx, { practice: state, ended });
    return { acceptance, view: { ...unit.view, state, stops }, isUnheld };
  });
  if (done.isUnheld) gate.metrics.raise("unheld");
  if (done.view !== null) gate.views.keep(done.view);
  for (const { kind, author } of orders) {
    if (kind === "freeze") gate.metrics.raise("freeze");
    if (author.by === "code") gate.metrics.raise("break-glass");
    if (author.by === "kit" || author.by === "recovery") gate.metrics.raise(author.by);
  }
  return { acceptance: done.acceptance };
}
