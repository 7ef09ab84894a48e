import { idToBytes, type PracticeId, type RestoreId } from "@sinetti/core";

import type { Sql } from "../store/database.ts";
import { appendLog } from "../store/logStore.ts";
import { bumpOverlay, enterPractice, readView } from "../store/practiceStore.ts";
import { insertRestore } from "../store/restoreStore.ts";

/** Says in the log of a practice that a run restored it: from here on the gate is still, and a day's budgets are spent. */
export async function markRestored(
  sql: Sql,
  { practice, restore, now }: { practice: PracticeId; restore: RestoreId; now: number },
): Promise<void> {
  await sql.begin(async (tx) => {
    await enterPractice(tx, practice);
    const { log } = await readView(tx, practice, { known: undefined, lock: "log" });
    const time = Math.max(now, log.time);
    const nonce = idToBytes(restore);
    const line = { kind: "restored" as const, member: null, device: null, nonce };
    await appendLog(tx, practice, { line, head: log, time });
    await insertRestore(tx, practice, { restore, at: time });
    await bumpOverlay(tx, practice);
  });
}
