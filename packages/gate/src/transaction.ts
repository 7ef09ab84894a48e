import type { PracticeId } from "@sinetti/core";

import type { Gate } from "./gate.ts";
import { checkStillLive, waitingRestore, type PracticeView } from "./practiceView.ts";
import { allow, Refusal } from "./problem.ts";
import type { SignedRequest } from "./signedRequest.ts";
import type { Tx } from "./store/database.ts";
import { enterPractice, readView, type Lock, type LogHead } from "./store/practiceStore.ts";

/** One transaction on one practice. */
export interface Unit {
  readonly tx: Tx;
  readonly practice: PracticeId;
  readonly view: PracticeView;
  readonly log: LogHead;
  /** Gate time, unix seconds. */
  readonly time: number;
}

/**
 * Ends a transaction right behind its last writes, without waiting for their answers in between; nothing may follow. One that fails
 * undoes all, and the first of those that do is thrown. A write asks the database before it waits for anything else.
 */
export type Commit = (writes: readonly (Promise<unknown> | undefined)[]) => Promise<void>;

interface Begin<R> {
  readonly practice: PracticeId;
  readonly lock: Lock;
  /** Reads that need nothing from the view: they go out right behind the lock, without waiting for its answer. */
  readonly ahead?: (tx: Tx) => Promise<R>;
}

async function open<R>(
  gate: Gate,
  tx: Tx,
  { practice, lock, ahead }: Begin<R>,
): Promise<{ unit: Unit; read: R | undefined }> {
  const known = gate.views.get(practice);
  const [, { view, log }, read] = await Promise.all([
    enterPractice(tx, practice),
    readView(tx, practice, { known, lock }),
    ahead?.(tx),
  ]);
  gate.views.keep(view);
  return { unit: { tx, practice, view, log, time: gate.clock.at(log.time) }, read };
}

/** The newest view, from the database. */
export async function refreshView(gate: Gate, practice: PracticeId): Promise<PracticeView> {
  const opened = await gate.sql.begin((tx) => open(gate, tx, { practice, lock: "none" }));
  return opened.unit.view;
}

/** Whether the database has committed: what fails in between makes a commit undo, and no error. */
async function sendCommit(tx: Tx): Promise<void> {
  const { command } = await tx`commit`;
  if (command !== "COMMIT") throw new Refusal("unavailable");
}

/**
 * Lock, then read, then decide, then write: all of a request's work in one transaction, for a caller who is live in it. Its beginning
 * travels with the first reads.
 */
export async function transact<T, R = undefined>(
  gate: Gate,
  { request, lock, ahead }: { request: SignedRequest } & Omit<Begin<R>, "practice">,
  work: (unit: Unit, read: R, commit: Commit) => Promise<T>,
): Promise<T> {
  const { practice, caller } = request;
  const tx = await gate.sql.reserve();
  let isEnding = false;
  try {
    const begin = ahead === undefined ? { practice, lock } : { practice, lock, ahead };
    // A query is sent when it is first waited for; this one must be ahead of all others.
    const [, { unit, read }] = await Promise.all([tx`begin`.execute(), open<R>(gate, tx, begin)]);
    checkStillLive(unit.view, caller);
    allow(request.mayBeStill || waitingRestore(unit.view) === null, "restored");
    const commit: Commit = async (writes) => {
      isEnding = true;
      const settled = await Promise.allSettled([...writes, sendCommit(tx)]);
      const failed = settled.find((result) => result.status === "rejected");
      if (failed !== undefined) throw failed.reason;
    };
    const value = await work(unit, read as R, commit);
    if (!isEnding) await sendCommit(tx);
    return value;
  } catch (error) {
    // Fails only with the connection, and then nothing was committed either.
    await tx`rollback`.catch(() => undefined);
    throw error;
  } finally {
    tx.release();
  }
}
