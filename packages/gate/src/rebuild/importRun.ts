import {
  bytesToHash,
  CoreError,
  decodeShape,
  equalBytes,
  practiceStateShape,
  readOrder,
  RunReader,
  sha256,
  verifyAcceptance,
  type FileId,
  type Hash,
  type Link,
  type PracticeId,
  type PracticeState,
  type RunFile,
  type RunFrame,
} from "@sinetti/core";

import type { GateKeys } from "../gate.ts";
import { allow, Refusal } from "../problem.ts";
import { checkStop } from "../routes/stop.ts";
import type { Sql, Tx } from "../store/database.ts";
import type { AcceptedLink } from "../store/linkStore.ts";
import { bumpOverlay, enterPractice, findState, readView } from "../store/practiceStore.ts";
import { insertStop } from "../store/stopStore.ts";
import { placeOf, takeFiles, type Word } from "./fileRun.ts";
import { takeLinks } from "./practiceRun.ts";

/** What a gate lacked and has now. */
export interface TakenRun {
  links: number;
  statements: number;
  stops: number;
}

/** Takes what a vault holds into this gate; nothing counts that the gate has not signed itself. */
class RunImport {
  readonly taken: TakenRun = { links: 0, statements: 0, stops: 0 };
  readonly #sql: Sql;
  readonly #keys: GateKeys;
  readonly #practice: PracticeId;
  readonly #now: number;
  #state: PracticeState | null = null;
  readonly #words = new Map<string, Word>();
  readonly #signed = new Map<Hash, Uint8Array>();

  constructor(sql: Sql, into: { keys: GateKeys; practice: PracticeId; now: number }) {
    this.#sql = sql;
    this.#keys = into.keys;
    this.#practice = into.practice;
    this.#now = into.now;
  }

  async take(frame: RunFrame): Promise<void> {
    switch (frame.kind) {
      case "start":
        return this.#start(frame.practice);
      case "practice":
        return this.#takeLinks(frame.links);
      case "acceptances":
        return this.#hear(frame.signed);
      case "files":
        return this.#takeFiles(frame.files);
      case "stops":
        for (const signed of frame.orders) await this.#obey(signed);
        return;
      case "end":
        return;
    }
  }

  async #within<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return (await this.#sql.begin(async (tx) => {
      await enterPractice(tx, this.#practice);
      return await work(tx);
    })) as T;
  }

  #known(): PracticeState {
    if (this.#state === null) throw new Refusal("unknown-practice");
    return this.#state;
  }

  async #start(practice: PracticeId): Promise<void> {
    allow(practice === this.#practice, "unknown-practice");
    const bytes = await this.#within((tx) => findState(tx, practice));
    if (bytes === null) return;
    this.#state = decodeShape(practiceStateShape, bytes, Number.MAX_SAFE_INTEGER);
    allow(equalBytes(this.#state.services.gate, this.#keys.service.publicKey), "wrong-service");
  }

  async #takeLinks(links: readonly AcceptedLink[]): Promise<void> {
    const key = this.#keys.service.publicKey;
    const into = { practice: this.#practice, key, now: this.#now };
    const { state, fresh } = await this.#within((tx) =>
      takeLinks(tx, { state: this.#state, links }, into),
    );
    this.#state = state;
    this.taken.links += fresh;
  }

  #hear(signed: readonly Uint8Array[]): void {
    for (const word of signed) {
      const key = this.#keys.service.publicKey;
      const { week, items } = verifyAcceptance(word, key, this.#practice);
      const acceptance = bytesToHash(sha256(word));
      this.#signed.set(acceptance, word);
      for (const { chain, id, seq, hash, share } of items)
        if (chain === "access")
          this.#words.set(placeOf(id as FileId, seq), { statement: hash, week, acceptance, share });
    }
  }

  #word({ statement: { id, seq }, hash }: Link): Word {
    const place = placeOf(id as FileId, seq);
    const word = this.#words.get(place);
    allow(word !== undefined, "malformed");
    allow(word.statement === hash, "forked-chain");
    this.#words.delete(place);
    return word;
  }

  async #takeFiles(files: readonly RunFile[]): Promise<void> {
    const signed = (acceptance: Hash): Uint8Array => {
      const found = this.#signed.get(acceptance);
      allow(found !== undefined, "malformed");
      return found;
    };
    const into = {
      practice: this.#known(),
      key: this.#keys.encryption,
      now: this.#now,
      word: (link: Link) => this.#word(link),
      signed,
    };
    this.taken.statements += await this.#within((tx) => takeFiles(tx, files, into));
  }

  /** A stop that no chain carries; one that could not stand any more is passed over. */
  async #obey(signed: Uint8Array): Promise<void> {
    const order = readOrder(signed);
    const practice = this.#practice;
    try {
      const isNew = await this.#within(async (tx) => {
        const { view, log } = await readView(tx, practice, {
          known: undefined,
          lock: "chain-and-log",
        });
        const time = Math.max(this.#now, log.time);
        if (view.state.orders[order.id] !== undefined) return false;
        await checkStop({ tx, practice, view, log, time }, order, signed);
        if (!(await insertStop(tx, practice, { order: order.id, signed, arrivedAt: time })))
          return false;
        await bumpOverlay(tx, practice);
        return true;
      });
      if (isNew) this.taken.stops++;
    } catch (error) {
      if (!(error instanceof CoreError || error instanceof Refusal)) throw error;
    }
  }
}

/** Reads a whole run into the gate. Errors: Refusal, CoreError; what was taken before stays. */
export async function importRun(
  sql: Sql,
  into: { keys: GateKeys; practice: PracticeId; now: number },
  run: AsyncIterable<Uint8Array>,
): Promise<TakenRun> {
  const reader = new RunReader();
  const target = new RunImport(sql, into);
  for await (const bytes of run) for (const frame of reader.take(bytes)) await target.take(frame);
  reader.finish();
  return target.taken;
}
