import {
  CoreError,
  RunReader,
  bytesToHash,
  readStatement,
  sha256,
  verifyAcceptance,
  type FileId,
  type Hash,
  type PracticeId,
  type PracticeState,
  type RunFile,
  type RunFrame,
  type Signed,
  type Subject,
} from "@sinetti/core";

import { decodeAccessState } from "../accessStates.ts";
import { isErased, type AcceptedAccess } from "../policy/accessFold.ts";
import type { Trust } from "../policy/practiceRun.ts";
import { checkStop, readStop } from "../policy/stopCheck.ts";
import { PracticeStates } from "../practiceStates.ts";
import { Refusal, refuse } from "../problem.ts";
import { readFiles } from "../store/files.ts";
import { findLostWraps } from "../store/runs.ts";
import { bumpStops, keepStop } from "../store/stops.ts";
import { inPractice, type Sql } from "../store/transaction.ts";
import { takeAccess } from "../takeAccess.ts";
import { takePracticeRun } from "../takePracticeRun.ts";

/** What a vault lacked and has now. */
export interface TakenRun {
  links: number;
  statements: number;
  erased: number;
  stops: number;
  /** Grants whose wraps are nowhere any more. */
  lostWraps: { file: FileId; subject: Subject }[];
}

/** The gate's word on one statement that has not come yet. */
interface Word extends Omit<AcceptedAccess, "link"> {
  readonly statement: Hash;
}

/** Takes what another service holds into a restored vault; everything is checked as if a client had brought it. */
class RunImport {
  readonly taken: TakenRun = { links: 0, statements: 0, erased: 0, stops: 0, lostWraps: [] };
  readonly #sql: Sql;
  readonly #practice: PracticeId;
  readonly #trust: Trust;
  readonly #week: number;
  readonly #practices: PracticeStates;
  readonly #words = new Map<string, Word>();
  readonly #signed = new Map<Hash, Signed>();

  constructor(sql: Sql, into: { practice: PracticeId; trust: Trust; week: number }) {
    this.#sql = sql;
    this.#practice = into.practice;
    this.#trust = into.trust;
    this.#week = into.week;
    this.#practices = new PracticeStates(sql);
  }

  async take(frame: RunFrame): Promise<void> {
    switch (frame.kind) {
      case "start":
        return frame.practice === this.#practice ? undefined : refuse("unknown-practice");
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
        return this.#finish();
    }
  }

  async #state(): Promise<PracticeState> {
    const held = await this.#practices.find(this.#practice);
    return held?.state ?? refuse("unknown-practice");
  }

  async #takeLinks(links: Parameters<typeof takePracticeRun>[1]): Promise<void> {
    const into = { practice: this.#practice, trust: this.#trust };
    const { links: fresh } = await inPractice(this.#sql, this.#practice, (tx) =>
      takePracticeRun(tx, links, into),
    );
    this.taken.links += fresh.length;
    if (fresh.length > 0) await this.#practices.renew(this.#practice);
  }

  async #hear(signed: readonly Signed[]): Promise<void> {
    const { services, practice } = await this.#state();
    for (const word of signed) {
      const { week, items } = verifyAcceptance(word, services.gate, practice);
      const acceptance = bytesToHash(sha256(word));
      this.#signed.set(acceptance, word);
      for (const { chain, id, seq, hash, share } of items)
        if (chain === "access")
          this.#words.set(`${id}:${seq}`, { statement: hash, week, acceptance, share });
    }
  }

  #accept(signed: Signed): AcceptedAccess {
    const link = readStatement(signed);
    const { chain, practice, id, seq } = link.statement;
    if (chain !== "access" || practice !== this.#practice) refuse("malformed");
    const place = `${id}:${seq}`;
    const { statement, ...word } = this.#words.get(place) ?? refuse("malformed");
    if (statement !== link.hash) refuse("forked-chain");
    this.#words.delete(place);
    return { link, ...word };
  }

  async #takeFiles(files: readonly RunFile[]): Promise<void> {
    const practice = await this.#state();
    const accepted = files.flatMap(({ file, statements }) =>
      statements.map(({ statement }) => {
        const each = this.#accept(statement);
        return each.link.statement.id === file ? each : refuse("malformed");
      }),
    );
    const shares = files.flatMap(({ file, shares: own }) => own.map((each) => ({ file, ...each })));
    const into = { practice, service: this.#trust.service, mayLackWraps: true };
    const folded = await inPractice(this.#sql, this.#practice, (tx) =>
      takeAccess(tx, into, { accepted, words: this.#wordsOf(accepted), shares }),
    );
    for (const { links, state } of folded.values()) {
      this.taken.statements += links.length;
      if (isErased(state)) this.taken.erased++;
    }
  }

  #wordsOf(accepted: readonly AcceptedAccess[]): { hash: Hash; signed: Signed }[] {
    const hashes = new Set(accepted.map(({ acceptance }) => acceptance));
    return [...hashes].map((hash) => ({
      hash,
      signed: this.#signed.get(hash) ?? refuse("malformed"),
    }));
  }

  /** A stop that no chain carries; one that could not stand any more, or is of the other vault's files, is passed over. */
  async #obey(signed: Signed): Promise<void> {
    const order = readStop(signed);
    const held = (await this.#practices.renew(this.#practice)) ?? refuse("unknown-practice");
    try {
      const isNew = await inPractice(this.#sql, this.#practice, async (tx) => {
        const file = order.kind === "revoke" ? order.body.file : null;
        const rows =
          file === null
            ? null
            : await readFiles(tx, this.#practice, { files: [file], lock: false });
        const row = file === null ? undefined : rows?.get(file);
        const access = row === undefined ? null : decodeAccessState(row.access.bytes);
        checkStop(held, { order, signed }, { access, week: this.#week });
        if (!(await keepStop(tx, this.#practice, { id: order.id, signed }))) return false;
        await bumpStops(tx, this.#practice);
        return true;
      });
      if (isNew) this.taken.stops++;
    } catch (error) {
      if (!(error instanceof CoreError || error instanceof Refusal)) throw error;
    }
  }

  async #finish(): Promise<void> {
    this.taken.lostWraps = await inPractice(this.#sql, this.#practice, (tx) =>
      findLostWraps(tx, this.#practice),
    );
  }
}

/** Reads a whole run into a vault. Errors: Refusal, CoreError; what was taken before stays. */
export async function importRun(
  sql: Sql,
  into: { practice: PracticeId; trust: Trust; week: number },
  run: AsyncIterable<Uint8Array>,
): Promise<TakenRun> {
  const reader = new RunReader();
  const target = new RunImport(sql, into);
  for await (const bytes of run) for (const frame of reader.take(bytes)) await target.take(frame);
  reader.finish();
  return target.taken;
}
