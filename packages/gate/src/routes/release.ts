import {
  accessHead,
  type GATE_ROUTES,
  knowsPlace,
  policyAt,
  practiceHead,
  type FileId,
  type Place,
  type ReleaseRequest,
  type ReleasedItem,
  type Shaped,
} from "@sinetti/core";
import {
  encodeReleaseAnswer,
  hpkeSeal,
  openShare,
  releaseInfo,
  signReceipt,
} from "@sinetti/core/service";

import { isLapsing } from "../accessNow.ts";
import type { Gate } from "../gate.ts";
import { MemberBudget } from "../policyBudget.ts";
import { decideRelease, type Decision } from "../policyRelease.ts";
import { headSeq, memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { readForRelease, type ReleaseRead } from "../releaseRead.ts";
import type { SignedRequest } from "../signedRequest.ts";
import { appendLog, type WrittenLine } from "../store/logStore.ts";
import { bumpOverlay } from "../store/practiceStore.ts";
import { insertBlock, readRecent, touchFiles, useApprovals } from "../store/releaseStore.ts";
import { isSpent } from "../stillness.ts";
import { transact, type Commit, type Unit } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

type Answer = Shaped<(typeof GATE_ROUTES)["release"]["answer"]>;

async function decide(
  unit: Unit,
  { request, body, read }: { request: SignedRequest; body: ReleaseRequest; read: ReleaseRead },
): Promise<Decision[]> {
  const { view, time, tx, practice } = unit;
  const { member, device } = memberOf(request.caller);
  const lapsing = [...read.files.values()].filter(({ state }) =>
    isLapsing(view, state, { member, time }),
  );
  const files = lapsing.map(({ state }) => state.file);
  const recent =
    files.length === 0
      ? new Set<FileId>()
      : await readRecent(tx, practice, { member, time, files });
  const known = { policy: policyAt(view.state), time, isSpent: isSpent(view, time) };
  const budget = new MemberBudget({ ...known, ...read.budget });
  const { purpose } = body;
  const { approvals } = read;
  return decideRelease(
    { view, member, device, purpose, time, budget, approvals, recent },
    body.items.map(({ file, epoch }) => ({ file, epoch, stored: read.files.get(file) })),
  );
}

/** The highest record head that anybody reported; of two at one place the first stays, and that is an alarm. */
function mergeRecord(gate: Gate, known: Place | null, reported: Place | null): Place | null {
  if (reported === null || (known !== null && reported.seq < known.seq)) return known;
  if (known === null || reported.seq > known.seq) return reported;
  if (reported.hash !== known.hash) gate.metrics.raise("fork");
  return known;
}

interface Released {
  readonly line: WrittenLine;
  readonly items: ReleasedItem[];
  readonly decisions: readonly Decision[];
  readonly time: number;
  readonly seen: Place;
}

function toItems(
  gate: Gate,
  {
    body,
    read,
    decisions,
  }: { body: ReleaseRequest; read: ReleaseRead; decisions: readonly Decision[] },
): { items: ReleasedItem[]; touched: { file: FileId; record: Place | null }[] } {
  const touched: { file: FileId; record: Place | null }[] = [];
  const items = decisions.map(({ file, epoch, outcome }, index): ReleasedItem => {
    const stored = read.files.get(file);
    const sealed = read.shares.get(file);
    if (outcome !== "released" || stored === undefined || sealed === undefined)
      return { file, outcome, epoch, share: null, access: null, record: null };
    const { practice } = stored.state;
    const share = openShare(gate.keys.encryption, { practice, file, epoch }, sealed.sealed);
    const record = mergeRecord(gate, stored.record, body.items[index]?.record ?? null);
    touched.push({ file, record });
    return { file, outcome, epoch, share, access: accessHead(stored.state), record };
  });
  return { items, touched };
}

async function write(
  unit: Unit,
  {
    request,
    body,
    read,
    decisions,
    gate,
    commit,
  }: {
    request: SignedRequest;
    body: ReleaseRequest;
    read: ReleaseRead;
    decisions: readonly Decision[];
    gate: Gate;
    commit: Commit;
  },
): Promise<Released> {
  const { tx, practice, log, time, view } = unit;
  const { member, device } = memberOf(request.caller);
  const { purpose } = body;
  const { items, touched } = toItems(gate, { body, read, decisions });
  const kind = purpose === "machine" ? ("machine" as const) : ("release" as const);
  const line = { kind, member, device, nonce: request.nonce, purpose, items: decisions };
  const used = decisions.flatMap(({ approval }) => (approval === null ? [] : [approval]));
  const canary = decisions.find(({ outcome }) => outcome === "canary");
  const block = { member, index: log.nextIndex, time };
  const appended = appendLog(tx, practice, { line, head: log, time });
  await commit([
    appended,
    touched.length > 0 ? touchFiles(tx, practice, { files: touched, time }) : undefined,
    used.length > 0 ? useApprovals(tx, practice, used) : undefined,
    canary ? insertBlock(tx, practice, { ...block, file: canary.file }) : undefined,
    canary ? bumpOverlay(tx, practice) : undefined,
  ]);
  return { line: await appended, items, decisions, time, seen: practiceHead(view.state) };
}

function countAll(gate: Gate, decisions: readonly Decision[]): void {
  for (const { outcome, exempt } of decisions) {
    gate.metrics.countOutcome(outcome);
    if (outcome === "canary") gate.metrics.raise("canary");
    if (exempt === "crisis" || exempt === "grace") gate.metrics.raise(exempt);
  }
}

function answer(
  gate: Gate,
  released: Released,
  { request, body }: Exchange<ReleaseRequest>,
): Answer {
  const { line, items, decisions, time, seen } = released;
  const warn = [...new Set(decisions.flatMap((decision) => decision.warn ?? []))];
  const plaintext = encodeReleaseAnswer({ items, warn });
  const sealed = hpkeSeal(body.ephemeral, releaseInfo(request.hash), plaintext);
  const place = { index: line.index, head: line.hash, seen, time };
  const receipt = signReceipt(
    { practice: request.practice, request: request.hash, ...place },
    gate.keys.service.secret,
  );
  return { sealed, receipt };
}

/** Releases gate halves: decided, logged and committed first, answered after. */
export async function release(exchange: Exchange<ReleaseRequest>): Promise<Answer> {
  const { gate, request, body } = exchange;
  const { practice } = request;
  const { member } = memberOf(request.caller);
  const files = [...new Set(body.items.map(({ file }) => file))];
  allow(files.length === body.items.length, "malformed");
  const ask = { member, files, now: gate.clock.now(), states: gate.accessStates };
  const released = await transact(
    gate,
    { request, lock: "log", ahead: (tx) => readForRelease(tx, practice, ask) },
    async (unit, read, commit) => {
      const { view, log } = unit;
      gate.clock.check(practice, log.time);
      const isAhead = body.seen.seq > headSeq(view);
      allow(knowsPlace(view.state, body.seen), isAhead ? "behind" : "forked-chain");
      const decisions = await decide(unit, { request, body, read });
      return write(unit, { request, body, read, decisions, gate, commit });
    },
  );
  countAll(gate, released.decisions);
  return answer(gate, released, exchange);
}
