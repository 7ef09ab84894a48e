import {
  bytesToHash,
  readStatement,
  sha256,
  verifyAcceptance,
  type Acceptance,
  type Hash,
  type PracticeState,
  type Signed,
} from "@sinetti/core";

import { atItem, refuse } from "../problem.ts";
import type { AcceptedAccess } from "./accessFold.ts";

interface Word {
  readonly statement: Hash;
  readonly week: Acceptance["week"];
  readonly acceptance: Hash;
  readonly share: Hash | null;
}

const placeOf = (chain: string, id: string, seq: number): string => `${chain}:${id}:${seq}`;

/** Checks each acceptance once and each statement against them: one signature of the gate for a batch. */
export function acceptAccess(
  practice: PracticeState,
  { statements, acceptances }: { statements: readonly Signed[]; acceptances: readonly Signed[] },
): AcceptedAccess[] {
  const words = new Map<string, Word>();
  for (const signed of acceptances) {
    const { week, items } = verifyAcceptance(signed, practice.services.gate, practice.practice);
    const acceptance = bytesToHash(sha256(signed));
    for (const { chain, id, seq, hash, share } of items)
      words.set(placeOf(chain, id, seq), { statement: hash, week, acceptance, share });
  }
  return statements.map((signed, index) =>
    atItem(index, () => {
      const link = readStatement(signed);
      const { chain, id, seq } = link.statement;
      if (chain !== "access" || link.statement.practice !== practice.practice) refuse("malformed");
      const word = words.get(placeOf(chain, id, seq)) ?? refuse("malformed");
      if (word.statement !== link.hash) refuse("forked-chain");
      return { link, week: word.week, acceptance: word.acceptance, share: word.share };
    }),
  );
}
