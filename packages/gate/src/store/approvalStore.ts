import { idToBytes, type FileId, type MemberId, type PracticeId } from "@sinetti/core";

import type { LiveApproval } from "../policyRelease.ts";
import { column, type Tx } from "./database.ts";

/** A second person's consent to openings, as it is kept beside its line of the log. */
export interface NewApproval {
  readonly index: number;
  readonly subject: MemberId;
  /** Null: the paper code. */
  readonly approver: MemberId | null;
  readonly scope: LiveApproval["scope"];
  readonly files: readonly FileId[];
  readonly count: number;
  readonly until: number;
  readonly reason: string;
}

/** Keeps an approval. */
export async function insertOpeningApproval(
  tx: Tx,
  practice: PracticeId,
  approval: NewApproval,
): Promise<void> {
  const { index, subject, approver, scope, files, count, until, reason } = approval;
  await tx`
    insert into opening_approvals (practice, idx, subject, approver, scope, files, count, until, reason)
    values (${idToBytes(practice)}, ${index}, ${idToBytes(subject)},
      ${approver === null ? null : idToBytes(approver)}, ${scope},
      ${column(tx, "bytea", files.map(idToBytes))}, ${count}, ${until}, ${reason})`;
}

/** Ends the blocks of a member that came from these files; gives how many. */
export async function clearBlocks(
  tx: Tx,
  practice: PracticeId,
  { member, files, index }: { member: MemberId; files: readonly FileId[]; index: number },
): Promise<number> {
  const rows = await tx`
    update blocks set cleared_idx = ${index}
    where practice = ${idToBytes(practice)} and member = ${idToBytes(member)} and cleared_idx is null
      and file = any(${column(tx, "bytea", files.map(idToBytes))}) returning 1`;
  return rows.length;
}

/** Flags a file as the canary that it is, or takes the flag away. */
export async function setCanary(
  tx: Tx,
  practice: PracticeId,
  { file, on }: { file: FileId; on: boolean },
): Promise<void> {
  await tx`
    update files set canary = ${on}
    where practice = ${idToBytes(practice)} and file = ${idToBytes(file)}`;
}
