import type { PracticeId, RestoreId } from "@sinetti/core";

import { keepRestore } from "../store/restores.ts";
import { bumpStops } from "../store/stops.ts";
import { inPractice, type Sql } from "../store/transaction.ts";

/** Marks a practice as restored by a run: from here on the vault is still. */
export async function markRestored(
  sql: Sql,
  { practice, restore }: { practice: PracticeId; restore: RestoreId },
): Promise<void> {
  await inPractice(sql, practice, (tx) =>
    Promise.all([keepRestore(tx, practice, restore), bumpStops(tx, practice)]),
  );
}
