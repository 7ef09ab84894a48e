import type { PracticeId } from "@sinetti/core";
import postgres from "postgres";

export type Sql = postgres.Sql;
export type Tx = postgres.ReservedSql;

const ATTEMPTS = 3;
/**
 * Two transactions met: a unique violation, a serialization failure, a deadlock. Of statements that were sent together, one that
 * came after it may be heard first, and says only that the transaction had failed before (25P02).
 */
const MET = new Set(["23505", "40001", "40P01", "25P02"]);

export function hasMet(error: unknown): boolean {
  return error instanceof postgres.PostgresError && MET.has(error.code);
}

async function runOnce<T>(tx: Tx, practice: PracticeId, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    // A query is sent when it is first waited for; these two must be ahead of whatever `work` asks.
    const begun = tx`begin`.execute();
    const scoped = tx`select set_config('sinetti.practice', ${practice}, true)`.execute();
    const [, , value] = await Promise.all([begun, scoped, work(tx)]);
    await tx`commit`;
    return value;
  } catch (error) {
    // Fails only with the connection, and then nothing was committed either.
    await tx`rollback`.catch(() => undefined);
    throw error;
  }
}

/**
 * One transaction that sees one practice alone. Its beginning travels with the first statements of `work`; whoever loses
 * a race against another transaction reads and decides again.
 */
export async function inPractice<T>(
  sql: Sql,
  practice: PracticeId,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const tx = await sql.reserve();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await runOnce(tx, practice, work);
      } catch (error) {
        if (attempt === ATTEMPTS || !hasMet(error)) throw error;
      }
    }
  } finally {
    tx.release();
  }
}
