import type { StoreAddress } from "@sinetti/drill";
import postgres from "postgres";

/** Segments that a quiet cluster may have laid out beforehand. */
const SEGMENTS = 8;

/** Has a database begin new files of its log until there is no room for one, which ends it: PostgreSQL panics. */
export async function fillWal(address: StoreAddress): Promise<void> {
  const sql = postgres({
    ...address,
    max: 1,
    connect_timeout: 1,
    onnotice: () => undefined,
  });
  try {
    for (let segment = 0; segment < SEGMENTS; segment++) {
      await sql`select pg_logical_emit_message(false, 'drill', 'of the drill')`;
      await sql`select pg_switch_wal()`;
    }
  } catch {
    // It has ended, as it should, or was down already.
  } finally {
    await sql.end({ timeout: 1 }).catch(() => undefined);
  }
}
