import {
  RIGHTS,
  VAULT_ROUTES,
  isSameSubject,
  type FileId,
  type MemberId,
  type Shaped,
  type Signed,
  type Subject,
} from "@sinetti/core";

import { checkNotFrozen, confirmCall, deviceOf, type Call, type Handled } from "../call.ts";
import { checkRight, rightsNow, stoppedSubjects } from "../policy/fileRights.ts";
import { subjectsOf } from "../policy/subjects.ts";
import type { Held } from "../practiceStates.ts";
import { atItem, refuse } from "../problem.ts";
import { readDraftsOf, type Draft } from "../store/drafts.ts";
import { readAccessLinks } from "../store/accessLinks.ts";
import { readBatchKeys } from "../store/batchKeys.ts";
import { readFiles, type FileRow } from "../store/files.ts";
import { readRecords, type PagedRecord } from "../store/records.ts";
import { inPractice, type Tx } from "../store/transaction.ts";
import { readWraps, type FileWrap } from "../store/wraps.ts";

const { fileOpen: route } = VAULT_ROUTES;
type Request = Shaped<typeof route.request>;
type Item = Request["items"][number];
type Opened = Shaped<typeof route.answer>["files"][number];

/** What one answer holds about, of each kind of link. */
const PAGE = { count: 1024, maxBytes: 4 * 1024 * 1024 };

interface Reader {
  readonly member: MemberId;
  readonly held: Held;
  readonly rows: ReadonlyMap<FileId, FileRow>;
}

/** Drafts come along as long as they leave the chains their room in the answer. */
const DRAFT_BYTES = 4 * 1024 * 1024;

/** Refuses the whole request at the first file that the caller may not read; gives the files that count for the meter. */
function checkItems(call: Call, { member, held, rows }: Reader, items: readonly Item[]): FileId[] {
  checkNotFrozen(held, call);
  return items.flatMap(({ file }, index) =>
    atItem(index, () => {
      const row = rows.get(file) ?? refuse("unknown-file");
      const state = call.vault.accessStates.read(row.access.head, row.access.bytes);
      const access = checkRight(held, state, { member, week: call.week, right: "read" });
      return access.standing === 0 ? [] : [file];
    }),
  );
}

function wrapsFor(
  held: Held,
  wraps: readonly FileWrap[],
  { file, subjects }: { file: FileId; subjects: readonly Subject[] },
): Opened["wraps"] {
  const stopped = stoppedSubjects(held, file);
  const isMine = (subject: Subject): boolean =>
    subjects.some((own) => isSameSubject(own, subject)) &&
    !stopped.some((gone) => isSameSubject(gone, subject));
  return wraps
    .filter((each) => each.file === file && isMine(each.wrap.subject))
    .map(({ wrap }) => wrap);
}

function openedFile(
  { file, access, record }: Item,
  row: FileRow,
  read: {
    access: Signed[];
    records: PagedRecord[];
    wraps: Opened["wraps"];
    batchKeys: Opened["batchKeys"];
    drafts: Draft[] | undefined;
  },
): Opened {
  const { head } = row.record;
  const isBehind =
    access + read.access.length <= row.access.seq ||
    (head !== null && record + read.records.length <= head.seq);
  const batches = new Set(read.wraps.map(({ batch }) => batch));
  return {
    file,
    access: read.access,
    wraps: read.wraps,
    batchKeys: read.batchKeys.filter(({ batch }) => batches.has(batch)),
    records: read.records,
    head,
    more: isBehind,
    ...(read.drafts === undefined ? {} : { drafts: read.drafts }),
  };
}

/** Whether the caller has every link of these files, by the rows of them that are known. */
function hasAll(items: readonly Item[], rowOf: (file: FileId) => FileRow | undefined): boolean {
  return items.every(({ file, access, record }) => {
    const row = rowOf(file);
    return row !== undefined && access > row.access.seq && record > (row.record.head?.seq ?? -1);
  });
}

/**
 * Everything is asked of the database at once; what the caller may not read is thrown away unseen. The chains are left out for who
 * has all of them by the rows in memory, and asked for after all where the database has more.
 */
async function open(tx: Tx, call: Call, { items, boxes, drafts }: Request): Promise<Opened[]> {
  const { practice } = call;
  const { member } = deviceOf(call);
  const files = items.map(({ file }) => file);
  const subjects = (known: Held): Subject[] => subjectsOf(known.state, member);
  const cached = (await call.vault.practices.find(practice)) ?? refuse("unknown-practice");
  const readChains = () =>
    Promise.all([
      readAccessLinks(tx, practice, { asked: items.map(toAsked("access")), page: PAGE }),
      readRecords(tx, practice, { asked: items.map(toAsked("record")), page: PAGE, boxes }),
    ]);
  const seemsWhole = hasAll(items, (file) => call.vault.fileRows.find(practice, file));
  const [held, rows, ahead, wraps, written] = await Promise.all([
    confirmCall(tx, call),
    readFiles(tx, practice, { files, lock: false }),
    seemsWhole ? null : readChains(),
    readWraps(tx, practice, { files, subjects: subjects(cached) }),
    drafts === true ? readDraftsOf(tx, practice, { files, maxBytes: DRAFT_BYTES }) : null,
  ]);
  call.vault.fileRows.keep(practice, rows.values());
  const counted = checkItems(call, { member, held, rows }, items);
  if (boxes) meter(call, member, counted);
  const isWhole = ahead === null && hasAll(items, (file) => rows.get(file));
  const [access, records] = ahead ?? (isWhole ? [new Map(), new Map()] : await readChains());
  const batches = wraps.flatMap(({ wrap: { batch } }) => (batch === null ? [] : [batch]));
  const batchKeys = await readBatchKeys(tx, practice, { batches, subjects: subjects(held) });
  return items.map((item) =>
    openedFile(item, rows.get(item.file) ?? refuse("unknown-file"), {
      access: access.get(item.file) ?? [],
      records: records.get(item.file) ?? [],
      wraps: wrapsFor(held, wraps, { file: item.file, subjects: subjects(held) }),
      batchKeys,
      drafts: mayWrite(call, { member, held, rows }, item.file)
        ? written?.get(item.file)
        : undefined,
    }),
  );
}

/** Drafts are shown to those who may write them. */
function mayWrite(call: Call, { member, held, rows }: Reader, file: FileId): boolean {
  const { access } = rows.get(file) ?? refuse("unknown-file");
  const state = call.vault.accessStates.read(access.head, access.bytes);
  const { standing, approved } = rightsNow(held, state, { member, week: call.week });
  return ((standing | approved) & RIGHTS.write) !== 0;
}

function toAsked(field: "access" | "record"): (item: Item) => { file: FileId; from: number } {
  return (item) => ({ file: item.file, from: item[field] });
}

function meter({ vault }: Call, member: MemberId, counted: readonly FileId[]): void {
  if (!vault.fileMeter.take(member, counted)) refuse("rate-limited");
  vault.metrics.filesFetched.inc(counted.length);
}

export const fileOpen: Handled<Request, { files: Opened[] }> = {
  route,
  authors: ["device"],
  handle: async (call, request) => {
    if (new Set(request.items.map(({ file }) => file)).size < request.items.length)
      return refuse("malformed");
    return {
      files: await inPractice(call.vault.sql, call.practice, (tx) => open(tx, call, request)),
    };
  },
};
