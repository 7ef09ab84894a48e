import {
  acceptsLink,
  applyPracticeStatement,
  bytesToHex,
  readGenesis,
  readStatement,
  startPractice,
  verifyAcceptance,
  type PracticeId,
  type PracticeState,
} from "@sinetti/core";
import type postgres from "postgres";

interface LinkRow {
  readonly practice: Buffer;
  readonly statement: Buffer;
  readonly acceptance: Buffer;
}

/** The week in which the gate took a link. Errors of core where it did not. */
function weekOf(row: LinkRow, practice: PracticeId, state: PracticeState | null): number {
  const link = readStatement(row.statement);
  const gate = state === null ? readGenesis(row.statement).services.gate : state.services.gate;
  const accepted = verifyAcceptance(row.acceptance, gate, practice);
  const named = { ...link, statement: { ...link.statement, id: practice } };
  if (!acceptsLink(accepted, state === null ? named : link))
    throw new RangeError("another link was accepted");
  return accepted.week;
}

function fold(rows: readonly LinkRow[], practice: PracticeId): PracticeState | null {
  let state: PracticeState | null = null;
  for (const row of rows) {
    const week = weekOf(row, practice, state);
    if (state === null) state = startPractice(row.statement, { practice, week });
    else applyPracticeStatement(state, readStatement(row.statement), { week });
  }
  return state;
}

/** Every practice in a database, its chain verified from the genesis that its id commits to; null where a check fails. */
export async function readPracticeStates(
  sql: postgres.TransactionSql,
): Promise<ReadonlyMap<PracticeId, PracticeState | null>> {
  const rows = await sql.unsafe<LinkRow[]>(
    "select practice, statement, acceptance from posture.practice_chain()",
  );
  const byPractice = Map.groupBy(rows, ({ practice }) => bytesToHex(practice) as PracticeId);
  return new Map(
    [...byPractice].map(([practice, links]) => {
      try {
        return [practice, fold(links, practice)];
      } catch {
        return [practice, null];
      }
    }),
  );
}
