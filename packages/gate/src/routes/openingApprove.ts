import {
  GATE_ROUTES,
  hashLogDetail,
  isRecovered,
  isSeconded,
  policyAt,
  rolesAt,
  weekOf,
  type MemberId,
  type Shaped,
} from "@sinetti/core";

import { isMemberFrozen, type Caller } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { clearBlocks, insertOpeningApproval } from "../store/approvalStore.ts";
import { appendLog } from "../store/logStore.ts";
import { bumpOverlay } from "../store/practiceStore.ts";
import { transact, type Unit } from "../transaction.ts";
import { readYouth } from "../youth.ts";
import type { Empty, Exchange } from "./exchange.ts";

type Body = Shaped<(typeof GATE_ROUTES)["openingApprove"]["request"]>;

const DAY_SECONDS = 86_400;
/** What the paper code opens, it opens for a few hours. */
const BREAK_GLASS_SECONDS = 4 * 3600;

/**
 * The approver is somebody else who counts as a second person in a practice of this size; the paper code is too, and for
 * whom the trustees brought in the key that they joined.
 */
async function checkApprover(
  unit: Unit,
  { author, member }: Caller,
  subject: MemberId,
): Promise<void> {
  const { view } = unit;
  if (author.by === "recovery") return allow(isRecovered(view.state, subject), "not-authorised");
  if (member === null) return;
  const approver = member;
  allow(approver !== subject, "not-authorised");
  allow(!isMemberFrozen(view, approver) && !view.blocked.has(approver), "frozen");
  const youth = await readYouth(unit);
  const approvers = { members: new Set([approver]), code: false, recovery: false };
  const week = Math.max(weekOf(unit.time), view.state.week);
  const isSecond = isSeconded(view.state, { approvers, author: subject, week, youth });
  allow(isSecond, "second-person-missing");
}

function checkApproval(
  { view, time }: Unit,
  { author }: Caller,
  { subject, scope, files, count, until }: Body,
): void {
  allow(rolesAt(view.state, subject).length > 0, "not-authorised");
  allow((scope === "files") === files.length > 0 && count > 0, "malformed");
  const longest =
    author.by === "code" ? BREAK_GLASS_SECONDS : policyAt(view.state).standInDays * DAY_SECONDS;
  const latest = time + longest;
  allow(until > time && until <= latest, "not-authorised");
}

/** Another person's consent to openings; one that names a canary's file ends the block that it caused. */
export async function approveOpening({ gate, request, body }: Exchange<Body>): Promise<Empty> {
  const { caller, nonce } = request;
  await transact(gate, { request, lock: "log" }, async (unit) => {
    const { tx, practice, log, time } = unit;
    await checkApprover(unit, caller, body.subject);
    checkApproval(unit, caller, body);
    const { member, device } = caller;
    const detail = hashLogDetail(GATE_ROUTES.openingApprove.request, body);
    const line = { kind: "approval" as const, member, device, nonce, count: body.count, detail };
    const { index } = await appendLog(tx, practice, { line, head: log, time });
    await insertOpeningApproval(tx, practice, { ...body, index, approver: member });
    if (body.scope !== "files") return;
    const cleared = { member: body.subject, files: body.files, index };
    if ((await clearBlocks(tx, practice, cleared)) > 0) await bumpOverlay(tx, practice);
  });
  if (caller.author.by === "code") gate.metrics.raise("break-glass");
  if (caller.author.by === "recovery") gate.metrics.raise("recovery");
  return {};
}
