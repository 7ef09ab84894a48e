import type postgres from "postgres";

/** What the driver says where the connection is no more. */
const LOST = new Set(["CONNECTION_CLOSED", "ECONNRESET", "EPIPE"]);

/**
 * The work of a transaction or a savepoint, which never ends where its connection has: the driver would send its rollback into
 * nothing, and that ends the process. The transaction around it fails all the same, by the loss itself.
 */
export async function unlessLost<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (LOST.has(code)) return new Promise(() => undefined);
    throw error;
  }
}

/**
 * One transaction, of which a connection that is lost leaves nothing. `work` waits for its own statements alone, so that it never
 * sends one after the loss, and sends no two at once. Error: the driver's CONNECTION_CLOSED.
 */
export async function inTransaction<T>(
  sql: postgres.Sql,
  mode: "" | "read only" | "isolation level repeatable read read only",
  work: (tx: postgres.TransactionSql) => Promise<T>,
): Promise<T> {
  return (await sql.begin(mode, (tx) => unlessLost(work(tx)))) as T;
}
