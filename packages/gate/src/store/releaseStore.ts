import {
  bytesToId,
  idToBytes,
  weekOf,
  type BudgetClass,
  type CaseId,
  type FileId,
  type GATE_ROUTES,
  type MemberId,
  type Place,
  type PracticeId,
  type Shaped,
} from "@sinetti/core";

import type { OpenedUnit } from "../policyBudget.ts";
import type { LiveApproval } from "../policyRelease.ts";
import { column, type Tx } from "./database.ts";

const MONTH_SECONDS = 30 * 86_400;
/** A file counts as somebody's case after a week, so that nobody raises their budget with empty files made in a batch. */
const SETTLED_SECONDS = 7 * 86_400;

/** The cases that a member opened since 30 days before `time`, from the log. */
export async function readOpened(
  tx: Tx,
  practice: PracticeId,
  { member, time }: { member: MemberId; time: number },
): Promise<OpenedUnit[]> {
  const rows = await tx<
    { class: BudgetClass; unit: Uint8Array; last_at: string; crisis_at: string | null }[]
  >`
    select class, unit, max(time) as last_at, max(time) filter (where exempt = 'crisis') as crisis_at
    from log_items
    where practice = ${idToBytes(practice)} and member = ${idToBytes(member)}
      and time > ${time - MONTH_SECONDS} and outcome = 'released' and class is not null and counted
    group by class, unit`;
  return rows.map((row) => ({
    class: row.class,
    unit: bytesToId<CaseId>(row.unit),
    lastAt: Number(row.last_at),
    crisisAt: row.crisis_at === null ? null : Number(row.crisis_at),
  }));
}

/** Which of these files a member opened since 30 days before `time`. */
export async function readRecent(
  tx: Tx,
  practice: PracticeId,
  { member, time, files }: { member: MemberId; time: number; files: readonly FileId[] },
): Promise<Set<FileId>> {
  const rows = await tx<{ file: Uint8Array }[]>`
    select distinct file from log_items
    where practice = ${idToBytes(practice)} and member = ${idToBytes(member)}
      and time > ${time - MONTH_SECONDS} and outcome = 'released' and class is not null
      and file = any(${column(tx, "bytea", files.map(idToBytes))})`;
  return new Set(rows.map(({ file }) => bytesToId<FileId>(file)));
}

/** The member's own live cases of care that are not new, and what top-ups add. */
export async function readAllowance(
  tx: Tx,
  practice: PracticeId,
  { member, time }: { member: MemberId; time: number },
): Promise<{ cases: number; extra: number }> {
  const [row] = await tx<{ cases: number; extra: number }[]>`
    select
      (select count(distinct h.case_id)::int from holdings h join files f using (practice, file)
        where h.practice = ${idToBytes(practice)} and h.subject = ${idToBytes(member)}
          and h.class = 'care' and (h.expires = 0 or h.expires > ${weekOf(time)})
          and f.created_at < ${time - SETTLED_SECONDS}) as cases,
      (select coalesce(sum(cases), 0)::int from top_ups
        where practice = ${idToBytes(practice)} and member = ${idToBytes(member)} and until > ${time}) as extra`;
  return row ?? { cases: 0, extra: 0 };
}

type OwnApproval = Shaped<(typeof GATE_ROUTES)["budgetRead"]["answer"]>["approvals"][number];

/** The approvals for a member that are live after `time`, the ones that end first before the others. */
export async function readApprovals(
  tx: Tx,
  practice: PracticeId,
  { member, time }: { member: MemberId; time: number },
): Promise<LiveApproval[]> {
  const rows = await tx<
    { idx: string; scope: LiveApproval["scope"]; files: Uint8Array[]; left: number }[]
  >`
    select idx, scope, files, (count - used)::int as left from opening_approvals
    where practice = ${idToBytes(practice)} and subject = ${idToBytes(member)}
      and until > ${time} and used < count
    order by until, idx`;
  return rows.map((row) => ({
    index: Number(row.idx),
    scope: row.scope,
    files: new Set(row.files.map((file) => bytesToId<FileId>(file))),
    left: row.left,
  }));
}

/** The approvals for a member that are live after `time`, as the member may know them. */
export async function readOwnApprovals(
  tx: Tx,
  practice: PracticeId,
  { member, time, limit }: { member: MemberId; time: number; limit: number },
): Promise<OwnApproval[]> {
  return tx<OwnApproval[]>`
    select scope, (count - used)::int as left, until::float8 as until, reason
    from opening_approvals
    where practice = ${idToBytes(practice)} and subject = ${idToBytes(member)}
      and until > ${time} and used < count
    order by until, idx limit ${limit}`;
}

/** Whether somebody has approved that the member imports people, and that is live after `time`. */
export async function isImporting(
  tx: Tx,
  practice: PracticeId,
  { member, time }: { member: MemberId; time: number },
): Promise<boolean> {
  const rows = await tx`
    select 1 from opening_approvals
    where practice = ${idToBytes(practice)} and subject = ${idToBytes(member)} and until > ${time}
      and used < count and scope in ('identity', 'all') and reason = 'import' limit 1`;
  return rows.length > 0;
}

/** Takes openings from approvals; each index as often as it was used. */
export async function useApprovals(
  tx: Tx,
  practice: PracticeId,
  indexes: readonly number[],
): Promise<void> {
  await tx`
    update opening_approvals a set used = used + taken.times
    from (select idx, count(*) as times from unnest(${column(tx, "int8", indexes)}) as idx group by idx) taken
    where a.practice = ${idToBytes(practice)} and a.idx = taken.idx`;
}

/** Writes down that files were opened now, and the highest record heads that were reported. */
export async function touchFiles(
  tx: Tx,
  practice: PracticeId,
  { files, time }: { files: readonly { file: FileId; record: Place | null }[]; time: number },
): Promise<void> {
  await tx`
    update files f set last_released_at = ${time},
      record_seq = coalesce(new.seq, f.record_seq), record_hash = coalesce(new.hash, f.record_hash)
    from unnest(
      ${column(
        tx,
        "bytea",
        files.map(({ file }) => idToBytes(file)),
      )},
      ${column(
        tx,
        "int8",
        files.map(({ record }) => record?.seq ?? null),
      )},
      ${column(
        tx,
        "bytea",
        files.map(({ record }) => (record === null ? null : idToBytes(record.hash))),
      )}
    ) as new (file, seq, hash)
    where f.practice = ${idToBytes(practice)} and f.file = new.file`;
}

/** Stops a member's releases because of a canary. */
export async function insertBlock(
  tx: Tx,
  practice: PracticeId,
  block: { member: MemberId; index: number; file: FileId; time: number },
): Promise<void> {
  await tx`
    insert into blocks (practice, member, idx, file, since)
    values (${idToBytes(practice)}, ${idToBytes(block.member)}, ${block.index}, ${idToBytes(block.file)}, ${block.time})`;
}
