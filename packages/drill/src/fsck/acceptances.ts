import {
  CoreError,
  acceptsLink,
  bytesToHash,
  sha256,
  verifyAcceptance,
  type Acceptance,
  type Hash,
  type Link,
  type PracticeId,
} from "@sinetti/core";

import type { KnownPractice } from "./practiceKnown.ts";
import type { Tally } from "./tally.ts";

/** Those that were used last; a batch of creates shares one. */
const HELD = 512;

/** What the gate said of a statement. */
export interface Word {
  readonly week: number;
  /** Hash of the half at rest that it brought; null: none. */
  readonly share: Hash | null;
}

/** An acceptance as a row names it; `signed` null: there is no such row. */
export interface NamedAcceptance {
  readonly name: Buffer;
  readonly signed: Buffer | null;
  readonly practice: PracticeId;
  readonly known: KnownPractice;
}

/** Acceptances, each verified once while it is in use. */
export class AcceptanceBook {
  readonly #tally: Tally;
  readonly #held = new Map<string, Acceptance | null>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** The gate's word on a link, or what is wrong with it. */
  wordOn(link: Link, named: NamedAcceptance): Word | "acceptance-missing" | "acceptance" {
    if (named.signed === null) return "acceptance-missing";
    const accepted = this.#read(named.signed, named);
    try {
      if (accepted === null || !acceptsLink(accepted, link)) return "acceptance";
    } catch (error) {
      if (error instanceof CoreError) return "acceptance";
      throw error;
    }
    const { chain, id, seq } = link.statement;
    const item = accepted.items.find(
      (each) => each.chain === chain && each.id === id && each.seq === seq,
    );
    return { week: accepted.week, share: item?.share ?? null };
  }

  #read(signed: Buffer, named: NamedAcceptance): Acceptance | null {
    const key = `${named.practice}:${named.name.toString("hex")}`;
    const before = this.#held.get(key);
    if (before !== undefined) return before;
    const found = this.#verify(signed, named);
    this.#held.set(key, found);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD && oldest !== undefined) this.#held.delete(oldest);
    return found;
  }

  /** By any key that the gate has had: the acceptance of an old statement was signed with an old one. */
  #verify(signed: Buffer, { name, practice, known }: NamedAcceptance): Acceptance | null {
    if (bytesToHash(sha256(signed)) !== name.toString("hex")) return null;
    this.#tally.statements++;
    for (const key of known.gateKeys) {
      try {
        return verifyAcceptance(signed, key, practice);
      } catch (error) {
        if (!(error instanceof CoreError)) throw error;
      }
    }
    return null;
  }
}
