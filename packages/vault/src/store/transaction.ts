import type { PracticeId } from "@sinetti/core";
import postgres from "postgres";

export type Sql = postgres.Sql;
export type Tx = postgres.TransactionSql;

const ATTEMPTS = 3;
/** Two transactions met: a unique violation, a serialization failure, a deadlock. */
const MET = new Set(["23505", "40001", "40P01"]);

function hasMet(error: unknown): boolean {
  return error instanceof postgres.PostgresError && MET.has(error.code);
}

/**
 * One transaction that sees one practice alone. The setting travels with the first query of `work`; whoever loses a
 * race against another transaction reads and decides again.
 */
export async function inPractice<T>(
  sql: Sql,
  practice: PracticeId,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { value } = await sql.begin(async (tx) => {
        const scope = tx`select set_config('sinetti.practice', ${practice}, true)`.execute();
        const [, done] = await Promise.all([scope, work(tx)]);
        return { value: done };
      });
      return value;
    } catch (error) {
      if (attempt === ATTEMPTS || !hasMet(error)) throw error;
    }
  }
}
