import type { FileId, MemberId, PracticeId } from "@sinetti/core";

import type { AccessStates } from "./accessStates.ts";
import type { Tx } from "./store/database.ts";
import { readFiles, type StoredFile } from "./store/fileStore.ts";
import { readAllowance, readApprovals, readOpened } from "./store/releaseStore.ts";
import { readNewestShares, type SealedShare } from "./store/shareStore.ts";

/** What a release rests on, beside the view of the practice. */
export interface ReleaseRead {
  readonly files: Map<FileId, StoredFile>;
  readonly shares: Map<FileId, SealedShare>;
  readonly budget: { opened: Awaited<ReturnType<typeof readOpened>>; cases: number; extra: number };
  readonly approvals: Awaited<ReturnType<typeof readApprovals>>;
}

/** Everything that does not hang on the view, in one go behind the lock. `now` is never after gate time. */
export async function readForRelease(
  tx: Tx,
  practice: PracticeId,
  {
    member,
    files,
    now,
    states,
  }: { member: MemberId; files: FileId[]; now: number; states: AccessStates },
): Promise<ReleaseRead> {
  const ask = { member, time: now };
  const [found, shares, opened, allowance, approvals] = await Promise.all([
    readFiles(tx, practice, { files, states }),
    readNewestShares(tx, practice, files),
    readOpened(tx, practice, ask),
    readAllowance(tx, practice, ask),
    readApprovals(tx, practice, ask),
  ]);
  return { files: found, shares, budget: { opened, ...allowance }, approvals };
}
