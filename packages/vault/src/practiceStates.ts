import {
  couldStand,
  type Order,
  type PracticeId,
  type PracticeState,
  type RestoreId,
} from "@sinetti/core";

import { readMark, readState, type PracticeMark } from "./store/practices.ts";
import { readRestore } from "./store/restores.ts";
import { readActing } from "./store/stops.ts";
import { inPractice, type Sql, type Tx } from "./store/transaction.ts";

/** A practice as the vault knows it; nobody changes what is held. */
export interface Held {
  readonly state: PracticeState;
  readonly mark: PracticeMark;
  /** Stops that no chain carries yet. */
  readonly acting: readonly Order[];
  /** The run that restored the practice and that nobody has resumed: until then the vault is still. */
  readonly restore: RestoreId | null;
}

const HELD_PRACTICES = 200;

function isSameMark(a: PracticeMark, b: PracticeMark): boolean {
  return (
    a.head.seq === b.head.seq && a.head.hash === b.head.hash && a.stopsVersion === b.stopsVersion
  );
}

async function readHeld(tx: Tx, practice: PracticeId): Promise<Held | null> {
  const [found, acting, restore] = await Promise.all([
    readState(tx, practice),
    readActing(tx, practice),
    readRestore(tx, practice),
  ]);
  if (found === null) return null;
  return { ...found, acting: acting.filter((order) => couldStand(found.state, order)), restore };
}

/** Folded practices in memory, so that no request decodes a state that it has seen. */
export class PracticeStates {
  readonly #sql: Sql;
  readonly #onChange: (before: Held | null, held: Held) => void;
  readonly #held = new Map<PracticeId, Held>();

  constructor(
    sql: Sql,
    { onChange }: { onChange: (before: Held | null, held: Held) => void } = {
      onChange: () => undefined,
    },
  ) {
    this.#sql = sql;
    this.#onChange = onChange;
  }

  #keep(held: Held): Held {
    const { practice } = held.state;
    const before = this.#held.get(practice) ?? null;
    this.#held.delete(practice);
    this.#held.set(practice, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD_PRACTICES && oldest !== undefined) this.#held.delete(oldest);
    this.#onChange(before, held);
    return held;
  }

  /** What is in memory, if it is. */
  peek(practice: PracticeId): Held | null {
    return this.#held.get(practice) ?? null;
  }

  /** What is known without asking the database whether it is the newest; `confirm` asks. */
  async find(practice: PracticeId): Promise<Held | null> {
    const held = this.#held.get(practice);
    if (held !== undefined) return held;
    const read = await inPractice(this.#sql, practice, (tx) => readHeld(tx, practice));
    return read === null ? null : this.#keep(read);
  }

  /** The newest that is written down. */
  async renew(practice: PracticeId): Promise<Held | null> {
    return inPractice(this.#sql, practice, (tx) => this.confirm(tx, practice));
  }

  /** The newest, inside the transaction of a request. */
  async confirm(tx: Tx, practice: PracticeId): Promise<Held | null> {
    const mark = await readMark(tx, practice);
    if (mark === null) return null;
    const held = this.#held.get(practice);
    if (held !== undefined && isSameMark(held.mark, mark)) return held;
    const read = await readHeld(tx, practice);
    return read === null ? null : this.#keep(read);
  }
}
