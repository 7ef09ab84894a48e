import {
  applyPracticeStatement,
  authorKey,
  hashOrder,
  readOrderStatement,
  readStatement,
  weekOf,
  type Link,
  type Order,
  type PracticeState,
} from "@sinetti/core";
import { signAcceptance } from "@sinetti/core/service";

import { checkFreezer, checkThaw } from "../freezeRule.ts";
import { checkWait } from "../orderWait.ts";
import type { OrderCase } from "../policyWait.ts";
import { actingStops, clonePracticeState, headSeq, isMemberFrozen } from "../practiceView.ts";
import { allow } from "../problem.ts";
import type { SignedRequest } from "../signedRequest.ts";
import { findLink, insertLink } from "../store/linkStore.ts";
import { appendLog, type LogLine } from "../store/logStore.ts";
import { deletePending } from "../store/orderStore.ts";
import { bumpOverlay, updatePractice } from "../store/practiceStore.ts";
import { sequenceStops } from "../store/stopStore.ts";
import { transact, type Unit } from "../transaction.ts";
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

/** The practice after the statement; the view's own state stays as it is. */
async function fold(unit: Unit, submission: Submission): Promise<PracticeState> {
  const { link, order, signed, approvals } = submission;
  const { view, time } = unit;
  const { member: author } = authorKey(view.state, order.author);
  const isFrozen = author !== null && isMemberFrozen(view, author);
  allow(!isFrozen || WHILE_FROZEN.has(order.kind), "frozen");
  const youth = await readYouth(unit);
  const state = clonePracticeState(view.state);
  const week = Math.max(weekOf(time), state.week);
  applyPracticeStatement(state, link, { week, youth });
  const orderCase: OrderCase = { state: view.state, order, author, approvals, youth };
  await checkWait(unit, orderCase, signed);
  if (order.kind === "thaw") await checkThaw(unit, order);
  await checkFreezer(unit, orderCase);
  return state;
}

function logLine(order: Order, request: SignedRequest): LogLine | null {
  const { caller, nonce } = request;
  const line = { member: caller.member, device: caller.device, nonce };
  if (order.kind === "freeze" || order.kind === "thaw") return { ...line, kind: order.kind };
  return order.author.by === "kit" ? { ...line, kind: "kit" } : null;
}

async function write(
  unit: Unit,
  { link, order, signed }: Submission,
  {
    state,
    acceptance,
    request,
  }: { state: PracticeState; acceptance: Uint8Array; request: SignedRequest },
): Promise<void> {
  const { tx, practice, log, time } = unit;
  const line = logLine(order, request);
  await Promise.all([
    insertLink(tx, practice, {
      statement: link.signed,
      acceptance,
      seq: link.statement.seq,
      hash: link.hash,
      acceptedAt: time,
    }),
    updatePractice(tx, state),
    deletePending(tx, practice, hashOrder(signed)),
    line === null ? undefined : appendLog(tx, practice, { line, head: log, time }),
  ]);
  if ((await sequenceStops(tx, practice, [order.id])) > 0) await bumpOverlay(tx, practice);
}

/** Sequences one statement of the practice chain. */
export async function submitPractice({
  gate,
  request,
  body,
}: Exchange<{ statement: Uint8Array }>): Promise<{ acceptance: Uint8Array }> {
  const link = readStatement(body.statement);
  const submission = { link, ...readOrderStatement(link) };
  const { order } = submission;
  const lock = LOGGED.has(order.kind) || order.author.by === "kit" ? "chain-and-log" : "chain";
  const done = await transact(gate, { request, lock }, async (unit) => {
    const taken = await findPlace(link, headSeq(unit.view), () =>
      findLink(unit.tx, unit.practice, link.statement.seq),
    );
    if (taken !== null) return { acceptance: taken, view: null };
    const state = await fold(unit, submission);
    const { seq } = link.statement;
    const item = {
      chain: "practice" as const,
      id: unit.practice,
      seq,
      hash: link.hash,
      share: null,
    };
    const acceptance = signAcceptance(
      { practice: unit.practice, week: state.week, items: [item] },
      gate.keys.service.secret,
    );
    await write(unit, submission, { state, acceptance, request });
    const stops = actingStops(state, unit.view.stops);
    return { acceptance, view: { ...unit.view, state, stops } };
  });
  if (done.view !== null) gate.views.keep(done.view);
  if (order.kind === "freeze") gate.metrics.raise("freeze");
  if (order.author.by === "code") gate.metrics.raise("break-glass");
  if (order.author.by === "kit") gate.metrics.raise("kit");
  return { acceptance: done.acceptance };
}
