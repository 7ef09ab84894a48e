import type { AccessState, FileId, RIGHTS } from "@sinetti/core";

import { confirmCall, deviceOf, type Call } from "./call.ts";
import { checkRight } from "./policy/fileRights.ts";
import type { Held } from "./practiceStates.ts";
import { refuse } from "./problem.ts";
import { readFiles } from "./store/files.ts";
import type { Tx } from "./store/transaction.ts";

/** The file of a request, on which its caller must hold `right` now. */
export async function confirmFile(
  tx: Tx,
  call: Call,
  { file, right, lock = false }: { file: FileId; right: keyof typeof RIGHTS; lock?: boolean },
): Promise<{ held: Held; state: AccessState }> {
  const [held, rows] = await Promise.all([
    confirmCall(tx, call),
    readFiles(tx, call.practice, { files: [file], lock }),
  ]);
  const row = rows.get(file) ?? refuse("unknown-file");
  const state = call.vault.accessStates.read(row.access.head, row.access.bytes);
  checkRight(held, state, { member: deviceOf(call).member, week: call.week, right });
  return { held, state };
}
