import type { PracticeId } from "@sinetti/core";

import type { Gate } from "./gate.ts";
import { checkStillLive, waitingRestore, type PracticeView } from "./practiceView.ts";
import { allow } from "./problem.ts";
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

/** Lock, then read, then decide, then write: all of a request's work in one transaction, for a caller who is live in it. */
export async function transact<T, R = undefined>(
  gate: Gate,
  { request, lock, ahead }: { request: SignedRequest } & Omit<Begin<R>, "practice">,
  work: (unit: Unit, read: R) => Promise<T>,
): Promise<T> {
  const { practice, caller } = request;
  return (await gate.sql.begin(async (tx) => {
    const begin = ahead === undefined ? { practice, lock } : { practice, lock, ahead };
    const { unit, read } = await open<R>(gate, tx, begin);
    checkStillLive(unit.view, caller);
    allow(request.mayBeStill || waitingRestore(unit.view) === null, "restored");
    return await work(unit, read as R);
  })) as T;
}
