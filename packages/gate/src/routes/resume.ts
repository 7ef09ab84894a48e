import {
  checkResume,
  hashOrder,
  readOrder,
  weekOf,
  type GATE_ROUTES,
  type LostHeads,
  type Resume,
  type Shaped,
} from "@sinetti/core";

import { hasRole, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import type { SignedRequest } from "../signedRequest.ts";
import { deletePending } from "../store/orderStore.ts";
import { appendLog, type LogItem } from "../store/logStore.ts";
import { bumpOverlay } from "../store/practiceStore.ts";
import {
  insertResume,
  lowerHeads,
  readReportedHeads,
  resumeRestore,
} from "../store/restoreStore.ts";
import { transact, type Unit } from "../transaction.ts";
import { readYouth } from "../youth.ts";
import type { Empty, Exchange } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;
const PAGE_FILES = 1000;
/** Files that one line of the log names. */
const ITEMS_PER_LINE = 256;

/** The highest heads that readers reported, for whoever compares them with what a restored vault holds. */
export async function readRecordHeads({
  gate,
  request,
  body: { after },
}: Exchange<Shaped<Routes["recordHeads"]["request"]>>): Promise<
  Shaped<Routes["recordHeads"]["answer"]>
> {
  const { member } = memberOf(request.caller);
  return transact(gate, { request, lock: "none" }, async ({ tx, practice, view }) => {
    const mayCompare = hasRole(view, member, "privacy") || hasRole(view, member, "admin");
    allow(mayCompare, "not-authorised");
    const files = await readReportedHeads(tx, practice, { after, count: PAGE_FILES + 1 });
    return { files: files.slice(0, PAGE_FILES), more: files.length > PAGE_FILES };
  });
}

function toItem({ file }: LostHeads[number]): LogItem {
  const nothing = { unit: null, class: null, counted: false, exempt: null };
  return { file, epoch: 0, outcome: "unknown-file", ...nothing };
}

/** Says in the log that two have resumed, and which files were given up to what is left of them. */
async function logResume(
  { tx, practice, log, time }: Unit,
  { request, order, lost }: { request: SignedRequest; order: Resume; lost: LostHeads },
): Promise<void> {
  const { member, device } = request.caller;
  const detail = order.body.lost;
  let head = log;
  for (let from = 0; from === 0 || from < lost.length; from += ITEMS_PER_LINE) {
    const items = lost.slice(from, from + ITEMS_PER_LINE).map(toItem);
    const isFirst = from === 0;
    const line = {
      kind: "restored" as const,
      member,
      device: isFirst ? device : null,
      nonce: isFirst ? request.nonce : new Uint8Array(),
      items,
      count: lost.length,
      ...(detail === null ? {} : { detail }),
    };
    const { index, hash } = await appendLog(tx, practice, { line, head, time });
    head = { nextIndex: index + 1, hash, time };
  }
}

/**
 * Takes the order of two that ends the stillness after a restore: this gate's own, and that of a vault, whose lost heads it
 * lowers. The same order again changes nothing.
 */
export async function resume({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["resume"]["request"]>>): Promise<Empty> {
  const { order: signed, approvals, lost } = body;
  await transact(gate, { request, lock: "chain-and-log" }, async (unit) => {
    const { tx, practice, view, time } = unit;
    const week = Math.max(weekOf(time), view.state.week);
    const youth = await readYouth(unit);
    const order = checkResume(view.state, signed, { approvals, lost, week, youth });
    if (!(await insertResume(tx, practice, order.id))) return;
    await Promise.all([
      resumeRestore(tx, practice, { restore: order.body.restore, order: signed }),
      lowerHeads(tx, practice, lost),
      deletePending(tx, practice, [hashOrder(signed)]),
    ]);
    await logResume(unit, { request, order, lost });
    await bumpOverlay(tx, practice);
  });
  if (readOrder(signed).author.by === "code") gate.metrics.raise("break-glass");
  return {};
}
